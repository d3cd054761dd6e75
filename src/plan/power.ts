import type { CanonicalPolicy, PermissionSet } from "../model/access-state.ts";
import { globMatcher } from "../model/glob.ts";
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

/** Whether it allows any action on anything; what denies and boundaries take from that is not weighed. */
export const grantsEverything = (set: PermissionSet): boolean =>
  set.managedPolicies.some((arn) => arn.endsWith(":policy/AdministratorAccess")) ||
  (set.inlinePolicy !== null &&
    statementsOf(set.inlinePolicy.canonical).some(
      (statement) =>
        statement.Effect === "Allow" &&
        isEverywhere(statement) &&
        statement.NotResource === undefined &&
        listOf(statement.Action).some((action) => anyAction.test(action)),
    ));

const anyAction = /^\*+(:\*+)?$/;

const managedPolicyPower: Readonly<Record<string, RiskReason>> = {
  AdministratorAccess: "administrator",
  IAMFullAccess: "administrator",
  PowerUserAccess: "wildcard-write",
  AWSOrganizationsFullAccess: "identity-rights",
  AWSSSOMasterAccountAdministrator: "identity-rights",
  AWSSSOMemberAccountAdministrator: "identity-rights",
  AWSSSODirectoryAdministrator: "identity-rights",
  DatabaseAdministrator: "wildcard-write",
  NetworkAdministrator: "wildcard-write",
  SystemAdministrator: "wildcard-write",
};

const statementPower = (statement: Statement): readonly RiskReason[] => {
  if (statement.Effect !== "Allow") return [];
  const everywhere = isEverywhere(statement);
  if (statement.NotAction !== undefined) {
    const excluded = listOf(statement.NotAction).map(globMatcher);
    const left = escalations.some((action) => !excluded.some((matches) => matches(action)));
    return left && everywhere ? ["administrator", "wildcard-write"] : ["wildcard-write"];
  }
  return listOf(statement.Action).flatMap((action): RiskReason[] => {
    const power = actionPower(action);
    if (power !== "administrator") return power === null ? [] : [power];
    if (everywhere) return [power];
    return [action.startsWith("iam:") ? "identity-rights" : "wildcard-write"];
  });
};

/** Anywhere that counts, at any time. */
const isEverywhere = ({ Resource, NotResource, Condition }: Statement): boolean =>
  Condition === undefined && (listOf(Resource).includes("*") || NotResource !== undefined);

/** Canonical actions are in lower case. */
const actionPower = (action: string): RiskReason | null => {
  if (anyAction.test(action)) return "administrator";
  const [service = "", name = ""] = action.split(":");
  if (service === "iam" && escalations.some(globMatcher(action))) return "administrator";
  const isRead = readActions.test(name);
  if (identityServices.has(service)) return isRead ? null : "identity-rights";
  return name.includes("*") && !isRead ? "wildcard-write" : null;
};

/** With any of these on any resource one gives oneself whatever else there is. */
const escalations: readonly string[] = [
  "addusertogroup",
  "attachgrouppolicy",
  "attachrolepolicy",
  "attachuserpolicy",
  "createaccesskey",
  "createloginprofile",
  "createpolicyversion",
  "putgrouppolicy",
  "putrolepolicy",
  "putuserpolicy",
  "setdefaultpolicyversion",
  "updateassumerolepolicy",
  "updateloginprofile",
].map((name) => `iam:${name}`);

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

type Statement = Readonly<Record<string, unknown>>;

export const statementsOf = (policy: CanonicalPolicy): readonly Statement[] =>
  Array.isArray(policy.Statement)
    ? policy.Statement.filter(
        (statement: unknown): statement is Statement => typeof statement === "object" && statement !== null,
      )
    : [];

const listOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === "string");
