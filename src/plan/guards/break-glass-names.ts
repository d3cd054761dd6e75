import { groupAddress, permissionSetAddress, userAddress } from "../../model/address.ts";
import type { Finding } from "../../model/finding.ts";
import type { BreakGlassRule } from "../../model/guards.ts";
import type { Comparison } from "../difference.ts";

/**
 * The rule by the names that stand on both sides of the plan: a renamed group has its new name on both, and a renamed
 * permission set is two of them. It may be named as it was or as it is to be, also when the rename has been done.
 */
export const ruleUnderRenames = (rule: BreakGlassRule, comparison: Comparison): BreakGlassRule => {
  const { groups, permissionSets } = comparison.desired.scope.previously;
  const names = (name: string): string[] => [
    name,
    ...newNames(name, "permissionSets", permissionSets, comparison),
    ...(permissionSets.get(name) ?? []).filter((old) => comparison.renames.permissionSets.get(old) === name),
  ];
  return {
    ...rule,
    groups: rule.groups.map((name) => newNames(name, "groups", groups, comparison)[0] ?? name),
    permissionSets: rule.permissionSets === null ? null : [...new Set(rule.permissionSets.flatMap(names))],
  };
};

const newNames = (
  name: string,
  kind: "groups" | "permissionSets",
  previously: ReadonlyMap<string, readonly string[]>,
  { desired, live, renames }: Comparison,
): string[] => {
  const now = renames[kind].get(name);
  if (now !== undefined) return [now];
  if (live.state[kind].has(name) || desired.state[kind].has(name)) return [];
  return [...previously].filter(([, earlier]) => earlier.includes(name)).map(([later]) => later);
};

/** Errors for the names of a rule, as ruleUnderRenames gives it, that nobody and nothing has. */
export const unknownNames = (rule: BreakGlassRule, comparison: Comparison): Finding[] => {
  const { desired, live, unread } = comparison;
  const unknown = (
    kind: "users" | "groups" | "permissionSets",
    names: readonly string[],
    address: (name: string) => string,
  ): string[] =>
    names.filter(
      (name) =>
        !live.state[kind].has(name) &&
        !desired.state[kind].has(name) &&
        unread.covers(address(name)) === null,
    );
  const later = new Set(rule.permissionSets);
  const isFormer = (name: string): boolean =>
    [...desired.scope.previously.permissionSets].some(
      ([now, earlier]) => later.has(now) && earlier.includes(name),
    );
  const names = [
    ...unknown("groups", rule.groups, groupAddress).map((name) => `group "${name}"`),
    ...unknown("users", rule.users, userAddress).map((name) => `user "${name}"`),
    ...unknown("permissionSets", rule.permissionSets ?? [], permissionSetAddress)
      .filter((name) => !isFormer(name))
      .map((name) => `permission set "${name}"`),
  ];
  return names.map((name) => ({
    code: "break-glass-unknown",
    severity: "error",
    message: `a break-glass rule names ${name}, which exists neither here nor in the manifest`,
    hint: "Check the name: a rule for nobody guards nothing",
    position: rule.position,
  }));
};
