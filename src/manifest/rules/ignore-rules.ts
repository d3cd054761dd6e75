import { globMatcher } from "../../model/glob.ts";
import { finding } from "../codes.ts";
import { entriesOf, isTrue, itemsOf, property, textOf, textsOf } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";
import { checkUntil } from "./until.ts";

export const checkIgnoreRules: Rule = ({ root, now }, report) => {
  for (const rule of itemsOf(root, "ignore")) {
    checkUntil(
      textOf(rule, "until"),
      "The ignore rule has expired: it ignores nothing any more",
      now,
      report,
    );
    const kinds = ["users", "groups", "permissionSets", "accounts"].filter(
      (kind) => property(rule, kind) !== undefined,
    );
    const [section] = kinds;
    // Rules with several keys cover assignments and memberships only, and what those are is known after resolving.
    if (kinds.length !== 1 || section === undefined || section === "accounts") continue;
    for (const pattern of textsOf(rule, section)) {
      const matches = globMatcher(pattern.value);
      const covered = entriesOf(root, section).find(
        ({ name, value }) => matches(name) && !isTrue(property(value, "external")),
      );
      if (covered === undefined) continue;
      report(
        finding(
          "ignored-and-declared",
          `'${pattern.value}' also covers '${covered.name}', which is declared here`,
          {
            position: positionOf(pattern.place),
            related: { message: "declared here", position: positionOf(covered.key) },
            hint: "what is ignored is never written: narrow the rule, or remove the declaration",
          },
        ),
      );
    }
  }
};
