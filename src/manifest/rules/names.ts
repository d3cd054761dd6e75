import { describeCharacter, firstOther, invisible, lengthOf } from "../characters.ts";
import { finding, type ManifestCode, type Report } from "../codes.ts";
import { entriesOf, isTrue, type LocatedEntry, placeOfCharacter, property, textsOf } from "../located.ts";
import { type Place, positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** Every place that brings a name into the manifest. References to it are checked against these. */
export const checkNames: Rule = ({ root }, report) => {
  for (const kind of kinds) {
    for (const entry of entriesOf(root, kind.section)) {
      checkName(kind, entry.name, entry.key, report);
      // Somebody else's objects have the names that they have, reserved or not.
      if (!isTrue(property(entry.value, "external"))) checkReserved(kind, entry.name, entry, report);
      for (const earlier of textsOf(entry.value, "previously")) {
        checkName(kind, earlier.value, earlier.place, report);
      }
    }
    for (const removed of textsOf(property(root, "removed"), kind.section)) {
      checkName(kind, removed.value, removed.place, report);
    }
  }
};

interface NameKind {
  readonly section: "users" | "groups" | "permissionSets";
  readonly noun: string;
  readonly code: ManifestCode;
  readonly most: number;
  /** One character that may stand in the name. */
  readonly character: RegExp;
  readonly allowed: string;
}

const kinds: readonly NameKind[] = [
  {
    section: "users",
    noun: "user name",
    code: "invalid-user-name",
    most: 128,
    character: /[\p{L}\p{M}\p{S}\p{N}\p{P}]/u,
    allowed: "letters, digits, punctuation and symbols, without spaces",
  },
  {
    section: "groups",
    noun: "group name",
    code: "invalid-group-name",
    most: 1024,
    character: /[\p{L}\p{M}\p{S}\p{N}\p{P} \u00A0]/u,
    allowed: "letters, digits, punctuation, symbols and spaces",
  },
  {
    section: "permissionSets",
    noun: "permission set name",
    code: "invalid-permission-set-name",
    most: 32,
    character: /[A-Za-z0-9_+=,.@-]/,
    allowed: "A-Z a-z 0-9 _ + = , . @ -",
  },
];

const checkName = (kind: NameKind, name: string, place: Place, report: Report): void => {
  const position = positionOf(place);
  const length = lengthOf(name);
  if (length === 0) {
    report(finding(kind.code, `A ${kind.noun} cannot be empty`, { position }));
    return;
  }
  if (length > kind.most) {
    const message = `The ${kind.noun} '${name}' has ${length} characters; the most is ${kind.most}`;
    report(finding(kind.code, message, { position, hint: "choose a shorter name" }));
  }
  const wrong = firstOther(name, kind.character) ?? invisible.exec(name)?.[0];
  if (wrong !== undefined) {
    const message = `The ${kind.noun} '${name}' holds ${describeCharacter(wrong)}`;
    const at = positionOf(placeOfCharacter({ place }, wrong));
    report(finding(kind.code, message, { position: at, hint: `it may hold ${kind.allowed}` }));
  } else if (mixesScripts(name)) {
    const message = `The ${kind.noun} '${name}' mixes Latin letters with ones that look like them`;
    report(finding("mixed-scripts", message, { position, hint: "check that it is the name that you mean" }));
  }
};

const checkReserved = (kind: NameKind, name: string, entry: LocatedEntry, report: Report): void => {
  if (kind.section === "permissionSets" || !reserved.has(name)) return;
  const position = positionOf(entry.key);
  report(
    finding("reserved-name", `AWS keeps the name '${name}' for itself`, { position, hint: "choose another" }),
  );
};

const reserved: ReadonlySet<string> = new Set(["Administrator", "AWSAdministrators"]);

const mixesScripts = (name: string): boolean =>
  name.split(/[^\p{L}\p{M}]+/u).some((word) => /\p{Script=Latin}/u.test(word) && lookalike.test(word));

const lookalike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
