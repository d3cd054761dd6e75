import type { PermissionSet } from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { everything, isCovered, type Names, namesOf, namesWritten } from "./policy-names.ts";
import { isOnNothing, type Statement, statementsOf } from "./power.ts";

/** What gives, or takes: a whole policy, or a statement of the inline policy. */
export interface Grant {
  /** Equal for grants that differ in nothing but what follows. */
  readonly text: string;
  /** null: none. */
  readonly condition: string | null;
  /** What a variable stands for depends on the version of the policy language; null: there is no variable. */
  readonly version: string | null;
  readonly actions: readonly Names[];
  readonly resources: readonly Names[];
  /** What else there is in the statement; null: a whole policy. */
  readonly rest: Statement | null;
}

export const grantsOf = (set: PermissionSet, effect: "Allow" | "Deny"): readonly Grant[] => [
  ...set.managedPolicies.filter((arn) => denyingPolicies.test(arn) === (effect === "Deny")).map(wholePolicy),
  ...(effect === "Allow" ? set.customerManagedPolicies.map(canonicalJson).map(wholePolicy) : []),
  ...(set.inlinePolicy === null ? [] : statementsOf(set.inlinePolicy.canonical))
    .filter((statement) => (statement.Effect === "Deny") === (effect === "Deny") && !isOnNothing(statement))
    .map((statement) => grantOf(statement, String(set.inlinePolicy?.canonical.Version))),
];

/**
 * What of `these` none of `those` covers, action by action: a statement may have been split, joined, or written wider.
 */
export const uncovered = (these: readonly Grant[], those: readonly Grant[]): readonly Grant[] =>
  these.flatMap((grant) => {
    const comparable = those.filter((other) => isComparable(other, grant));
    // Most actions of a statement are covered by the same others.
    const left = new Map<string, readonly Names[]>();
    return grant.actions.flatMap((action) => {
      const others = comparable.filter(({ actions }) => isCovered(action, actions));
      const key = others.map((other) => comparable.indexOf(other)).join();
      const resources =
        left.get(key) ??
        grant.resources.filter((resource) => !others.some((other) => isCovered(resource, other.resources)));
      left.set(key, resources);
      return resources.length === 0 ? [] : [{ ...grant, actions: [action], resources }];
    });
  });

/** The statement that a part of a policy comes to; null: it is a whole policy. */
export const statementOf = ({ rest, actions, resources }: Grant): Statement | null =>
  rest === null
    ? null
    : {
        ...rest,
        ...namesWritten("Action", "NotAction", actions),
        ...namesWritten("Resource", "NotResource", resources),
      };

const denyingPolicies = /\/AWSDenyAll$|\/AWSCompromisedKeyQuarantine/;

const wholePolicy = (text: string): Grant => ({
  text,
  condition: null,
  version: null,
  actions: [everything],
  resources: [everything],
  rest: null,
});

const grantOf = (
  { Sid: _sid, Action, NotAction, Resource, NotResource, ...rest }: Statement,
  version: string,
): Grant => {
  const { Condition, ...others } = rest;
  const usesVariables = canonicalJson({ Resource, NotResource, ...rest }).includes("${");
  return {
    text: canonicalJson(others),
    condition: Condition === undefined ? null : canonicalJson(Condition),
    version: usesVariables ? version : null,
    actions: namesOf(Action, NotAction),
    resources: namesOf(Resource, NotResource),
    rest,
  };
};

const isComparable = (wide: Grant, narrow: Grant): boolean =>
  wide.text === narrow.text &&
  (wide.condition === null || wide.condition === narrow.condition) &&
  (wide.version === null || wide.version === narrow.version);
