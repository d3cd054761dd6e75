import { describeCharacter, firstOther } from "../characters.ts";
import { finding, type Report } from "../codes.ts";
import { entriesOf, type Located, placeOfCharacter, property } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** Attributes of users, and descriptions of groups: AWS takes letters, digits, punctuation, symbols and blanks. */
export const checkTexts: Rule = ({ root }, report) => {
  for (const { value } of entriesOf(root, "users")) checkText(value, report);
  for (const { value } of entriesOf(root, "groups")) checkText(property(value, "description"), report);
};

const checkText = (node: Located | undefined, report: Report): void => {
  if (node?.kind === "map") {
    for (const { value } of node.entries.values()) checkText(value, report);
  }
  if (node?.kind !== "scalar" || typeof node.value !== "string") return;
  const wrong = firstOther(node.value, allowed);
  if (wrong === undefined) return;
  report(
    finding("invalid-text", `The text holds ${describeCharacter(wrong)}, which AWS does not take`, {
      position: positionOf(placeOfCharacter(node, wrong)),
      hint: "it may hold letters, digits, punctuation, symbols and blanks",
    }),
  );
};

const allowed = /[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00A0\u3000]/u;
