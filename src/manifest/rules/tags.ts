import { finding } from "../codes.ts";
import { entriesOf, placeOfCharacter, property } from "../located.ts";
import { positionOf } from "../source.ts";
import { describeCharacter } from "./names.ts";
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
      const position = positionOf(tag.key);
      const owner = /^(aws|reconcile):/i.exec(tag.name)?.[1]?.toLowerCase();
      if (owner !== undefined) {
        const whose = owner === "aws" ? "AWS" : "this tool";
        const message = `Tag keys that start with ${owner}: belong to ${whose}`;
        report(finding("reserved-tag", message, { position, hint: "choose another key" }));
      }
      const length = [...tag.name].length;
      if (length === 0 || length > 128) {
        const message = `A tag key has 1 to 128 characters, this one ${length}`;
        report(finding("invalid-tag", message, { position }));
      }
      const texts = tag.value.kind === "scalar" ? [tag.name, String(tag.value.value)] : [tag.name];
      for (const [index, text] of texts.entries()) {
        const wrong = [...text].find((character) => !tagCharacter.test(character));
        if (wrong === undefined) continue;
        const place = index === 0 ? tag.key : tag.value.place;
        report(
          finding("invalid-tag", `The tag '${tag.name}' holds ${describeCharacter(wrong)}`, {
            position: positionOf(placeOfCharacter({ place }, wrong)),
            hint: "tags may hold letters, digits, spaces and _ . : / = + - @",
          }),
        );
      }
    }
  }
};

const tagCharacter = /[\p{L}\p{Z}\p{N}_.:/=+\-@]/u;
