import type { Assignment } from "../model/access-state.ts";
import { remember } from "../model/remember.ts";
import { type AccessIndex, indexAccess } from "./access-index.ts";
import type { Comparison } from "./difference.ts";
import type { ChangeDraft, Risk, RiskReason } from "./plan.ts";
import { grantsOf } from "./grants.ts";
import { type GroupMembers, indexGroupMembers } from "./group-members.ts";
import { powerOf } from "./power.ts";
import { membershipJudge, type PowerOfSet } from "./risk-membership.ts";
import { permissionSetRisk, renamedRisk, replacedRisk } from "./risk-permission-set.ts";
import { changesSignIn, signInJudge } from "./risk-sign-in.ts";
import { broadening, managementReason, narrowing, neutral, withHiddenWays } from "./risk-values.ts";
import { type Side, type Sides, sidesOf } from "./sides.ts";

/**
 * What a reviewer should look at. It is data on the change and never drives apply. broadening: somebody may do more
 * than before; narrowing: less; neutral: nobody's access changes by this change itself. Who joins a group gains what the
 * group reaches before the plan or after it, as if it had been assigned. Codes beyond power.ts:
 * - first-access: the user reaches the account in no other way before, or the group has no other assignment there;
 *   last-access: no other is left, of those that were read.
 * - management-account: access to the organization's management account changes.
 * - reach-unknown: what the group that is joined or left reaches could not be read, or what a permission set of it allows.
 * - role-removed: the last assignment of a permission set in an account goes, and with it the IAM role there; a later
 *   one has another name. role-replaced: the permission set is replaced by one of another name.
 * - policy-added, deny-removed, boundary-removed, boundary-changed, session-lengthened: the permission set allows more;
 *   administrator-removed, rights-removed: and less at the same time. customer-policy-removed: a customer managed policy
 *   goes, which may have denied anything.
 * - sign-in-changed: a user who reaches something has another e-mail address, and with it a password can be set.
 */
export type JudgeRisk = (change: ChangeDraft) => Risk;

export const makeJudge = (comparison: Comparison, changes: readonly ChangeDraft[]): JudgeRisk => {
  const index = indexAccess(comparison.live, changes);
  const sides = sidesOf(comparison.live, changes);
  const power = rememberPower(sides);
  const judgeMembership = membershipJudge(index, power, comparison);
  const judgeSignIn = signInJudge(changes, sides, power, comparison);
  const members = indexGroupMembers(comparison.live, changes);
  const context: Context = { index, sides, power, comparison };
  return (change) => {
    switch (change.kind) {
      case "user":
        if (change.action === "update" && changesSignIn(change.before, change.after)) {
          return judgeSignIn(change.after.userName);
        }
        return change.action === "delete" ? narrowing([]) : neutral([]);
      case "group":
        return change.action === "delete" ? narrowing([]) : neutral([]);
      case "membership":
        return judgeMembership(change);
      case "permissionSet":
        return permissionSetRisk(change, index, sides, comparison);
      case "provisioning":
        return provisioningRisk(change, context);
      case "assignment":
        return withMembers(assignmentRisk(change, context), change, members);
    }
  };
};

interface Context {
  readonly index: AccessIndex;
  readonly sides: Sides;
  readonly power: PowerOfSet;
  readonly comparison: Comparison;
}

type ChangeOfKind<K extends ChangeDraft["kind"]> = Extract<ChangeDraft, { kind: K }>;

const rememberPower = (sides: Sides): PowerOfSet => {
  const find = (side: Side) =>
    remember((name): readonly RiskReason[] => {
      const set = side.permissionSet(name);
      return set === undefined ? [] : powerOf(set);
    });
  const known = { before: find(sides.before), after: find(sides.after) };
  return (name, side) => known[side](name);
};

/** The version that stands in the accounts cannot be read, so that all that the set allows may be new there. */
const provisioningRisk = (
  { permissionSet, accounts }: ChangeOfKind<"provisioning">,
  { power, sides, comparison }: Context,
): Risk => {
  const set = sides.after.permissionSet(permissionSet);
  if (set !== undefined && grantsOf(set, "Allow").length === 0) return neutral([], accounts);
  const powers = power(permissionSet, "after");
  const administrator = powers.includes("administrator") ? accounts : [];
  return broadening([...powers, ...managementReason(accounts, comparison)], accounts, administrator);
};

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
  if (code === "renamed" && detail !== undefined && assignment.orphan !== true) {
    const [former, next] = [sides.before.permissionSet(permissionSet), sides.after.permissionSet(detail)];
    return replacedRisk(former, next, [accountId], comparison);
  }
  const removed: RiskReason[] = index.pair(accountId, permissionSet).after === 0 ? ["role-removed"] : [];
  if (assignment.orphan === true) return neutral([...management, ...removed]);
  const last: RiskReason[] = isOnly(assignment, "after", index) ? ["last-access"] : [];
  const reasons = [...management, ...removed, ...last];
  const risk = power(permissionSet, "before").includes("administrator")
    ? narrowing([...reasons, "administrator"], [accountId], [accountId])
    : narrowing(reasons, [accountId]);
  const user = assignment.principalType === "USER" ? assignment.principal : null;
  return withHiddenWays(risk, last.length === 0 ? [] : [accountId], user, comparison);
};

const withMembers = (risk: Risk, change: ChangeOfKind<"assignment">, groups: GroupMembers): Risk => {
  const { principalType, principal, orphan } = change.after ?? change.before;
  if (risk.direction === "neutral" || principalType !== "GROUP" || orphan === true) return risk;
  const members = groups.of(principal, change.action === "delete" ? "before" : "after");
  return members === undefined ? risk : { ...risk, members };
};

/** Whether there is no other access of this user or group to the account on that side. */
const isOnly = (assignment: Assignment, side: "before" | "after", index: AccessIndex): boolean =>
  assignment.principalType === "GROUP"
    ? index.principal(assignment)[side] === 0
    : !index.users.reaches(assignment.principal, assignment.accountId, side);
