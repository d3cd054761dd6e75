import type { BuiltInRule } from "../plan/built-in-rules.ts";

/** YAML. Not as `ignore` has them: rules of a manifest cover what hangs on an object as well. */
export const renderBuiltInRules = (rules: readonly BuiltInRule[]): string =>
  [
    "# What drift leaves out, and mode exclusive does not delete, where the manifest does not declare it. --no-built-in-rules",
    "# turns this off in drift, builtInRules: false in the manifest everywhere. Told and deleted all the same are: who is in",
    "# these groups, who else has these permission sets, which of them give more than is said here, and which of these",
    "# assignments are in more accounts than is said here.",
    ...sections.flatMap(([kind, title]) => [
      `${title}:`,
      ...rules.filter((rule) => rule.kind === kind).map((rule) => `  - ${entryOf(rule)}`),
    ]),
    "",
  ].join("\n");

const sections = [
  ["group", "groups"],
  ["permissionSet", "permissionSets"],
  ["assignment", "assignments"],
] as const;

const entryOf = (rule: BuiltInRule): string => {
  const reason = `reason: ${rule.reason}`;
  switch (rule.kind) {
    case "group":
      return `{name: ${rule.name}, ${reason}}`;
    case "permissionSet":
      return `{name: ${rule.name}, atMost: [${rule.powers.join(", ")}], ${reason}}`;
    case "assignment": {
      const { group, permissionSet, accounts } = rule;
      const limit = accounts === null ? "" : `, accounts: ${accounts}`;
      return `{group: ${group}, permissionSet: ${permissionSet}${limit}, ${reason}}`;
    }
  }
};
