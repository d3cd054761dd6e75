import { describeCharacter, firstOther, lengthOf } from "../characters.ts";
import { finding, type Report } from "../codes.ts";
import { entriesOf, type NamedEntry, placeOfCharacter, property } from "../located.ts";
import { type Place, positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** AWS documents 50 tags for most resources; the owner mark takes one of them. */
const mostTags = 49;

export const checkTags: Rule = ({ root }, report) => {
  for (const { name, value } of entriesOf(root, "permissionSets")) {
    const tags = entriesOf(value, "tags");
    const place = property(value, "tags")?.place;
    if (tags.length > mostTags && place !== undefined) {
      const message = `Permission set '${name}' has ${tags.length} tags; the most is ${mostTags}`;
      report(finding("too-many-tags", message, { position: positionOf(place) }));
    }
    for (const tag of tags) {
      checkKey(tag, report);
      checkCharacters(tag.name, tag.name, tag.key, report);
      if (tag.value.kind === "scalar") {
        checkCharacters(tag.name, String(tag.value.value), tag.value.place, report);
      }
    }
  }
};

const checkKey = ({ name, key }: NamedEntry, report: Report): void => {
  const position = positionOf(key);
  const owner = /^(aws|reconcile):/i.exec(name)?.[1]?.toLowerCase();
  if (owner !== undefined) {
    const whose = owner === "aws" ? "AWS" : "this tool";
    const message = `Tag keys that start with ${owner}: belong to ${whose}`;
    report(finding("reserved-tag", message, { position, hint: "choose another key" }));
  }
  const length = lengthOf(name);
  if (length === 0 || length > 128) {
    report(finding("invalid-tag", `A tag key has 1 to 128 characters, this one ${length}`, { position }));
  }
};

const checkCharacters = (tag: string, text: string, place: Place, report: Report): void => {
  const wrong = firstOther(text, /[\p{L}\p{Z}\p{N}_.:/=+\-@]/u);
  if (wrong === undefined) return;
  report(
    finding("invalid-tag", `The tag '${tag}' holds ${describeCharacter(wrong)}`, {
      position: positionOf(placeOfCharacter({ place }, wrong)),
      hint: "tags may hold letters, digits, spaces and _ . : / = + - @",
    }),
  );
};
