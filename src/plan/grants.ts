import type { PermissionSet } from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { globMatcher } from "../model/glob.ts";
import { listOf, type Statement, statementsOf } from "./power.ts";

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

/** A name or pattern, or everything but some (NotAction, NotResource). */
type Names = { readonly name: string } | { readonly allBut: readonly string[] };

export const grantsOf = (set: PermissionSet, effect: "Allow" | "Deny"): readonly Grant[] => [
  ...set.managedPolicies.filter((arn) => denyingPolicies.test(arn) === (effect === "Deny")).map(wholePolicy),
  ...(effect === "Allow" ? set.customerManagedPolicies.map(canonicalJson).map(wholePolicy) : []),
  ...(set.inlinePolicy === null ? [] : statementsOf(set.inlinePolicy.canonical))
    .filter((statement) => (statement.Effect === "Deny") === (effect === "Deny"))
    .map((statement) => grantOf(statement, String(set.inlinePolicy?.canonical.Version))),
];

/**
 * What of `these` none of `those` covers, action by action: a statement may have been split, joined, or written wider.
 */
export const uncovered = (these: readonly Grant[], those: readonly Grant[]): readonly Grant[] =>
  these.flatMap((grant) => {
    const comparable = those.filter((other) => isComparable(other, grant));
    return grant.actions.flatMap((action) => {
      const others = comparable.filter(({ actions }) => isCovered(action, actions));
      const resources = grant.resources.filter(
        (resource) => !others.some((other) => isCovered(resource, other.resources)),
      );
      return resources.length === 0 ? [] : [{ ...grant, actions: [action], resources }];
    });
  });

/** The statement that a part of a policy comes to; null: it is a whole policy. */
export const statementOf = ({ rest, actions, resources }: Grant): Statement | null =>
  rest === null
    ? null
    : {
        ...rest,
        ...statementNames("Action", "NotAction", actions),
        ...statementNames("Resource", "NotResource", resources),
      };

const denyingPolicies = /\/AWSDenyAll$|\/AWSCompromisedKeyQuarantine/;

const everything: readonly Names[] = [{ name: "*" }];

const wholePolicy = (text: string): Grant => ({
  text,
  condition: null,
  version: null,
  actions: everything,
  resources: everything,
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

/** A statement without any stands for all: it is taken for more than it may be worth, never for less. */
const namesOf = (names: unknown, allBut: unknown): Names[] =>
  names === undefined ? [{ allBut: listOf(allBut) }] : listOf(names).map((name) => ({ name }));

const statementNames = (key: string, notKey: string, names: readonly Names[]): Statement => {
  const [first] = names;
  return first !== undefined && "allBut" in first
    ? { [notKey]: first.allBut }
    : { [key]: names.flatMap((each) => ("name" in each ? each.name : [])) };
};

const isComparable = (wide: Grant, narrow: Grant): boolean =>
  wide.text === narrow.text &&
  (wide.condition === null || wide.condition === narrow.condition) &&
  (wide.version === null || wide.version === narrow.version);

const isCovered = (narrow: Names, wides: readonly Names[]): boolean =>
  wides.some((wide) => coversNames(wide, narrow));

const coversNames = (wide: Names, narrow: Names): boolean => {
  if ("name" in wide) return "name" in narrow ? matches(wide.name, narrow.name) : /^\*+$/.test(wide.name);
  return "name" in narrow
    ? wide.allBut.every((name) => areApart(name, narrow.name))
    : wide.allBut.every((name) => narrow.allBut.some((other) => matches(other, name)));
};

/** Whether a pattern stands for all that a name, or another pattern, stands for. */
const matches = (pattern: string, name: string): boolean => {
  if (pattern === name) return true;
  // In a variable, such as ${*}, a star stands for itself; and one character is not any number of them.
  if (pattern.includes("${") || (pattern.includes("?") && name.includes("*"))) return false;
  return globMatcher(pattern)(name);
};

/** Whether two patterns have nothing in common, as far as their beginnings tell. */
const areApart = (one: string, other: string): boolean => {
  const [a, b] = [beginning(one), beginning(other)];
  return (
    (!a.startsWith(b) && !b.startsWith(a)) || (b === other && !one.includes("${") && !matches(one, other))
  );
};

/** What stands before the first pattern or variable. */
const beginning = (pattern: string): string => pattern.split(/[*?]|\$\{/)[0] ?? "";
