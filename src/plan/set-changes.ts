import type { PermissionSet } from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import type { RiskReason } from "./plan.ts";
import { grantsEverything, powerOf, statementsOf } from "./power.ts";
import { isSame } from "./same.ts";

/** In what a permission set comes to allow more. A set that allowed everything cannot be given more. */
export const allowsMore = (before: PermissionSet, after: PermissionSet): RiskReason[] => {
  const reasons: RiskReason[] = [];
  const whole = isUnlimited(before);
  if (!whole && isAnyNew(policiesOf(after, "Allow"), policiesOf(before, "Allow")))
    reasons.push("policy-added");
  if (isAnyNew(policiesOf(before, "Deny"), policiesOf(after, "Deny"))) reasons.push("deny-removed");
  if (before.permissionsBoundary !== null && after.permissionsBoundary === null) {
    reasons.push("boundary-removed");
  }
  if (boundaryChanged(before, after)) reasons.push("boundary-changed");
  if (after.sessionDuration > before.sessionDuration) reasons.push("session-lengthened");
  return reasons;
};

/** Whether a permission set comes to allow less in anything. */
export const allowsLess = (before: PermissionSet, after: PermissionSet): boolean =>
  takesRights(before, after) || after.sessionDuration < before.sessionDuration;

/** The same for what somebody may do, however long. Who stays an administrator without new limits loses nothing. */
export const takesRights = (before: PermissionSet, after: PermissionSet): boolean =>
  limitsAnew(before, after) ||
  (!grantsEverything(after) && isAnyNew(policiesOf(before, "Allow"), policiesOf(after, "Allow")));

/** Whether something stands against what the set allows that did not before: a deny, a boundary. */
export const limitsAnew = (before: PermissionSet, after: PermissionSet): boolean =>
  isAnyNew(policiesOf(after, "Deny"), policiesOf(before, "Deny")) ||
  (before.permissionsBoundary === null && after.permissionsBoundary !== null) ||
  boundaryChanged(before, after);

/** Whether the set gave administrator access and no longer does. */
export const losesAdministrator = (before: PermissionSet, after: PermissionSet): boolean =>
  powerOf(before).includes("administrator") && !powerOf(after).includes("administrator");

const boundaryChanged = (before: PermissionSet, after: PermissionSet): boolean =>
  before.permissionsBoundary !== null &&
  after.permissionsBoundary !== null &&
  !isSame(before.permissionsBoundary, after.permissionsBoundary);

const isUnlimited = (set: PermissionSet): boolean =>
  grantsEverything(set) && set.permissionsBoundary === null && policiesOf(set, "Deny").length === 0;

const isAnyNew = (these: readonly string[], those: readonly string[]): boolean => {
  const known = new Set(those);
  return these.some((each) => !known.has(each));
};

/** Everything that gives, or takes, as texts that are equal exactly when the policies or statements are. */
const policiesOf = (set: PermissionSet, effect: "Allow" | "Deny"): readonly string[] => [
  ...set.managedPolicies.filter((arn) => denyingPolicies.test(arn) === (effect === "Deny")),
  ...(effect === "Allow" ? set.customerManagedPolicies.map(canonicalJson) : []),
  ...(set.inlinePolicy === null ? [] : statementsOf(set.inlinePolicy.canonical))
    .filter((statement) => (statement.Effect === "Deny") === (effect === "Deny"))
    .map(({ Sid: _sid, ...statement }) => {
      const text = canonicalJson(statement);
      // What a variable stands for depends on the version of the policy language.
      return text.includes("${") ? `${String(set.inlinePolicy?.canonical.Version)} ${text}` : text;
    }),
];

const denyingPolicies = /\/AWSDenyAll$|\/AWSCompromisedKeyQuarantine/;
