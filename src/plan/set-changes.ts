import type { PermissionSet } from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { globMatcher } from "../model/glob.ts";
import type { RiskReason } from "./plan.ts";
import { grantsEverything, listOf, powerOf, statementsOf } from "./power.ts";
import { isSame } from "./same.ts";

/**
 * In what a permission set comes to allow more. Where everything was allowed, only what stood against it (a deny, a
 * boundary) can have kept anything back.
 */
export const allowsMore = (before: PermissionSet, after: PermissionSet): RiskReason[] => {
  const reasons: RiskReason[] = [];
  if (!grantsEverything(before) && isAnyNew(policiesOf(after, "Allow"), policiesOf(before, "Allow"))) {
    reasons.push("policy-added");
  }
  if (isAnyNew(policiesOf(before, "Deny"), policiesOf(after, "Deny"))) reasons.push("deny-removed");
  if (before.permissionsBoundary !== null && after.permissionsBoundary === null) {
    reasons.push("boundary-removed");
  }
  if (boundaryChanged(before, after)) reasons.push("boundary-changed");
  if (after.sessionDuration > before.sessionDuration) reasons.push("session-lengthened");
  return reasons;
};

/** Whether a permission set comes to allow anything more, however long. */
export const givesMore = (before: PermissionSet, after: PermissionSet): boolean =>
  allowsMore(before, after).some((reason) => reason !== "session-lengthened");

/** Whether a permission set comes to allow less in anything. */
export const allowsLess = (before: PermissionSet, after: PermissionSet): boolean =>
  takesRights(before, after) || after.sessionDuration < before.sessionDuration;

/** The same for what somebody may do, however long. Who stays an administrator without new limits loses nothing. */
export const takesRights = (before: PermissionSet, after: PermissionSet): boolean =>
  limitsAnew(before, after) ||
  (!grantsEverything(after) && isAnyNew(policiesOf(before, "Allow"), policiesOf(after, "Allow")));

/** Whether something stands against what the set allows that did not before: a deny, a boundary. */
const limitsAnew = (before: PermissionSet, after: PermissionSet): boolean =>
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

const isAnyNew = (these: readonly Grant[], those: readonly Grant[]): boolean =>
  these.some((grant) => !those.some((other) => covers(other, grant)));

/** What gives, or takes: a whole policy, or a statement of the inline policy. */
interface Grant {
  /** Equal for grants that differ in nothing but actions and resources. */
  readonly text: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

const policiesOf = (set: PermissionSet, effect: "Allow" | "Deny"): readonly Grant[] => [
  ...set.managedPolicies.filter((arn) => denyingPolicies.test(arn) === (effect === "Deny")).map(wholePolicy),
  ...(effect === "Allow" ? set.customerManagedPolicies.map(canonicalJson).map(wholePolicy) : []),
  ...(set.inlinePolicy === null ? [] : statementsOf(set.inlinePolicy.canonical))
    .filter((statement) => (statement.Effect === "Deny") === (effect === "Deny"))
    .map(({ Sid: _sid, Action, Resource, ...rest }) => {
      // What a variable stands for depends on the version of the policy language.
      const usesVariables = canonicalJson({ Resource, ...rest }).includes("${");
      const version = usesVariables ? `${String(set.inlinePolicy?.canonical.Version)} ` : "";
      return { text: version + canonicalJson(rest), actions: listOf(Action), resources: listOf(Resource) };
    }),
];

const wholePolicy = (text: string): Grant => ({ text, actions: [], resources: [] });

/** A statement covers one that names fewer actions or resources. */
const covers = (wide: Grant, narrow: Grant): boolean =>
  wide.text === narrow.text &&
  coversAll(wide.actions, narrow.actions) &&
  coversAll(wide.resources, narrow.resources);

const coversAll = (patterns: readonly string[], names: readonly string[]): boolean => {
  const known = new Set(patterns);
  // In a variable, such as ${*}, a star stands for itself.
  const matchers = patterns.filter((pattern) => !pattern.includes("${")).map(globMatcher);
  return names.every((name) => known.has(name) || matchers.some((matches) => matches(name)));
};

const denyingPolicies = /\/AWSDenyAll$|\/AWSCompromisedKeyQuarantine/;
