import { finding } from "../codes.ts";
import { locate, toPlain } from "../located.ts";
import { checkPolicyGrammar } from "../policy-grammar.ts";
import { describeCharacter } from "./names.ts";
import type { Rule } from "./rule.ts";

/** Counted without white space, which AWS does not count. */
const largestPolicy = 10_240;

export const checkInlinePolicies: Rule = ({ policies }, report) => {
  for (const [name, { document }] of policies) {
    const plain = toPlain(document);
    for (const { path, ...problem } of checkPolicyGrammar(plain)) {
      report({ ...problem, position: locate(document, path) });
    }
    const position = locate(document, []);
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
    const wrong = [...text].find((character) => !/[\t\n\r\u0020-\u00FF]/.test(character));
    if (wrong !== undefined) {
      const message = `The inline policy of '${name}' holds ${describeCharacter(wrong)}, which AWS does not take`;
      report(finding("policy-character", message, { position, hint: "policies are Latin-1" }));
    }
  }
};
