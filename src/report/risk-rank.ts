import type { RiskReason } from "../plan/plan.ts";
import type { RiskRank } from "./risk-fact.ts";

/** By the worst that is given. A limit that goes may have held back anything. */
export const rankOf = (reasons: readonly RiskReason[]): RiskRank => {
  const has = (...some: readonly RiskReason[]): boolean => some.some((reason) => reasons.includes(reason));
  if (has("administrator")) {
    return has("management-account") ? "gains-administrator-of-management" : "gains-administrator";
  }
  if (
    has("identity-rights", "boundary-removed", "boundary-changed", "customer-policy-removed", "deny-removed")
  ) {
    return "gains-identity-rights";
  }
  return has("management-account") ? "gains-management" : "gains-broad-rights";
};
