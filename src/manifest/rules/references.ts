import { closestName } from "../../model/names.ts";
import { finding, type Report } from "../codes.ts";
import { entriesOf, itemsOf, type LocatedText, property, textsOf } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule, RuleInput } from "./rule.ts";

/** Names in assignments and member lists must be declared: a typing error must not become a grant, or its absence. */
export const checkReferences: Rule = (input, report) => {
  if (!input.complete) return;
  const check = {
    users: referenceCheck(input, "users", "user", report),
    groups: referenceCheck(input, "groups", "group", report),
    permissionSets: referenceCheck(input, "permissionSets", "permission set", report),
  };
  for (const group of entriesOf(input.root, "groups")) textsOf(group.value, "members").forEach(check.users);
  for (const assignment of itemsOf(input.root, "assignments")) {
    textsOf(assignment, "groups").forEach(check.groups);
    textsOf(assignment, "users").forEach(check.users);
    textsOf(assignment, "permissionSets").forEach(check.permissionSets);
  }
};

/** Comparing a name with all others is slow in a large manifest; nobody reads more suggestions than these. */
const mostSuggestions = 10;

const referenceCheck = (
  { root }: RuleInput,
  section: "users" | "groups" | "permissionSets",
  noun: string,
  report: Report,
): ((text: LocatedText) => void) => {
  const declared = new Set(entriesOf(root, section).map(({ name }) => name));
  const removed = new Set(textsOf(property(root, "removed"), section).map(({ value }) => value));
  const hints = new Map<string, string>();
  const hintFor = (name: string): string => {
    if (removed.has(name)) return `it is listed under removed.${section}`;
    const closest = hints.size < mostSuggestions ? closestName(name, declared) : undefined;
    return closest === undefined
      ? `declare it under ${section}; with external: true if somebody else owns it`
      : `did you mean '${closest}'?`;
  };
  return ({ value, place }) => {
    if (declared.has(value)) return;
    const hint = hints.get(value) ?? hintFor(value);
    hints.set(value, hint);
    report(
      finding("unknown-reference", `There is no ${noun} '${value}' in the manifest`, {
        position: positionOf(place),
        hint,
      }),
    );
  };
};
