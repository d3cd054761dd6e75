import type { CanonicalPolicy, PermissionSet } from "../model/access-state.ts";
import type { RiskReason } from "./plan.ts";

/**
 * How far a permission set reaches, judged by what it allows. Denies and boundaries are not weighed against it: a
 * reviewer is better warned once too often. Meaning of the codes:
 * - administrator: full access, or rights with which one can give oneself full access.
 * - identity-rights: may change or assume identities (IAM, Organizations, STS, Identity Center), short of that.
 * - wildcard-write: may do any of a service's actions, or a group of them that are not reads.
 */
export const powerOf = (set: PermissionSet): readonly RiskReason[] => {
  const found = new Set<RiskReason>();
  for (const arn of set.managedPolicies) {
    const power = managedPolicyPower[arn.slice(arn.lastIndexOf("/") + 1)];
    if (power !== undefined) found.add(power);
  }
  if (set.inlinePolicy !== null) {
    for (const statement of statementsOf(set.inlinePolicy.canonical)) {
      for (const power of statementPower(statement)) found.add(power);
    }
  }
  return [...found].sort();
};

const managedPolicyPower: Readonly<Record<string, RiskReason>> = {
  AdministratorAccess: "administrator",
  IAMFullAccess: "administrator",
  PowerUserAccess: "wildcard-write",
  AWSOrganizationsFullAccess: "identity-rights",
  AWSSSOMasterAccountAdministrator: "identity-rights",
  AWSSSOMemberAccountAdministrator: "identity-rights",
  AWSSSODirectoryAdministrator: "identity-rights",
};

const statementPower = (statement: Readonly<Record<string, unknown>>): readonly RiskReason[] => {
  if (statement.Effect !== "Allow") return [];
  const everywhere = listOf(statement.Resource).includes("*") && statement.Condition === undefined;
  if (statement.NotAction !== undefined) return ["wildcard-write"];
  return listOf(statement.Action).flatMap((action): RiskReason[] => {
    const power = actionPower(action);
    if (power === "administrator" && !everywhere) return ["wildcard-write"];
    return power === null ? [] : [power];
  });
};

/** Canonical actions are in lower case. */
const actionPower = (action: string): RiskReason | null => {
  if (/^\*+(:\*+)?$/.test(action)) return "administrator";
  const [service = "", name = ""] = action.split(":");
  if (service === "iam" && /^\*+$/.test(name)) return "administrator";
  const isRead = readActions.test(name);
  if (identityServices.has(service)) return isRead ? null : "identity-rights";
  return name.includes("*") && !isRead ? "wildcard-write" : null;
};

const readActions =
  /^(batchget|batchdescribe|check|describe|estimate|get|head|list|lookup|preview|query|read|scan|search|select|simulate|validate|verify|view)/;

const identityServices: ReadonlySet<string> = new Set([
  "account",
  "iam",
  "identitystore",
  "organizations",
  "sso",
  "sso-directory",
  "sts",
]);

export const statementsOf = (policy: CanonicalPolicy): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(policy.Statement)
    ? policy.Statement.filter(
        (statement: unknown): statement is Readonly<Record<string, unknown>> =>
          typeof statement === "object" && statement !== null,
      )
    : [];

const listOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === "string");
