import type { RiskReason } from "../plan/plan.ts";

export const identityRights = "rights over identities (IAM, Organizations, STS, Identity Center)";
export const broadRights = "broad write access (whole services or groups of actions)";
export const unknownPolicies = "customer managed policies (which may allow anything)";

/** What a permission set comes to allow. */
export const reasonsText = (reasons: readonly RiskReason[]): string =>
  reasons
    .map((reason) => texts[reason])
    .filter((text) => text !== undefined)
    .join(", ");

const texts: Partial<Readonly<Record<RiskReason, string>>> = {
  administrator: "administrator access",
  "boundary-changed": "another permissions boundary",
  "boundary-removed": "its permissions boundary goes",
  "customer-policy-unknown": unknownPolicies,
  "deny-removed": "something is no longer denied",
  "identity-rights": identityRights,
  "management-account": "also in the management account",
  "policy-added": "policies or statements are added",
  "session-lengthened": "longer sessions",
  "wildcard-write": broadRights,
};
