import type { PermissionSet } from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { grantsOf, statementOf, uncovered } from "./grants.ts";
import type { RiskReason } from "./plan.ts";
import { grantsEverything, powerOf } from "./power.ts";
import { isSame } from "./same.ts";

/**
 * In what a permission set comes to allow more. Where everything was allowed, only what stood against it (a deny, a
 * boundary) can have kept anything back.
 */
export const allowsMore = (before: PermissionSet, after: PermissionSet): RiskReason[] => {
  const reasons: RiskReason[] = [];
  if (!grantsEverything(before) && isAnyNew("Allow", before, after)) {
    reasons.push("policy-added");
  }
  if (isAnyNew("Deny", after, before)) reasons.push("deny-removed");
  if (unseenPolicyGoes(before, after)) reasons.push("customer-policy-removed");
  if (before.permissionsBoundary !== null && after.permissionsBoundary === null) {
    reasons.push("boundary-removed");
  }
  if (boundaryChanged(before, after)) reasons.push("boundary-changed");
  if (after.sessionDuration > before.sessionDuration) reasons.push("session-lengthened");
  return reasons;
};

/** Whether a permission set surely comes to allow anything more, however long. */
export const givesMore = (before: PermissionSet, after: PermissionSet): boolean =>
  allowsMore(before, after).some(
    (reason) => reason !== "session-lengthened" && reason !== "customer-policy-removed",
  );

/** It may have denied anything: of a customer managed policy no more than the name is told. */
const unseenPolicyGoes = (before: PermissionSet, after: PermissionSet): boolean =>
  before.customerManagedPolicies.some(
    (policy) => !after.customerManagedPolicies.some((other) => isSame(policy, other)),
  );

/** Whether a permission set comes to allow less in anything. */
export const allowsLess = (before: PermissionSet, after: PermissionSet): boolean =>
  takesRights(before, after) || after.sessionDuration < before.sessionDuration;

/** The same for what somebody may do, however long. Who stays an administrator without new limits loses nothing. */
export const takesRights = (before: PermissionSet, after: PermissionSet): boolean =>
  limitsAnew(before, after) || (!grantsEverything(after) && isAnyNew("Allow", after, before));

/** Whether something stands against what the set allows that did not before: a deny, a boundary. */
const limitsAnew = (before: PermissionSet, after: PermissionSet): boolean =>
  isAnyNew("Deny", before, after) ||
  (before.permissionsBoundary === null && after.permissionsBoundary !== null) ||
  boundaryChanged(before, after);

/** Whether the set gave administrator access and no longer does. */
export const losesAdministrator = (before: PermissionSet, after: PermissionSet): boolean =>
  powerOf(before).includes("administrator") && !powerOf(after).includes("administrator");

/** How far reaches what is given anew. */
export const powerGained = (before: PermissionSet, after: PermissionSet): readonly RiskReason[] => {
  if (grantsEverything(before)) return [];
  const given = uncovered(grantsOf(after, "Allow"), grantsOf(before, "Allow"));
  const policies = new Set(given.filter(({ rest }) => rest === null).map(({ text }) => text));
  return powerOf({
    ...after,
    managedPolicies: after.managedPolicies.filter((arn) => policies.has(arn)),
    customerManagedPolicies: after.customerManagedPolicies.filter((each) =>
      policies.has(canonicalJson(each)),
    ),
    inlinePolicy:
      after.inlinePolicy === null
        ? null
        : {
            ...after.inlinePolicy,
            canonical: {
              ...after.inlinePolicy.canonical,
              Statement: given.flatMap((each) => statementOf(each) ?? []),
            },
          },
  });
};

const boundaryChanged = (before: PermissionSet, after: PermissionSet): boolean =>
  before.permissionsBoundary !== null &&
  after.permissionsBoundary !== null &&
  !isSame(before.permissionsBoundary, after.permissionsBoundary);

const isAnyNew = (effect: "Allow" | "Deny", before: PermissionSet, after: PermissionSet): boolean =>
  uncovered(grantsOf(after, effect), grantsOf(before, effect)).length > 0;
