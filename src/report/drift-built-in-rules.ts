import type { BuiltInRule } from "../drift/built-in-rules.ts";

/** As they would stand under `ignore` in a manifest; YAML, so that they can be copied from there. */
export const renderBuiltInRules = (rules: readonly BuiltInRule[]): string =>
  [
    "# Known noise: drift does not report these where the manifest does not declare them. --no-built-in-rules turns",
    "# the rules off. For users, the display name counts as well as the user name.",
    "ignore:",
    ...rules.flatMap(({ kind, names, reason }) => [
      `  - ${keys[kind]}:`,
      ...names.map((name) => `      - ${name}`),
      `    reason: ${reason}`,
    ]),
    "",
  ].join("\n");

const keys: Readonly<Record<BuiltInRule["kind"], string>> = {
  user: "users",
  group: "groups",
  permissionSet: "permissionSets",
};
