import type { PermissionSet } from "../../model/access-state.ts";
import { isSame } from "../same.ts";
import { globMatcher } from "../../model/glob.ts";
import { grantsEverything, isOnNothing, isSurelyAdministrator, listOf, statementsOf } from "../power.ts";

export type Certainty = "yes" | "unknown" | "no";

/**
 * Whether one gets in with this set and can put everything right. A deny of some actions leaves that; a deny of
 * everything, or a boundary short of everything, does not. Unknown: a condition, or a policy that is not to be seen,
 * decides. What `former`, the set before the plan, has of customer managed policies is taken to leave everything, since
 * people work with it; one that the plan adds may take everything.
 */
export const isUsableAdministrator = (set: PermissionSet, former: PermissionSet | undefined): Certainty => {
  if (!isSurelyAdministrator(set)) return "no";
  const left = new Set([
    boundaryLeaves(set),
    ...set.managedPolicies.map(managedPolicyLeaves),
    ...inlineLeaves(set),
  ]);
  if (left.has("no")) return "no";
  return left.has("unknown") || addsUnseenPolicy(former, set) ? "unknown" : "yes";
};

/** Whether it surely leaves nobody with any right, whatever else it has. */
export const deniesEverything = (set: PermissionSet): boolean =>
  isDenyAll(set.permissionsBoundary) ||
  set.managedPolicies.some((arn) => managedPolicyLeaves(arn) === "no") ||
  inlineLeaves(set).includes("no");

const isDenyAll = (boundary: PermissionSet["permissionsBoundary"]): boolean =>
  boundary !== null &&
  "managedPolicyArn" in boundary &&
  managedPolicyLeaves(boundary.managedPolicyArn) === "no";

/** Whether a customer managed policy comes in, of which nobody here can tell what it denies. */
export const addsUnseenPolicy = (former: PermissionSet | undefined, set: PermissionSet): boolean =>
  set.customerManagedPolicies.some(
    (policy) => !(former?.customerManagedPolicies ?? []).some((other) => isSame(policy, other)),
  );

const boundaryLeaves = ({ permissionsBoundary }: PermissionSet): Certainty => {
  if (permissionsBoundary === null) return "yes";
  if ("customerManagedPolicy" in permissionsBoundary) return "unknown";
  return permissionsBoundary.managedPolicyArn.endsWith(":policy/AdministratorAccess") ? "yes" : "no";
};

const managedPolicyLeaves = (arn: string): Certainty => {
  if (arn.endsWith(":policy/AWSDenyAll")) return "no";
  return arn.includes(":policy/AWSCompromisedKeyQuarantine") ? "unknown" : "yes";
};

const inlineLeaves = (set: PermissionSet): Certainty[] => {
  const denies = (set.inlinePolicy === null ? [] : statementsOf(set.inlinePolicy.canonical)).filter(
    (statement) => statement.Effect === "Deny" && !isOnNothing(statement),
  );
  const everywhere = denies.filter(
    ({ Resource, NotResource }) => NotResource !== undefined || isAny(Resource, anyResource),
  );
  return [
    leavesAnything(everywhere.filter(({ Condition }) => Condition === undefined)) ? "yes" : "no",
    leavesAnything(everywhere) ? "yes" : "unknown",
    // Who is administrator by rights of IAM alone may have lost just these.
    grantsEverything(set) || !denies.some(({ Action }) => isAny(Action, ofIam)) ? "yes" : "unknown",
  ];
};

/** Whatever the words: a deny of everything is one of some actions that have nothing in common but to be needed. */
const leavesAnything = (denies: readonly Readonly<Record<string, unknown>>[]): boolean => {
  if (denies.some(({ NotAction }) => NotAction !== undefined)) return false;
  const matchers = denies.flatMap(({ Action }) => listOf(Action)).map(globMatcher);
  return needed.some((action) => !matchers.some((matches) => matches(action)));
};

/** Canonical actions are in lower case. */
const needed: readonly string[] = [
  "cloudformation:createstack",
  "ec2:describeinstances",
  "iam:createrole",
  "kms:putkeypolicy",
  "lambda:invokefunction",
  "organizations:describeaccount",
  "s3:getobject",
  "sts:assumerole",
];

const anyResource = /^(\*+|arn:[^:]*\*[*:]*|arn:[^:]+(:\*+)+)$/;
const ofIam = /^(iam|[^:]*[*?])/;

const isAny = (value: unknown, pattern: RegExp): boolean => listOf(value).some((item) => pattern.test(item));
