import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccessState } from "../../src/model/access-state.ts";
import { scopeCovers } from "../../src/model/coverage.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Change } from "../../src/plan/plan.ts";
import { serialisePlan } from "../../src/plan/plan-file.ts";
import { desired, live } from "../unit/plan/builders.ts";
import { carryOut } from "./carry-out.ts";
import { checkPlans, consistent, mode, objects, planOf } from "./random-plans.ts";

describe("for any manifest and any live state", () => {
  it("what is live, declared as it is, plans nothing", () => {
    fc.assert(
      fc.property(objects.map(consistent), mode, (same, anyMode) => {
        const plan = planOf(desired({ ...same, mode: anyMode, managedMembers: same.groups }), live(same));
        expect(plan?.changes).toEqual([]);
        expect([plan?.unmanaged, plan?.withheld, plan?.unchecked, plan?.skipped]).toEqual([[], [], [], []]);
      }),
    );
  });

  it("the order of input never changes a byte", () => {
    checkPlans((plan, wanted, there) => {
      const mirrored = planOf(
        { ...wanted, state: reversed(wanted.state) },
        {
          ...there,
          state: reversed(there.state),
          coverage: { unread: there.coverage.unread.toReversed() },
          provisioning: new Map([...there.provisioning].toReversed()),
        },
      );
      expect(mirrored && serialisePlan(mirrored)).toBe(serialisePlan(plan));
    });
  });

  it("carrying the plan out leaves nothing to do", () => {
    checkPlans((plan, wanted, there) => {
      const after = carryOut(plan, there);
      const second = makePlan(wanted, after, { toolVersion: "1" });
      expect(second.findings.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(second.plan?.changes).toEqual([]);
    });
  });

  it("nothing is done to what could not be read, and nothing goes in mode additive", () => {
    checkPlans((plan, wanted, there) => {
      for (const change of plan.changes) {
        const seen =
          change.kind === "membership" || change.kind === "assignment" ? change.action === "delete" : false;
        const covered = there.coverage.unread.some(({ scope }) => scopeCovers(scope, change.address));
        expect(covered && !seen).toBe(false);
        if (change.action === "delete") expect(wanted.scope.modes[`${change.kind}s`]).not.toBe("additive");
      }
    });
  });

  it("each live object is as declared, or is told of exactly once", () => {
    checkPlans((plan, wanted, there) => {
      fc.pre(wanted.scope.previously.groups.size === 0);
      const told = new Map<string, number>();
      const tell = (address: string): void => void told.set(address, (told.get(address) ?? 0) + 1);
      for (const { address, action, kind } of plan.changes)
        if (action !== "create" && kind !== "provisioning") tell(address);
      for (const { address } of [...plan.unmanaged, ...plan.ignored, ...plan.withheld]) tell(address);
      for (const { scope } of plan.unchecked)
        if (!there.coverage.unread.some((each) => each.scope === scope)) tell(scope);
      for (const { subject } of plan.skipped) tell(subject);
      for (const address of addressesOf(there.state)) {
        const isDeclared = addressesOf(wanted.state).has(address);
        const isUnread = there.coverage.unread.some(({ scope }) => scope === address);
        const times = told.get(address) ?? 0;
        expect({ address, ok: times === 1 || (times === 0 && (isDeclared || isUnread)) }).toEqual({
          address,
          ok: true,
        });
      }
    });
  });

  it("who is listed under `removed` keeps nothing but what has to stay", () => {
    checkPlans((plan, { scope }, there) => {
      const { state } = carryOut(plan, there);
      const told = new Set([plan.ignored, plan.withheld].flat().map(({ address }) => address));
      const isOut = (kind: "users" | "groups", name: string): boolean =>
        scope.removed[kind].has(name) && scope.modes[kind] !== "additive";
      const isUnread = (address: string): boolean =>
        there.coverage.unread.some(({ scope: unread }) => scopeCovers(unread, address));
      for (const [address, { principal, principalType, accountId, orphan }] of state.assignments) {
        const kind = principalType === "GROUP" ? "groups" : "users";
        if (orphan === true || !isOut(kind, principal) || isUnread(`${kind.slice(0, -1)}/${principal}`))
          continue;
        const isActive = there.organization.accounts.get(accountId)?.state === "ACTIVE";
        const isKept = told.has(address) || !isActive || scope.modes.assignments === "additive";
        const isWithheld = told.has(`${kind.slice(0, -1)}/${principal}`);
        expect({ address, isKept: isKept || isWithheld }).toMatchObject({ isKept: true });
      }
      for (const [address, { group, user }] of state.memberships) {
        for (const [kind, name] of [
          ["users", user],
          ["groups", group],
        ] as const) {
          const parent = `${kind.slice(0, -1)}/${name}`;
          if (!isOut(kind, name) || isUnread(parent)) continue;
          const isKept = told.has(address) || told.has(parent) || scope.modes.memberships === "additive";
          expect({ address, isKept }).toMatchObject({ isKept: true });
        }
      }
    });
  });

  it("what a change waits for stands before it, once; deletions of parents wait for all their children", () => {
    checkPlans((plan) => {
      const before = new Set<string>();
      for (const change of plan.changes) {
        expect(change.dependsOn.filter((address) => !before.has(address))).toEqual([]);
        expect(before.has(change.address)).toBe(false);
        before.add(change.address);
        expect(change.dependsOn).toEqual([...new Set(change.dependsOn)].sort());
        if (change.action !== "delete") continue;
        const children = plan.changes.filter((other) => other.action === "delete" && hangsOn(other, change));
        expect(change.dependsOn).toEqual(expect.arrayContaining(children.map(({ address }) => address)));
      }
    });
  });
});

const hangsOn = (child: Change, { kind, address }: Change): boolean => {
  if (child.kind === "membership") {
    const { group, user } = child.after ?? child.before;
    return address === `group/${group}` || address === `user/${user}`;
  }
  if (child.kind !== "assignment") return false;
  const { permissionSet, principal, principalType, orphan } = child.after ?? child.before;
  if (kind === "permissionSet") return address === `permissionSet/${permissionSet}`;
  return orphan !== true && address === `${principalType === "GROUP" ? "group" : "user"}/${principal}`;
};

const addressesOf = (state: AccessState): ReadonlySet<string> =>
  new Set([
    ...[...state.users.keys()].map((name) => `user/${name}`),
    ...[...state.groups.keys()].map((name) => `group/${name}`),
    ...[...state.permissionSets.keys()].map((name) => `permissionSet/${name}`),
    ...state.memberships.keys(),
    ...state.assignments.keys(),
  ]);

const reversed = (state: AccessState): AccessState => ({
  users: new Map([...state.users].toReversed()),
  groups: new Map([...state.groups].toReversed()),
  memberships: new Map([...state.memberships].toReversed()),
  permissionSets: new Map([...state.permissionSets].toReversed()),
  assignments: new Map([...state.assignments].toReversed()),
});
