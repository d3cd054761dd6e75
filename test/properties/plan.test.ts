import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccessState } from "../../src/model/access-state.ts";
import { assignmentAddress, membershipAddress } from "../../src/model/address.ts";
import { scopeCovers } from "../../src/model/coverage.ts";
import type { DesiredState, Mode } from "../../src/model/desired-state.ts";
import type { LiveState } from "../../src/model/live-state.ts";
import type { AccountState } from "../../src/model/organization.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { phaseOf } from "../../src/plan/order.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { serialisePlan } from "../../src/plan/plan-file.ts";
import {
  assignment,
  type DesiredSketch,
  desired,
  type LiveSketch,
  live,
  membership,
} from "../unit/plan/builders.ts";

const userNames = ["ann", "bob", "eve"];
const groupNames = ["Devs", "Ops", "Audit"];
const setNames = ["Admin", "Dev", "Read"];
const accountIds = ["111111111111", "222222222222", "333333333333"];

const some = (names: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...names]);
const mode = fc.constantFrom<Mode>("additive", "declared", "exclusive");
const allMemberships = groupNames.flatMap((group) => userNames.map((user) => `${group}/${user}`));
const allAssignments = accountIds.flatMap((account) =>
  setNames.flatMap((set) =>
    [...groupNames.map((group) => `group:${group}`), ...userNames.map((user) => `user:${user}`)].map(
      (principal) => `${account}/${set}/${principal}`,
    ),
  ),
);
const principalIn = (text: string, users: readonly string[], groups: readonly string[]): boolean => {
  const { principalType, principal } = assignment(text);
  return (principalType === "GROUP" ? groups : users).includes(principal);
};

type Objects = typeof objects extends fc.Arbitrary<infer T> ? T : never;

/** Both sides hold only what hangs together: no assignment of a set or principal that is not there. */
const objects = fc.record({
  users: some(userNames),
  groups: some(groupNames),
  sets: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...setNames),
      sessionDuration: fc.constantFrom(3600, 7200),
      managedPolicies: some([
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
      ]),
    }),
    { selector: ({ name }) => name },
  ),
  memberships: some(allMemberships),
  assignments: some(allAssignments),
});

const consistent = ({ users, groups, sets, memberships, assignments }: Objects) => ({
  users,
  groups,
  permissionSets: sets,
  memberships: memberships.filter((text) => {
    const { group, user } = membership(text);
    return groups.includes(group) && users.includes(user);
  }),
  assignments: assignments.filter(
    (text) =>
      sets.some(({ name }) => name === assignment(text).permissionSet) && principalIn(text, users, groups),
  ),
});

const desiredSketch: fc.Arbitrary<DesiredSketch> = fc
  .record({
    objects: objects.map(consistent),
    modes: fc.record({
      users: mode,
      groups: mode,
      memberships: mode,
      permissionSets: mode,
      assignments: mode,
    }),
    owned: fc.boolean(),
    removed: fc.record({ users: some(userNames), groups: some(groupNames), permissionSets: some(setNames) }),
    ignore: fc.array(fc.record({ accounts: fc.constantFrom(["111*"], ["222222222222"]) }), { maxLength: 1 }),
    previously: fc.record({
      groups: fc.constantFrom<Record<string, string[]>>({}, { Devs: ["OldDevs"] }),
      permissionSets: fc.constantFrom<Record<string, string[]>>({}, { Dev: ["OldDev"] }),
    }),
    managedMembers: some(groupNames),
  })
  .map(({ objects: declared, owned, removed, previously, managedMembers, ...rest }) => {
    const setNamesDeclared = declared.permissionSets.map(({ name }) => name);
    const without = (names: string[], taken: readonly string[]): string[] =>
      names.filter((name) => !taken.includes(name));
    return {
      ...rest,
      ...declared,
      ...(owned ? { name: "acme" } : {}),
      permissionSets: declared.permissionSets.map((set) => ({ ...set, owner: owned ? "acme" : null })),
      managedMembers: [
        ...managedMembers.filter((name) => declared.groups.includes(name)),
        ...declared.memberships.map((text) => membership(text).group),
      ],
      removed: {
        users: without(removed.users, declared.users),
        groups: without(removed.groups, declared.groups),
        permissionSets: without(removed.permissionSets, setNamesDeclared),
      },
      previously: {
        groups: declared.groups.includes("Devs") ? previously.groups : {},
        permissionSets: setNamesDeclared.includes("Dev") ? previously.permissionSets : {},
      },
    };
  });

const liveSketch: fc.Arbitrary<LiveSketch> = fc
  .record({
    objects: objects.map(consistent),
    oldNames: fc.record({ group: fc.boolean(), set: fc.boolean() }),
    orphans: fc.array(fc.constantFrom(...accountIds), { maxLength: 1 }),
    owner: fc.constantFrom(null, "acme"),
    accounts: fc.constantFrom<Record<string, AccountState>>({}, { "333333333333": "SUSPENDED" }),
    unread: fc.array(
      fc.constantFrom(
        "assignment/111111111111/*",
        "user/*",
        "group/Ops",
        "permissionSet/Read",
        "membership/Devs/*",
      ),
      { maxLength: 2 },
    ),
    stale: some(accountIds),
  })
  .map(({ objects: there, oldNames, orphans, owner, accounts, unread, stale }) => {
    const rename = (text: string, name: string, old: string): string =>
      text
        .split("/")
        .map((part) => part.replace(new RegExp(`^(group:)?${name}$`), `$1${old}`))
        .join("/");
    const asNow = (text: string): string => {
      const group = oldNames.group ? rename(text, "Devs", "OldDevs") : text;
      return oldNames.set ? rename(group, "Dev", "OldDev") : group;
    };
    const permissionSets = there.permissionSets.map((set) => ({ ...set, name: asNow(set.name), owner }));
    const [first] = permissionSets;
    return {
      users: there.users,
      groups: there.groups.map(asNow),
      permissionSets,
      memberships: there.memberships.map(asNow),
      assignments: [
        ...there.assignments.map(asNow),
        ...(first === undefined ? [] : orphans.map((account) => `${account}/${first.name}/orphan:9067-dead`)),
      ],
      accounts,
      unread: unread.map((scope) => ({ scope, reason: "denied" })),
      provisioning: Object.fromEntries(permissionSets.map(({ name }) => [name, { accounts: stale, stale }])),
    };
  });

const planOf = (wanted: DesiredState, there: LiveState): Plan | null =>
  makePlan(wanted, there, { toolVersion: "1" }).plan;

const both = fc.record({ wanted: desiredSketch.map(desired), there: liveSketch.map(live) });

const check = (predicate: (plan: Plan, wanted: DesiredState, there: LiveState) => void): void => {
  fc.assert(
    fc.property(both, ({ wanted, there }) => {
      const plan = planOf(wanted, there);
      fc.pre(plan !== null);
      if (plan !== null) predicate(plan, wanted, there);
    }),
    { numRuns: 400 },
  );
};

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
    check((plan, wanted, there) => {
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
    check((plan, wanted, there) => {
      const after = carryOut(plan, there);
      const second = makePlan(wanted, after, { toolVersion: "1" });
      expect(second.findings.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(second.plan?.changes).toEqual([]);
    });
  });

  it("nothing is done to what could not be read, and nothing goes in mode additive", () => {
    check((plan, wanted, there) => {
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
    check((plan, wanted, there) => {
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

  it("what a change waits for is in the plan, in an earlier phase; deletions of parents wait for all their children", () => {
    check((plan) => {
      const phases = new Map(plan.changes.map((change) => [change.address, phaseOf(change)]));
      expect(phases.size).toBe(plan.changes.length);
      for (const change of plan.changes) {
        for (const address of change.dependsOn) expect(phases.get(address)).toBeLessThan(phaseOf(change));
      }
    });
  });
});

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

/** An Identity Center of maps: does what each change says, in the plan's order, and refuses what AWS would refuse. */
const carryOut = (plan: Plan, there: LiveState): LiveState => {
  const users = new Map(there.state.users);
  const groups = new Map(there.state.groups);
  const sets = new Map(there.state.permissionSets);
  let memberships = [...there.state.memberships.values()];
  let assignments = [...there.state.assignments.values()];
  const provisioning = new Map(there.provisioning);
  for (const change of plan.changes) {
    if (change.kind === "user") {
      if (change.action !== "create") users.delete(change.before.userName);
      if (change.action !== "delete") users.set(change.after.userName, change.after);
    } else if (change.kind === "group") {
      if (change.action !== "create") groups.delete(change.before.displayName);
      if (change.action !== "delete") groups.set(change.after.displayName, change.after);
      if (change.action === "update") {
        const [old, name] = [change.before.displayName, change.after.displayName];
        memberships = memberships.map((each) => (each.group === old ? { ...each, group: name } : each));
        assignments = assignments.map((each) =>
          each.principalType === "GROUP" && each.principal === old ? { ...each, principal: name } : each,
        );
      }
    } else if (change.kind === "permissionSet") {
      if (change.action === "delete") {
        expect(assignments.filter(({ permissionSet }) => permissionSet === change.before.name)).toEqual([]);
        sets.delete(change.before.name);
      } else {
        sets.set(change.after.name, change.after);
        if (change.action === "update") provisioning.delete(change.after.name);
      }
    } else if (change.kind === "provisioning") {
      const before = provisioning.get(change.permissionSet);
      const stale = (before?.stale ?? []).filter((id) => !change.accounts.includes(id));
      provisioning.set(change.permissionSet, { accounts: before?.accounts ?? [], stale });
    } else if (change.kind === "membership") {
      if (change.action === "delete") {
        const gone = memberships.filter((each) => membershipAddress(each) === change.address);
        expect(gone).toHaveLength(1);
        memberships = memberships.filter((each) => !gone.includes(each));
      } else {
        expect([groups.has(change.after.group), users.has(change.after.user)]).toEqual([true, true]);
        memberships.push(change.after);
      }
    } else if (change.action === "delete") {
      const gone = assignments.filter((each) => assignmentAddress(each) === change.address);
      expect(gone).toHaveLength(1);
      assignments = assignments.filter((each) => !gone.includes(each));
      // The role goes with the last assignment.
      const { accountId, permissionSet: set } = change.before;
      const isLast = assignments.every((each) => each.accountId !== accountId || each.permissionSet !== set);
      const before = provisioning.get(set);
      if (isLast && before !== undefined) {
        const others = (ids: readonly string[]): string[] => ids.filter((id) => id !== accountId);
        provisioning.set(set, {
          accounts: others(before.accounts),
          stale: before.stale === null ? null : others(before.stale),
        });
      }
    } else {
      const { permissionSet, principalType, principal } = change.after;
      expect(sets.has(permissionSet)).toBe(true);
      expect((principalType === "GROUP" ? groups : users).has(principal)).toBe(true);
      assignments.push(change.after);
    }
  }
  const state: AccessState = {
    users,
    groups,
    permissionSets: sets,
    memberships: new Map(memberships.map((each) => [membershipAddress(each), each])),
    assignments: new Map(assignments.map((each) => [assignmentAddress(each), each])),
  };
  const ids = new Map([...sets.keys()].map((name) => [name, `ps-${name}`]));
  return { ...there, state, provisioning, ids: { ...there.ids, permissionSets: ids } };
};
