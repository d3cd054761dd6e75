/**
 * An apply that is cut short by failures, of any random plan: who had access before and would have it after has it now,
 * and nobody has what neither before nor after gives. Who may do what, where, is worked out here from the states alone.
 */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { AccessState, PermissionSet } from "../../src/model/access-state.ts";
import type { DesiredState } from "../../src/model/desired-state.ts";
import type { LiveState } from "../../src/model/live-state.ts";
import type { Change, Plan } from "../../src/plan/plan.ts";
import { carryOut } from "./carry-out.ts";
import { checkPlans } from "./random-plans.ts";

it("takes nobody's access who keeps it, whatever fails", () => {
  checkCutShort(({ plan, wanted, there, now, failed }) => {
    const before = accessOf(carryOut(onlyChanges(plan, goesAnyway(wanted)), there).state);
    const after = accessOf(carryOut(plan, there).state);
    for (const place of before.keys()) {
      const lost = after.has(place) && !now.has(place);
      expect(lost, told(place, plan, failed)).toBe(false);
    }
  });
});

it("leaves each what both before and after allow", () => {
  checkCutShort(({ plan, wanted, there, now, failed }) => {
    // Two sets that both take can each be what makes up for the other.
    fc.pre(!plan.changes.some(givesAndTakes) && plan.changes.filter(takes).length < 2);
    const before = accessOf(carryOut(onlyChanges(plan, goesAnyway(wanted)), there).state);
    const after = accessOf(carryOut(plan, there).state);
    for (const [place, sets] of before) {
      for (const set of sets) {
        const lost = covered(set, after.get(place)) && !covered(set, now.get(place));
        expect(lost, told(place, plan, failed)).toBe(false);
      }
    }
  });
});

it("gives nobody what neither before nor after gives, but to who joins a group what it is to lose", () => {
  checkCutShort(({ plan, there, now, failed }) => {
    fc.pre(!plan.changes.some(givesAndTakes) && !isCircular(plan));
    const [before, after] = [accessOf(there.state), accessOf(carryOut(plan, there).state)];
    const joining = new Set(
      plan.changes.flatMap((change) =>
        change.kind === "membership" && change.action === "create" ? [change.after.user] : [],
      ),
    );
    for (const [place, sets] of now) {
      if (joining.has(userOf(place))) continue;
      for (const set of sets) {
        const planned = covered(set, before.get(place)) || covered(set, after.get(place));
        expect(planned, told(place, plan, failed)).toBe(true);
      }
    }
  });
});

const told = (place: string, { changes }: Plan, failed: readonly string[]): string =>
  [
    `${place}, where ${failed.join(", ")} fail`,
    ...changes.map(({ action, address, dependsOn }) => `${action} ${address} after ${dependsOn.join(", ")}`),
  ].join("\n");

interface CutShort {
  readonly plan: Plan;
  readonly wanted: DesiredState;
  readonly there: LiveState;
  /** What each has when all is done that could be. */
  readonly now: Access;
  readonly failed: readonly string[];
}

/** Each change of the plan fails once, and then some at random. */
const checkCutShort = (check: (run: CutShort) => void): void => {
  checkPlans((plan, wanted, there) => {
    const groups = plan.changes.map((_, index) => [index]);
    for (let some = 1; some < 8; some += 1) {
      groups.push(plan.changes.flatMap((_, index) => ((index * 2654435761 * some) % 97 < 25 ? [index] : [])));
    }
    for (const group of groups) {
      const failed = plan.changes
        .filter((change, index) => group.includes(index) && !isRename(change))
        .map(({ address }) => address);
      const now = accessOf(carryOut({ ...plan, changes: doneWithout(plan, failed) }, there).state);
      check({ plan, wanted, there, now, failed });
    }
  });
};

const doneWithout = ({ changes }: Plan, failed: readonly string[]): readonly Change[] => {
  const undone = new Set(failed);
  return changes.filter(({ address, dependsOn }) => {
    if (dependsOn.some((each) => undone.has(each))) undone.add(address);
    return !undone.has(address);
  });
};

/** A group that is not renamed keeps its id, by which all goes on; the model here knows names only. */
const isRename = ({ kind, action }: Change): boolean => kind === "group" && action === "update";

const onlyChanges = (plan: Plan, keep: (change: Change) => boolean): Plan => ({
  ...plan,
  changes: plan.changes.filter((change) => isRename(change) || keep(change)),
});

/** Deletions of what has to go by itself. */
const goesAnyway =
  ({ scope: { removed } }: DesiredState) =>
  (change: Change): boolean => {
    if (change.action !== "delete") return false;
    if (change.reason.code === "orphaned") return true;
    if (change.kind === "membership") {
      return removed.groups.has(change.before.group) || removed.users.has(change.before.user);
    }
    if (change.kind !== "assignment") return false;
    const { permissionSet, principalType, principal } = change.before;
    return (
      removed.permissionSets.has(permissionSet) ||
      removed[principalType === "GROUP" ? "groups" : "users"].has(principal)
    );
  };

/** Whether something is given for which something else has to wait that it would itself have to wait for. */
const isCircular = ({ changes }: Plan): boolean => {
  const awaited = new Map<string, readonly Change[]>();
  for (const change of changes) {
    const direct = changes.filter(({ address }) => change.dependsOn.includes(address));
    awaited.set(
      change.address,
      direct.flatMap((each) => [each, ...(awaited.get(each.address) ?? [])]),
    );
  }
  return changes.some(
    (change) =>
      change.action === "delete" &&
      awaited.get(change.address)?.some((other) => other.action !== "delete" && isWiderFor(other, change)),
  );
};

const isWiderFor = (given: Change, { kind, before }: Change & { action: "delete" }): boolean =>
  given.kind === "permissionSet"
    ? given.action === "update"
    : kind === "membership" && given.kind === "assignment" && given.after?.principal === before.group;

const takes = (change: Change): boolean =>
  change.kind === "permissionSet" && change.action === "update" && !covered(change.before, [change.after]);

/** One call may take, and the next may give: what has to come first of these has no answer. */
const givesAndTakes = (change: Change): boolean =>
  takes(change) &&
  change.kind === "permissionSet" &&
  change.action === "update" &&
  !covered(change.after, [change.before]);

/** By place, such as `ann 111111111111`. */
type Access = ReadonlyMap<string, readonly PermissionSet[]>;

const userOf = (place: string): string => place.split(" ")[0] ?? "";

const accessOf = (state: AccessState): Access => {
  const access = new Map<string, PermissionSet[]>();
  for (const { accountId, permissionSet, principal, principalType, orphan } of state.assignments.values()) {
    const set = state.permissionSets.get(permissionSet);
    if (orphan === true || set === undefined) continue;
    const users =
      principalType === "USER"
        ? [principal]
        : [...state.memberships.values()].filter(({ group }) => group === principal).map(({ user }) => user);
    for (const user of users) {
      const place = `${user} ${accountId}`;
      access.set(place, [...(access.get(place) ?? []), set]);
    }
  }
  return access;
};

/** Whether one of the sets allows all that this one does, each with its limits. */
const covered = (set: PermissionSet, sets: readonly PermissionSet[] = []): boolean =>
  sets.some(
    (other) =>
      set.managedPolicies.every(
        (policy) => other.managedPolicies.includes(policy) || other.managedPolicies.includes(admin),
      ) && limitsOf(other).every((limit) => limitsOf(set).includes(limit)),
  );

const admin = "arn:aws:iam::aws:policy/AdministratorAccess";

const limitsOf = ({ inlinePolicy, permissionsBoundary }: PermissionSet): string[] => [
  ...(inlinePolicy === null ? [] : [inlinePolicy.text]),
  ...(permissionsBoundary === null ? [] : [JSON.stringify(permissionsBoundary)]),
];
