import { describeCharacter, firstOther } from "../characters.ts";
import { finding, type Report } from "../codes.ts";
import { type Located, locate, placeOfCharacter, toPlain } from "../located.ts";
import { checkPolicyGrammar } from "../policy-grammar.ts";
import { type Place, positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** Counted without white space, which AWS does not count. */
const largestPolicy = 10_240;

export const checkInlinePolicies: Rule = ({ policies }, report) => {
  for (const [name, { document, position }] of policies) {
    const plain = toPlain(document);
    for (const { path, ...problem } of checkPolicyGrammar(plain)) {
      report({ ...problem, position: locate(document, path) });
    }
    const text = JSON.stringify(plain);
    const size = text.replace(/\s/g, "").length;
    if (size > largestPolicy) {
      report(
        finding(
          "policy-too-large",
          `The inline policy of '${name}' has ${size} characters without white space`,
          {
            position,
            hint: `AWS takes ${largestPolicy}; split it, or move part of it into a customer managed policy`,
          },
        ),
      );
    }
    checkCharacters(name, document, report);
  }
};

/** Keys and texts of the document, down to the first with a character that AWS does not take. */
const checkCharacters = (name: string, node: Located, report: Report): boolean => {
  if (node.kind === "list") return node.items.some((item) => checkCharacters(name, item, report));
  if (node.kind === "map") {
    return Array.from(node.entries).some(
      ([text, entry]) =>
        checkText(name, text, entry.key, report) || checkCharacters(name, entry.value, report),
    );
  }
  return checkText(name, String(node.value), node.place, report);
};

const checkText = (name: string, text: string, place: Place, report: Report): boolean => {
  const wrong = firstOther(text, /[\t\n\r\u0020-\u00FF]/);
  if (wrong === undefined) return false;
  const message = `The inline policy of '${name}' holds ${describeCharacter(wrong)}, which AWS does not take`;
  const position = positionOf(placeOfCharacter({ place }, wrong));
  report(
    finding("policy-character", message, {
      position,
      hint: "policies are Latin-1; * and ? stand for other characters",
    }),
  );
  return true;
};
