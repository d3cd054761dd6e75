import { canonicalJson } from "../../model/canonical-json.ts";
import { finding } from "../codes.ts";
import { itemsOf, type Located, type LocatedText, property, textOf, textsOf, toPlain } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";
import { checkUntil } from "./until.ts";

export const checkAssignments: Rule = ({ root, now }, report) => {
  const seen = new Map<string, Located>();
  for (const entry of itemsOf(root, "assignments")) {
    checkUntil(textOf(entry, "until"), "The assignment has expired: it grants nothing any more", now, report);
    const grant = grantOf(entry);
    const first = seen.get(grant);
    if (first === undefined) seen.set(grant, entry);
    else {
      report(
        finding("duplicate-assignment", "An entry before this one grants the same", {
          position: positionOf(entry.place),
          related: { message: "first here", position: positionOf(first.place) },
          hint: "keep one of them",
        }),
      );
    }
  }
};

/** What an entry grants, one text for one grant: without its reason, and with names in order. */
const grantOf = (entry: Located): string => {
  const names = (texts: readonly LocatedText[]): string[] => texts.map(({ value }) => value).sort();
  const accounts = property(entry, "accounts");
  return canonicalJson([
    names(textsOf(entry, "groups")),
    names(textsOf(entry, "users")),
    names(textsOf(entry, "permissionSets")),
    accounts === undefined ? null : toPlain(accounts),
    textOf(entry, "until")?.value ?? null,
  ]);
};
