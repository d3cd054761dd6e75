import type { CanonicalPolicy, PermissionSet } from "../model/access-state.ts";
import { globMatcher } from "../model/glob.ts";
import type { RiskReason } from "./plan.ts";

/**
 * How far a permission set reaches, judged by what it may allow at most. Denies, boundaries and conditions are not
 * weighed against it: a reviewer is better warned once too often. Meaning of the codes:
 * - administrator: full access, or rights with which one can give oneself full access.
 * - identity-rights: may change or assume identities (IAM, Organizations, STS, Identity Center), short of that.
 * - wildcard-write: may do any of a service's actions, or a group of them that are not reads.
 * - customer-policy-unknown: a customer managed policy, of which Identity Center tells no more than the name.
 */
export const powerOf = (set: PermissionSet): readonly RiskReason[] => {
  const found = new Set<RiskReason>(
    set.managedPolicies.flatMap((arn) => managedPolicyPower(arn.slice(arn.lastIndexOf("/") + 1))),
  );
  for (const { name } of set.customerManagedPolicies) {
    found.add("customer-policy-unknown");
    if (/admin/i.test(name)) found.add("administrator");
  }
  for (const power of inlineStatements(set).flatMap(statementPower)) found.add(power);
  return [...found].sort();
};

/** Administrator access that can be counted on: what a name suggests, or a condition may take, is none. */
export const isSurelyAdministrator = (set: PermissionSet): boolean =>
  set.managedPolicies.some((arn) => /:policy\/(AdministratorAccess|IAMFullAccess)$/.test(arn)) ||
  inlineStatements(set).some(
    (statement) =>
      statement.Condition === undefined &&
      (listOf(statement.Resource).includes("*") || leavesIdentities(statement)) &&
      statementPower(statement).includes("administrator"),
  );

/** Whether it allows any action on anything; what denies and boundaries take from that is not weighed. */
export const grantsEverything = (set: PermissionSet): boolean =>
  set.managedPolicies.some((arn) => arn.endsWith(":policy/AdministratorAccess")) ||
  inlineStatements(set).some(
    (statement) =>
      statement.Effect === "Allow" &&
      statement.Condition === undefined &&
      listOf(statement.Resource).includes("*") &&
      listOf(statement.Action).some((action) => anyAction.test(action)),
  );

const inlineStatements = ({ inlinePolicy }: PermissionSet): readonly Statement[] =>
  inlinePolicy === null ? [] : statementsOf(inlinePolicy.canonical);

const anyAction = /^\*+(:\*+)?$/;

/** AWS's own policies are judged by their names, since Identity Center does not tell what is in them. */
const managedPolicyPower = (name: string): readonly RiskReason[] => {
  if (/^AdministratorAccess|^IAMFullAccess$/.test(name)) return ["administrator"];
  if (identityPolicies.test(name)) return ["identity-rights"];
  if (rolePassingPolicies.test(name)) return ["identity-rights", "wildcard-write"];
  return writingPolicies.test(name) ? ["wildcard-write"] : [];
};

const identityPolicies =
  /^(AWSOrganizationsFullAccess|AWSAccountManagementFullAccess|AWSIdentitySyncFullAccess|AWSSSO\w+Administrator)$/;

/** They run code with any role that trusts the service. */
const rolePassingPolicies =
  /^(AWSLambda_FullAccess|AmazonECS_FullAccess|AmazonSageMakerFullAccess|AWSCodePipeline_FullAccess|AWSDataPipeline_FullAccess|AWSGlueConsoleFullAccess)$/;

const writingPolicies = /^PowerUserAccess$|Administrator$|Full_?Access(_?v\d+)?$/i;

const statementPower = (statement: Statement): readonly RiskReason[] => {
  if (statement.Effect !== "Allow" || isOnNothing(statement)) return [];
  const everywhere = isEverywhere(statement);
  const onIdentities = everywhere || reachesIdentities(statement);
  if (statement.NotAction !== undefined) {
    const excluded = listOf(statement.NotAction).map(globMatcher);
    const isLeft = (action: string): boolean => !excluded.some((matches) => matches(action));
    if (onIdentities && escalations.some(isLeft)) return ["administrator", "wildcard-write"];
    return everywhere && identityActions.some(isLeft)
      ? ["identity-rights", "wildcard-write"]
      : ["wildcard-write"];
  }
  return listOf(statement.Action).flatMap((action): readonly RiskReason[] => {
    const power = actionPower(action);
    if (power !== "administrator") return power === null ? [] : [power];
    if (anyAction.test(action)) return onIdentities ? [power] : everythingOn(statement);
    return onIdentities && !isDelegation(statement) ? [power] : ["identity-rights"];
  });
};

const isEverywhere = ({ Resource, NotResource }: Statement): boolean =>
  NotResource !== undefined || listOf(Resource).some((resource) => anyResource.test(resource));

/** All but everything: it allows, or denies, nothing. */
export const isOnNothing = ({ NotResource }: Statement): boolean =>
  listOf(NotResource).some((resource) => /^\*+$/.test(resource));

/** Whether what it excludes leaves the roles, users, groups and policies, but for those that it names. */
const leavesIdentities = ({ NotResource }: Statement): boolean =>
  NotResource !== undefined &&
  listOf(NotResource).every((resource) =>
    /^arn:[^:*?]+:((?!iam:)[\w-]+:|iam:[^:]*:[^:]*:[^*?]+$)/.test(resource),
  );

/** `*`, `arn:*`, `arn:aws:*`, `arn:aws:*:*:*:*`. */
const anyResource = /^(\*+|arn:[^:]*\*|arn:[^:]+(:\*+)+)$/;

/** Any role, user, group or policy there is: enough to give oneself the rest. */
const reachesIdentities = ({ Resource }: Statement): boolean =>
  listOf(Resource).some((resource) => /^arn:[^:]+:(iam|\*+):[^:]*:[^:]*:([^:/]*\/)?\*+$/.test(resource));

/** What any action on but some resources comes to. */
const everythingOn = ({ Resource }: Statement): readonly RiskReason[] =>
  listOf(Resource).some((resource) => /^arn:[^:]+:iam:/.test(resource))
    ? ["identity-rights", "wildcard-write"]
    : ["wildcard-write"];

/** The usual way to let teams make roles within limits: a condition on the boundary or the policies of these. */
const isDelegation = ({ Condition }: Statement): boolean =>
  Array.isArray(Condition) &&
  Condition.some(
    (condition: unknown) =>
      Array.isArray(condition) &&
      !/not|null|ifexists/i.test(String(condition[0])) &&
      /^iam:(permissionsboundary|policyarn)$/.test(String(condition[1])),
  );

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

/** One of each service that a policy of all but some actions has to exclude. */
const identityActions: readonly string[] = [
  "account:disableregion",
  "iam:passrole",
  "identitystore:creategroupmembership",
  "organizations:attachpolicy",
  "sso:createaccountassignment",
  "sso-directory:addmembertogroup",
  "sts:assumerole",
];

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

export type Statement = Readonly<Record<string, unknown>>;

export const statementsOf = (policy: CanonicalPolicy): readonly Statement[] =>
  Array.isArray(policy.Statement)
    ? policy.Statement.filter(
        (statement: unknown): statement is Statement => typeof statement === "object" && statement !== null,
      )
    : [];

export const listOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === "string");
