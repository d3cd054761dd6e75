import type { Assignment, PermissionSet } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Change, RiskReason } from "../plan/plan.ts";
import { powerOf } from "../plan/power.ts";
import { allowsLess, allowsMore } from "../plan/set-changes.ts";
import type { DriftRisk } from "./drift.ts";

/**
 * The plan judges what its repair means: what it would take away, somebody has gained. A permission set that was
 * edited is judged anew, because a policy that was swapped for another both gives and takes, and gaining counts more.
 */
export const riskOfChange = (change: Change): DriftRisk => {
  if (change.kind === "permissionSet" && change.action === "update") {
    return riskOfEdit(change.after, change.before, change.risk.accounts ?? []);
  }
  const { direction, reasons, accounts = [], administratorAccounts = [] } = change.risk;
  // What is not known to be there is not known to be lost, be it in an older version or behind what was not read.
  if (change.kind === "provisioning") return { ...noRisk, accounts };
  const isUnknown = reasons.includes("reach-unknown") && accounts.length === 0;
  const access = isUnknown ? "none" : accessOf[direction];
  return {
    access,
    reasons: access === "none" ? [] : reasons.filter((reason) => powers.has(reason)),
    accounts,
    administratorAccounts,
  };
};

/** Nobody has gained or lost anything. */
export const noRisk: DriftRisk = { access: "none", reasons: [], accounts: [], administratorAccounts: [] };

/** An assignment that the manifest says nothing about. */
export const riskOfUndeclared = (assignment: Assignment, { state, organization }: LiveState): DriftRisk => {
  const { accountId, permissionSet, orphan } = assignment;
  if (orphan === true) return noRisk;
  const set = state.permissionSets.get(permissionSet);
  const power = set === undefined ? [] : powerOf(set);
  const management: RiskReason[] =
    accountId === organization.managementAccountId ? ["management-account"] : [];
  return {
    access: "gained",
    reasons: [...power, ...management].sort(),
    accounts: [accountId],
    administratorAccounts: power.includes("administrator") ? [accountId] : [],
  };
};

const riskOfEdit = (declared: PermissionSet, live: PermissionSet, accounts: readonly string[]): DriftRisk => {
  const more = allowsMore(declared, live);
  if (more.length === 0) {
    return {
      ...noRisk,
      access: allowsLess(declared, live) && accounts.length > 0 ? "lost" : "none",
      accounts,
    };
  }
  const known = powerOf(declared);
  const gained = powerOf(live).filter((power) => !known.includes(power));
  return {
    access: "gained",
    reasons: [...new Set([...more, ...gained])].sort(),
    accounts,
    administratorAccounts: gained.includes("administrator") ? accounts : [],
  };
};

const accessOf = { narrowing: "gained", broadening: "lost", neutral: "none" } as const;

/** The reasons that say how far access reaches, not what its repair would bring about. */
const powers: ReadonlySet<RiskReason> = new Set([
  "administrator",
  "customer-policy-unknown",
  "identity-rights",
  "management-account",
  "wildcard-write",
]);
