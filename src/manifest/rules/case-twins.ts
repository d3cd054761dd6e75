import { foldName } from "../../model/names.ts";
import { finding } from "../codes.ts";
import { entriesOf, type NamedEntry } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** AWS does not document whether names differ by case, and people do not see it: two such names are never meant. */
export const checkCaseTwins: Rule = ({ root }, report) => {
  for (const [section, noun] of sections) {
    const seen = new Map<string, NamedEntry>();
    for (const entry of entriesOf(root, section)) {
      const folded = foldName(entry.name);
      const first = seen.get(folded);
      if (first === undefined) {
        seen.set(folded, entry);
        continue;
      }
      report(
        finding(
          "case-twin",
          `The ${noun} '${entry.name}' differs from '${first.name}' only in how letters are written`,
          {
            position: positionOf(entry.key),
            related: { message: "first here", position: positionOf(first.key) },
            hint: "keep one of them",
          },
        ),
      );
    }
  }
};

const sections = [
  ["users", "user"],
  ["groups", "group"],
  ["permissionSets", "permission set"],
  ["accounts", "account"],
] as const;
