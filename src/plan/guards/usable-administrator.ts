import type { PermissionSet } from "../../model/access-state.ts";
import { isSame } from "../same.ts";
import { grantsEverything, isSurelyAdministrator, statementsOf } from "../power.ts";

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

const managedPolicyLeaves = (arn: string): Certainty => (arn.endsWith(":policy/AWSDenyAll") ? "no" : "yes");

const inlineLeaves = (set: PermissionSet): Certainty[] =>
  (set.inlinePolicy === null ? [] : statementsOf(set.inlinePolicy.canonical)).map((statement) => {
    if (statement.Effect !== "Deny") return "yes";
    const isEverywhere = statement.NotResource !== undefined || isAny(statement.Resource, anyResource);
    if (isEverywhere && (statement.NotAction !== undefined || isAny(statement.Action, anyAction))) {
      return statement.Condition === undefined ? "no" : "unknown";
    }
    // Who is administrator by rights of IAM alone may have lost just these.
    return grantsEverything(set) || !isAny(statement.Action, ofIam) ? "yes" : "unknown";
  });

const anyAction = /^[*?]*\*[*?]*(:[*?]*\*[*?]*)?$/;
const anyResource = /^(\*+|arn:[a-z-]*\*[*:]*)$/;
const ofIam = /^(iam|[^:]*[*?])/;

const isAny = (value: unknown, pattern: RegExp): boolean =>
  [value].flat().some((item) => typeof item === "string" && pattern.test(item));
