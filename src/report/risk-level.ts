import type { Change, RiskReason } from "../plan/plan.ts";

/** How much a change asks for a reviewer's eye: what is cut last, and what is an error in SARIF. */
export type RiskLevel = "high" | "medium" | "low";

/**
 * high: somebody comes to hold administrator access, rights over identities or access to the management account, or a
 * limit on a permission set goes. medium: other access that is more than an ordinary assignment, and all that is taken
 * away. low: the rest.
 */
export const riskLevel = ({
  action,
  risk: { direction, reasons, administratorAccounts = [] },
}: Change): RiskLevel => {
  if (direction === "broadening") {
    if (administratorAccounts.length > 0 || reasons.some((reason) => gravest.has(reason))) return "high";
    return reasons.some((reason) => reason !== "first-access") ? "medium" : "low";
  }
  return action === "delete" || direction === "narrowing" || reasons.length > 0 ? "medium" : "low";
};

const gravest: ReadonlySet<RiskReason> = new Set<RiskReason>([
  "administrator",
  "boundary-removed",
  "deny-removed",
  "identity-rights",
  "management-account",
  "reach-unknown",
]);

/** For sorting: the worst first. */
export const riskRank = { high: 0, medium: 1, low: 2 } as const;

export const worstLevel = (levels: Iterable<RiskLevel>): RiskLevel => {
  let worst: RiskLevel = "low";
  for (const level of levels) if (riskRank[level] < riskRank[worst]) worst = level;
  return worst;
};
