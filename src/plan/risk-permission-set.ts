import type { PermissionSet } from "../model/access-state.ts";
import { compareText } from "../model/address.ts";
import type { AccessIndex } from "./access-index.ts";
import type { Comparison } from "./difference.ts";
import type { ChangeDraft, Risk, RiskReason } from "./plan.ts";
import { powerOf } from "./power.ts";
import { broadening, managementReason, narrowing, neutral, unreadReach } from "./risk-values.ts";
import { allowsLess, allowsMore, losesAdministrator, powerGained, takesRights } from "./set-changes.ts";
import type { Sides } from "./sides.ts";

/** What it means for those who have the permission set in their accounts. */
export const permissionSetRisk = (
  change: Extract<ChangeDraft, { kind: "permissionSet" }>,
  index: AccessIndex,
  sides: Sides,
  comparison: Comparison,
): Risk => {
  const { code, detail } = change.reason;
  if (change.action === "delete") return neutral(code === "renamed" ? ["role-replaced"] : []);
  const reach = index.reachOfSet(change.after.name);
  const toWhom = reach.principals.length === 0 ? {} : { principals: reach.principals };
  const reached = reach.digest === null ? {} : { reach: reach.digest };
  if (change.action === "update") {
    const risk = changedRisk(change.before, change.after, reach.accounts, comparison);
    return {
      ...withHidden(risk, [change.after.name], comparison),
      ...toWhom,
      ...(risk.direction === "neutral" ? {} : reached),
    };
  }
  const former = code === "renamed" && detail !== undefined ? sides.before.permissionSet(detail) : undefined;
  // A set gives nobody anything before it is assigned.
  if (former === undefined) return { ...neutral(powerOf(change.after)), ...reached };
  const risk = renamedRisk(former, change.after, reach.accounts, comparison);
  return { ...withHidden(risk, [former.name, change.after.name], comparison), ...toWhom, ...reached };
};

/** Where it may be assigned unseen. */
const withHidden = (risk: Risk, names: readonly string[], { unread }: Comparison): Risk => {
  if (risk.direction === "neutral") return risk;
  const scopes = new Set(names.flatMap((permissionSet) => unread.hidingAssignmentsOf({ permissionSet })));
  return scopes.size === 0 ? risk : { ...risk, unread: unreadReach([...scopes].sort(compareText)) };
};

/** Who had the set under its earlier name has what it allows now. */
export const renamedRisk = (
  former: PermissionSet,
  after: PermissionSet | undefined,
  accounts: readonly string[],
  comparison: Comparison,
): Risk => {
  const risk = after === undefined ? neutral([], accounts) : changedRisk(former, after, accounts, comparison);
  return { ...risk, reasons: [...new Set<RiskReason>([...risk.reasons, "role-replaced"])].sort() };
};

/** Who has the one under the earlier name loses it, and has the other: given in this plan, or before it. */
export const replacedRisk = (
  former: PermissionSet | undefined,
  next: PermissionSet | undefined,
  accounts: readonly string[],
  comparison: Comparison,
): Risk => {
  if (former === undefined || next === undefined || !allowsLess(former, next)) {
    return neutral(["role-replaced"], accounts);
  }
  const reasons: RiskReason[] = ["role-replaced", ...managementReason(accounts, comparison)];
  return losesAdministrator(former, next)
    ? narrowing([...reasons, "administrator"], accounts, accounts)
    : narrowing(reasons, accounts);
};

const changedRisk = (
  before: PermissionSet,
  after: PermissionSet,
  accounts: readonly string[],
  comparison: Comparison,
): Risk => {
  const management = managementReason(accounts, comparison);
  const more = allowsMore(before, after);
  if (more.length > 0) {
    const reach = powerOf(after).includes("administrator") ? accounts : [];
    return broadening(
      [...more, ...powerGained(before, after), ...lost(before, after), ...management],
      accounts,
      reach,
    );
  }
  if (!allowsLess(before, after)) return neutral([], accounts);
  return losesAdministrator(before, after)
    ? narrowing([...management, "administrator"], accounts, accounts)
    : narrowing(management, accounts);
};

/** What a change that gives something takes at the same time. */
const lost = (before: PermissionSet, after: PermissionSet): RiskReason[] => {
  if (losesAdministrator(before, after)) return ["administrator-removed"];
  return takesRights(before, after) ? ["rights-removed"] : [];
};
