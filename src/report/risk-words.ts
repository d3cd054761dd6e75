import type { RiskReason, UnreadReach } from "../plan/plan.ts";

export const identityRights = "rights over identities (IAM, Organizations, STS, Identity Center)";
export const broadRights = "broad write access (whole services or groups of actions)";
export const unknownPolicies = "customer managed policies (which may allow anything)";

/** What was not read. */
export const unreadText = ({ scopes, count }: UnreadReach): string => {
  const shown = scopes.slice(0, 5);
  return count === shown.length ? shown.join(", ") : `${shown.join(", ")} and ${count - shown.length} more`;
};

/** What a permission set comes to allow; `given`: the policies and actions by which it does, as far as they are named. */
export const reasonsText = (reasons: readonly RiskReason[], given = ""): string =>
  reasons
    .map((reason) =>
      reason === "policy-added" && given !== "" ? `${texts[reason]} (${given})` : texts[reason],
    )
    .filter((text) => text !== undefined)
    .join(", ");

const texts: Partial<Readonly<Record<RiskReason, string>>> = {
  administrator: "administrator access",
  "boundary-changed": "another permissions boundary",
  "boundary-removed": "its permissions boundary goes",
  "customer-policy-removed":
    "a customer managed policy goes that nobody here can read, and that may have denied something",
  "customer-policy-unknown": unknownPolicies,
  "deny-removed": "something is no longer denied",
  "identity-rights": identityRights,
  "management-account": "also in the management account",
  "policy-added": "policies or statements are added or widened",
  "session-lengthened": "longer sessions",
  "wildcard-write": broadRights,
};
