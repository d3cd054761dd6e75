import type { Finding } from "../model/finding.ts";
import type { GuardVerdict, Plan } from "../plan/plan.ts";
import { changeSentence } from "./change-sentence.ts";
import { guardLines } from "./guard-lines.ts";
import type { AccountNames } from "./labels.ts";
import { type NoResult, noResultWords } from "./no-result.ts";
import { riskLevel } from "./risk-level.ts";
import { type SarifItem, type SarifOptions, sarifText } from "./sarif-document.ts";
import { changeRule, findingRule, guardRule } from "./sarif-rules.ts";

/**
 * SARIF 2.1.0, for code scanning: refusals of guards, changes and warnings as results, each at its place in the
 * manifest. The worst come first; GitHub keeps 5,000 results, and a notification says what was left out.
 */
export const planSarif = (plan: Plan, names: AccountNames, options: SarifOptions): string =>
  sarifText(
    [
      ...plan.guards.map(
        (verdict): SarifItem => ({
          rule: guardRule(verdict.guard),
          level: guardLevels[verdict.verdict],
          message: guardLines({ ...plan, guards: [verdict] }, names)
            .map(({ text }) => text)
            .join(". "),
          position: null,
          subject: [verdict.guard, verdict.args.kind, verdict.args.permissionSet, verdict.args.window]
            .join(" ")
            .trim(),
        }),
      ),
      ...plan.changes.map(
        (change): SarifItem => ({
          rule: changeRule(change),
          level: levels[riskLevel(change)],
          message: changeSentence(change, names),
          position: change.position,
          subject: change.address,
        }),
      ),
      ...plan.warnings.map(findingItem),
    ],
    [],
    plan.tool.version,
    options,
  );

/** What was found in the manifest by a command that looks for nothing else. */
export const findingsSarif = (
  findings: readonly Finding[],
  toolVersion: string,
  options: SarifOptions,
): string => sarifText(findings.map(findingItem), [], toolVersion, options);

/**
 * Of a run that has come to no result: the tool's execution was no success. What is wrong with the manifest is a result
 * all the same, at its line; everything else is no finding about the files, and only a notification.
 */
export const noResultSarif = (why: NoResult, toolVersion: string, options: SarifOptions): string => {
  const items = why.findings.map(findingItem);
  if (why.kind !== "invalid") return sarifText([], items, toolVersion, options);
  const { title } = noResultWords(why);
  const failure = findingItem({ code: "no-result", severity: "error", message: title });
  return sarifText(items, [failure], toolVersion, options);
};

const guardLevels = {
  refused: "error",
  "refused-now": "note",
  allowed: "warning",
  "needs-review": "note",
} as const satisfies Record<GuardVerdict["verdict"], SarifItem["level"]>;

const levels = { high: "error", medium: "warning", low: "note" } as const;

const findingItem = ({
  code,
  severity,
  message,
  details = [],
  hint,
  position,
  address,
}: Finding): SarifItem => ({
  rule: findingRule(code),
  level: severity,
  message: [message, ...details.map((line) => line.trim()), ...(hint === undefined ? [] : [hint])].join(". "),
  position: position ?? null,
  subject: address ?? message,
});
