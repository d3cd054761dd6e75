import type { Assignment } from "../model/access-state.ts";
import { compareText, permissionSetAddress } from "../model/address.ts";
import { remember } from "../model/remember.ts";
import { type AccessIndex, indexAccess } from "./access-index.ts";
import type { Comparison } from "./difference.ts";
import type { ChangeDraft, Risk, RiskReason } from "./plan.ts";
import { powerOf } from "./power.ts";
import { permissionSetRisk, renamedRisk } from "./risk-permission-set.ts";
import { broadening, managementReason, narrowing, neutral, withUnread } from "./risk-values.ts";
import { type Side, type Sides, sidesOf } from "./sides.ts";

/**
 * What a reviewer should look at. It is data on the change and never drives apply. broadening: somebody may do more
 * than before; narrowing: less; neutral: nobody's access changes by this change itself. Who joins a group gains what the
 * group reaches before the plan or after it, as if it had been assigned. Codes beyond power.ts:
 * - first-access: the user reaches the account in no other way before, or the group has no other assignment there;
 *   last-access: no other is left.
 * - management-account: access to the organization's management account changes.
 * - reach-unknown: what the group reaches could not be read, or what a permission set of it allows.
 * - role-removed: the last assignment of a permission set in an account goes, and with it the IAM role there; a later
 *   one has another name. role-replaced: the permission set is replaced by one of another name.
 * - policy-added, deny-removed, boundary-removed, boundary-changed, session-lengthened: the permission set allows more;
 *   administrator-removed, rights-removed: and less at the same time.
 */
export type JudgeRisk = (change: ChangeDraft) => Risk;

export const makeJudge = (comparison: Comparison, changes: readonly ChangeDraft[]): JudgeRisk => {
  const index = indexAccess(comparison.live, changes);
  const sides = sidesOf(comparison.live, changes);
  const power = rememberPower(sides);
  const known = new Map<string, Risk>();
  // Members come before assignments go: until then, or where that fails, they have what the group had.
  const gain = remember((group): readonly Assignment[] => [
    ...new Set([...index.formerReachOfGroup(group), ...index.reachOfGroup(group)]),
  ]);
  const hidden = remember((group) => unreadReach(group, gain(group), comparison));
  const context: Context = { index, sides, power, gain, hidden, comparison };
  return (change) => {
    switch (change.kind) {
      case "user":
      case "group":
        return change.action === "delete" ? narrowing([]) : neutral([]);
      case "membership":
        return membershipRisk(change, context, known);
      case "permissionSet":
        return permissionSetRisk(change, index, sides, comparison);
      case "provisioning":
        return provisioningRisk(change, context);
      case "assignment":
        return assignmentRisk(change, context);
    }
  };
};

interface Context {
  readonly index: AccessIndex;
  readonly sides: Sides;
  readonly power: PowerOfSet;
  /** What who joins a group comes to reach. */
  readonly gain: (group: string) => readonly Assignment[];
  /** What was not read of that. */
  readonly hidden: (group: string) => readonly string[];
  readonly comparison: Comparison;
}

type ChangeOfKind<K extends ChangeDraft["kind"]> = Extract<ChangeDraft, { kind: K }>;
type PowerOfSet = (name: string, side: "before" | "after") => readonly RiskReason[];

const rememberPower = (sides: Sides): PowerOfSet => {
  const find = (side: Side) =>
    remember((name): readonly RiskReason[] => {
      const set = side.permissionSet(name);
      return set === undefined ? [] : powerOf(set);
    });
  const known = { before: find(sides.before), after: find(sides.after) };
  return (name, side) => known[side](name);
};

/** The version that stands in the accounts cannot be read, so that all that counts most may be new there. */
const provisioningRisk = (
  { permissionSet, accounts }: ChangeOfKind<"provisioning">,
  { power, comparison }: Context,
): Risk => {
  const powers = power(permissionSet, "after");
  if (!powers.some((reason) => mayBeNew.has(reason))) return neutral([], accounts);
  const administrator = powers.includes("administrator") ? accounts : [];
  return broadening([...powers, ...managementReason(accounts, comparison)], accounts, administrator);
};

const mayBeNew: ReadonlySet<RiskReason> = new Set<RiskReason>([
  "administrator",
  "customer-policy-unknown",
  "identity-rights",
]);

const assignmentRisk = (change: ChangeOfKind<"assignment">, context: Context): Risk => {
  const { index, sides, power, comparison } = context;
  const { code, detail } = change.reason;
  const assignment = change.after ?? change.before;
  const { accountId, permissionSet } = assignment;
  const management = managementReason([accountId], comparison);
  if (change.action !== "delete") {
    const reach = power(permissionSet, "after");
    const administrator = reach.includes("administrator") ? [accountId] : [];
    const former =
      code === "renamed" && detail !== undefined ? sides.before.permissionSet(detail) : undefined;
    if (former !== undefined) {
      return renamedRisk(former, sides.after.permissionSet(permissionSet), [accountId], comparison);
    }
    const first: RiskReason[] = isOnly(assignment, "before", index) ? ["first-access"] : [];
    return broadening([...management, ...first, ...reach], [accountId], administrator);
  }
  if (code === "renamed") return neutral(["role-replaced"], [accountId]);
  const removed: RiskReason[] = index.pair(accountId, permissionSet).after === 0 ? ["role-removed"] : [];
  if (assignment.orphan === true) return neutral([...management, ...removed]);
  const last: RiskReason[] = isOnly(assignment, "after", index) ? ["last-access"] : [];
  const reasons = [...management, ...removed, ...last];
  return power(permissionSet, "before").includes("administrator")
    ? narrowing([...reasons, "administrator"], [accountId], [accountId])
    : narrowing(reasons, [accountId]);
};

/** Whether there is no other access of this user or group to the account on that side. */
const isOnly = (assignment: Assignment, side: "before" | "after", index: AccessIndex): boolean =>
  assignment.principalType === "GROUP"
    ? index.principal(assignment)[side] === 0
    : !index.users.reaches(assignment.principal, assignment.accountId, side);

/** All who join, or leave, one group gain or lose the same, but for whom it is the first, or last, of an account. */
const membershipRisk = (
  change: ChangeOfKind<"membership">,
  { index, power, gain, hidden, comparison }: Context,
  known: Map<string, Risk>,
): Risk => {
  const { group, user } = change.after ?? change.before;
  const isAdded = change.action !== "delete";
  const reach = isAdded ? gain(group) : index.formerReachOfGroup(group);
  const unread = isAdded ? hidden(group) : [];
  if (reach.length === 0 && unread.length === 0) return neutral([]);
  const powersOf = ({ permissionSet }: Assignment): readonly RiskReason[] =>
    isAdded
      ? [...power(permissionSet, "before"), ...power(permissionSet, "after")]
      : power(permissionSet, "before");
  const there = isAdded ? "before" : "after";
  const isOnlyWay = reach.some(({ accountId }) => !index.users.reaches(user, accountId, there));
  const judge = (): Risk => {
    const accounts = accountsOf(reach);
    const powers = new Set(reach.flatMap(powersOf));
    const administrator = accountsOf(reach.filter((each) => powersOf(each).includes("administrator")));
    const management = managementReason(accounts, comparison);
    if (isAdded) {
      const first: RiskReason[] = isOnlyWay ? ["first-access"] : [];
      const risk = broadening([...powers, ...management, ...first], accounts, administrator);
      return unread.length === 0 ? risk : withUnread(risk, unread);
    }
    const lost: RiskReason[] = [
      ...(administrator.length > 0 ? (["administrator"] as const) : []),
      ...(isOnlyWay ? (["last-access"] as const) : []),
    ];
    return narrowing([...management, ...lost], accounts, administrator);
  };
  const key = JSON.stringify([change.action, group, isOnlyWay]);
  const judged = known.get(key) ?? judge();
  known.set(key, judged);
  return judged;
};

/** Addresses and scopes of what could not be read of what a group reaches. A group that is created reaches nothing unseen. */
const unreadReach = (
  group: string,
  reach: readonly Assignment[],
  { live, unread }: Comparison,
): readonly string[] => {
  const sets = [...new Set(reach.map(({ permissionSet }) => permissionSetAddress(permissionSet)))];
  return [
    ...(live.state.groups.has(group)
      ? unread.hidingAssignmentsOf({ principalType: "GROUP", principal: group })
      : []),
    ...sets.filter((address) => unread.covers(address) !== null),
  ].sort(compareText);
};

const accountsOf = (assignments: readonly Assignment[]): string[] =>
  [...new Set(assignments.map(({ accountId }) => accountId))].sort(compareText);
