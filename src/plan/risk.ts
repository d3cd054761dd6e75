import type { Assignment, PermissionSet } from "../model/access-state.ts";
import { compareText } from "../model/address.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { type AccessIndex, indexAccess } from "./access-index.ts";
import type { Comparison } from "./difference.ts";
import type { ChangeDraft, Risk, RiskReason } from "./plan.ts";
import { powerOf, statementsOf } from "./power.ts";

/**
 * What a reviewer should look at. It is data on the change and never drives apply. broadening: somebody may do more
 * than before; narrowing: less; neutral: nobody's access changes by this change itself. Codes beyond power.ts:
 * - first-access: the user or group has no other assignment in that account before; last-access: none is left.
 * - management-account: access to the organization's management account changes.
 * - role-removed: the last assignment of a permission set in an account goes, and with it the IAM role there; a later
 *   one has another name. role-replaced: the permission set is replaced by one of another name.
 * - policy-added, deny-removed, boundary-removed, boundary-changed, session-lengthened: the permission set allows more.
 */
export type JudgeRisk = (change: ChangeDraft) => Risk;

export const makeJudge = (comparison: Comparison, changes: readonly ChangeDraft[]): JudgeRisk => {
  const index = indexAccess(comparison.live, changes);
  const power = rememberPower(comparison);
  const memberships = new Map<string, Risk>();
  return (change) => {
    switch (change.kind) {
      case "user":
      case "group":
        return change.action === "delete" ? narrowing([]) : neutral([]);
      case "membership":
        return remember(memberships, `${change.action}/${(change.after ?? change.before).group}`, () =>
          membershipRisk(change, index, power, comparison),
        );
      case "permissionSet":
        return permissionSetRisk(change, index, comparison);
      case "provisioning":
        return neutral([], change.accounts);
      case "assignment":
        return assignmentRisk(change, index, power, comparison);
    }
  };
};

type ChangeOfKind<K extends ChangeDraft["kind"]> = Extract<ChangeDraft, { kind: K }>;
type PowerOfSet = (name: string, side: "before" | "after") => readonly RiskReason[];

const rememberPower = ({ desired, live }: Comparison): PowerOfSet => {
  const known = {
    before: new Map<string, readonly RiskReason[]>(),
    after: new Map<string, readonly RiskReason[]>(),
  };
  const find = (name: string, side: "before" | "after"): PermissionSet | undefined =>
    side === "before" || desired.scope.external.permissionSets.has(name)
      ? live.state.permissionSets.get(name)
      : (desired.state.permissionSets.get(name) ?? live.state.permissionSets.get(name));
  return (name, side) => {
    const before = known[side].get(name);
    if (before !== undefined) return before;
    const set = find(name, side);
    const power = set === undefined ? [] : powerOf(set);
    known[side].set(name, power);
    return power;
  };
};

/** All who join, or leave, one group gain or lose the same. */
const remember = <T>(known: Map<string, T>, key: string, make: () => T): T => {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
};

const assignmentRisk = (
  change: ChangeOfKind<"assignment">,
  index: AccessIndex,
  power: PowerOfSet,
  comparison: Comparison,
): Risk => {
  const assignment = change.action === "delete" ? change.before : change.after;
  const { accountId, permissionSet } = assignment;
  const reasons = [...managementReason([accountId], comparison)];
  const pair = index.pair(accountId, permissionSet);
  const direct = index.principal(assignment);
  if (change.action !== "delete") {
    const reach = power(permissionSet, "after");
    if (direct.before === 0) reasons.push("first-access");
    return broadening(
      [...reasons, ...reach],
      [accountId],
      reach.includes("administrator") ? [accountId] : [],
    );
  }
  if (pair.after === 0) reasons.push("role-removed");
  if (assignment.orphan === true) return neutral(reasons);
  const reach = power(permissionSet, "before");
  if (direct.after === 0) reasons.push("last-access");
  const administrator = reach.includes("administrator");
  return narrowing(
    administrator ? [...reasons, "administrator"] : reasons,
    [accountId],
    administrator ? [accountId] : [],
  );
};

const membershipRisk = (
  change: ChangeOfKind<"membership">,
  index: AccessIndex,
  power: PowerOfSet,
  comparison: Comparison,
): Risk => {
  const isAdded = change.action !== "delete";
  const reach = isAdded
    ? index.reachOfGroup(change.after.group)
    : index.formerReachOfGroup(change.before.group);
  if (reach.length === 0) return neutral([]);
  const side = isAdded ? "after" : "before";
  const accounts = accountsOf(reach);
  const administrator = accountsOf(
    reach.filter(({ permissionSet }) => power(permissionSet, side).includes("administrator")),
  );
  const powers = [...new Set(reach.map(({ permissionSet }) => permissionSet))].flatMap((name) =>
    power(name, side),
  );
  const management = managementReason(accounts, comparison);
  return isAdded
    ? broadening([...powers, ...management], accounts, administrator)
    : narrowing(
        administrator.length > 0 ? [...management, "administrator"] : management,
        accounts,
        administrator,
      );
};

const permissionSetRisk = (
  change: ChangeOfKind<"permissionSet">,
  index: AccessIndex,
  comparison: Comparison,
): Risk => {
  const replaced: RiskReason[] = change.reason.code === "renamed" ? ["role-replaced"] : [];
  // A set gives nobody anything before it is assigned, and is assigned to nobody when it goes.
  if (change.action === "create") return neutral([...powerOf(change.after), ...replaced]);
  if (change.action === "delete") return neutral(replaced);
  const { before, after } = change;
  const more = allowsMore(before, after);
  const less = allowsLess(before, after);
  const accounts = [...index.accountsOfSet(after.name)].sort(compareText);
  const gained = powerOf(after).filter((reason) => !powerOf(before).includes(reason));
  const reach = powerOf(after).includes("administrator") && more.length > 0 ? accounts : [];
  if (more.length > 0) {
    return broadening([...more, ...gained, ...managementReason(accounts, comparison)], accounts, reach);
  }
  return less ? narrowing(managementReason(accounts, comparison), accounts) : neutral([], accounts);
};

const allowsMore = (before: PermissionSet, after: PermissionSet): RiskReason[] => {
  const reasons: RiskReason[] = [];
  if (policiesOf(after, "Allow").some((policy) => !policiesOf(before, "Allow").includes(policy))) {
    reasons.push("policy-added");
  }
  if (policiesOf(before, "Deny").some((policy) => !policiesOf(after, "Deny").includes(policy))) {
    reasons.push("deny-removed");
  }
  if (before.permissionsBoundary !== null && after.permissionsBoundary === null)
    reasons.push("boundary-removed");
  if (
    before.permissionsBoundary !== null &&
    after.permissionsBoundary !== null &&
    canonicalJson(before.permissionsBoundary) !== canonicalJson(after.permissionsBoundary)
  ) {
    reasons.push("boundary-changed");
  }
  if (after.sessionDuration > before.sessionDuration) reasons.push("session-lengthened");
  return reasons;
};

const allowsLess = (before: PermissionSet, after: PermissionSet): boolean =>
  policiesOf(before, "Allow").some((policy) => !policiesOf(after, "Allow").includes(policy)) ||
  policiesOf(after, "Deny").some((policy) => !policiesOf(before, "Deny").includes(policy)) ||
  (before.permissionsBoundary === null && after.permissionsBoundary !== null) ||
  after.sessionDuration < before.sessionDuration;

/** Everything that gives, or takes, as texts that are equal exactly when the policies or statements are. */
const policiesOf = (set: PermissionSet, effect: "Allow" | "Deny"): readonly string[] => [
  ...set.managedPolicies.filter((arn) => denyingPolicies.test(arn) === (effect === "Deny")),
  ...(effect === "Allow" ? set.customerManagedPolicies.map(canonicalJson) : []),
  ...(set.inlinePolicy === null ? [] : statementsOf(set.inlinePolicy.canonical))
    .filter((statement) => (statement.Effect === "Deny") === (effect === "Deny"))
    .map(({ Sid: _sid, ...statement }) => {
      const text = canonicalJson(statement);
      // What a variable stands for depends on the version of the policy language.
      return text.includes("${") ? `${String(set.inlinePolicy?.canonical.Version)} ${text}` : text;
    }),
];

const denyingPolicies = /\/AWSDenyAll$|\/AWSCompromisedKeyQuarantine/;

const managementReason = (accounts: readonly string[], { live }: Comparison): RiskReason[] => {
  const { managementAccountId } = live.organization;
  return managementAccountId !== null && accounts.includes(managementAccountId) ? ["management-account"] : [];
};

const accountsOf = (assignments: readonly Assignment[]): string[] =>
  [...new Set(assignments.map(({ accountId }) => accountId))].sort(compareText);

const broadening = (
  reasons: readonly RiskReason[],
  accounts: readonly string[],
  administratorAccounts: readonly string[],
): Risk => risk("broadening", reasons, accounts, administratorAccounts);

const narrowing = (
  reasons: readonly RiskReason[],
  accounts: readonly string[] = [],
  administratorAccounts: readonly string[] = [],
): Risk => risk("narrowing", reasons, accounts, administratorAccounts);

const neutral = (reasons: readonly RiskReason[], accounts: readonly string[] = []): Risk =>
  risk("neutral", reasons, accounts, []);

const risk = (
  direction: Risk["direction"],
  reasons: readonly RiskReason[],
  accounts: readonly string[],
  administratorAccounts: readonly string[],
): Risk => ({
  direction,
  reasons: [...new Set(reasons)].sort(),
  ...(accounts.length === 0 ? {} : { accounts }),
  ...(administratorAccounts.length === 0 ? {} : { administratorAccounts }),
});
