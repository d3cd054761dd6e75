import type { Finding, Position } from "../model/finding.ts";
import { jsonText } from "../model/json-text.ts";
import type { GuardVerdict, Plan } from "../plan/plan.ts";
import type { PlaceOf } from "./annotations.ts";
import { changeSentence } from "./change-sentence.ts";
import { escapeTerminal } from "./escape.ts";
import { guardLines } from "./guard-lines.ts";
import { type AccountNames, counted } from "./labels.ts";
import { riskLevel } from "./risk-level.ts";
import { changeRule, findingRule, guardRule, type SarifRule } from "./sarif-rules.ts";

/**
 * SARIF 2.1.0, for code scanning: refusals of guards, changes and warnings as results, each at its place in the
 * manifest. The worst come first; GitHub keeps 5,000 results, and a notification says what was left out.
 */
export interface SarifOptions {
  readonly placeOf: PlaceOf;
  /** Where something is shown that has no place in the manifest; GitHub wants one for each result. */
  readonly manifestFile?: string | undefined;
}

export const planSarif = (plan: Plan, names: AccountNames, options: SarifOptions): string =>
  sarifText(
    [
      ...plan.guards.map(
        (verdict): Result => ({
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
        (change): Result => ({
          rule: changeRule(change),
          level: levels[riskLevel(change)],
          message: changeSentence(change, names),
          position: change.position,
          subject: change.address,
        }),
      ),
      ...plan.warnings.map(findingResult),
    ],
    plan.tool.version,
    options,
  );

export const findingsSarif = (
  findings: readonly Finding[],
  toolVersion: string,
  options: SarifOptions,
): string => sarifText(findings.map(findingResult), toolVersion, options);

const guardLevels = {
  refused: "error",
  "refused-now": "note",
  allowed: "warning",
  "needs-review": "note",
} as const satisfies Record<GuardVerdict["verdict"], Result["level"]>;

const levels = { high: "error", medium: "warning", low: "note" } as const;

const findingResult = ({
  code,
  severity,
  message,
  details = [],
  hint,
  position,
  address,
}: Finding): Result => ({
  rule: findingRule(code),
  level: severity,
  message: [message, ...details.map((line) => line.trim()), ...(hint === undefined ? [] : [hint])].join(". "),
  position: position ?? null,
  subject: address ?? message,
});

interface Result {
  readonly rule: SarifRule;
  readonly level: "error" | "warning" | "note";
  /** Not yet escaped. */
  readonly message: string;
  readonly position: Position | null;
  /** Tells results of one rule apart, over runs too. */
  readonly subject: string;
}

const mostResults = 5_000;

const sarifText = (results: readonly Result[], version: string, options: SarifOptions): string => {
  const sorted = (["error", "warning", "note"] as const).flatMap((level) =>
    results.filter((result) => result.level === level),
  );
  const shown = sorted.slice(0, mostResults);
  const rules = [...new Map(shown.map(({ rule }) => [rule.id, rule])).values()];
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "reconcile", version, rules: rules.map(ruleJson) } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: true,
            ...(shown.length < results.length
              ? { toolExecutionNotifications: [cutNotification(results.length)] }
              : {}),
          },
        ],
        results: shown.map((result) => resultJson(result, indexes, options)),
      },
    ],
  };
  return `${jsonText(log, 2)}\n`;
};

const cutNotification = (count: number): object => ({
  level: "warning",
  message: {
    text: `${counted(count - mostResults, "more result")} left out: these are the ${mostResults} worst of ${count}, as many as code scanning keeps. The plan has all of them.`,
  },
});

const ruleJson = ({ id, title, help }: SarifRule): object => ({
  id,
  shortDescription: { text: title },
  fullDescription: { text: help },
  help: { text: help, markdown: help },
});

const resultJson = (
  { rule, level, message, position, subject }: Result,
  indexes: ReadonlyMap<string, number>,
  { placeOf, manifestFile }: SarifOptions,
): object => {
  const file = position?.file ?? manifestFile;
  return {
    ruleId: rule.id,
    ruleIndex: indexes.get(rule.id) ?? -1,
    level,
    message: { text: messageText(message) },
    locations: [
      {
        ...(file === undefined
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: uriOf(placeOf(file)) },
                region:
                  position === null
                    ? { startLine: 1 }
                    : {
                        startLine: position.line,
                        startColumn: position.column,
                        endColumn: position.endColumn,
                      },
              },
            }),
        logicalLocations: [{ fullyQualifiedName: escapeTerminal(subject) }],
      },
    ],
    partialFingerprints: { "reconcile/v1": `${rule.id} ${escapeTerminal(subject)}` },
  };
};

/** Brackets would make a link of it, and braces a placeholder (section 3.11 of the standard). */
const messageText = (text: string): string =>
  escapeTerminal(text)
    .replace(/[[\]\\]/g, "\\$&")
    .replace(/[{}]/g, "$&$&");

const uriOf = (file: string): string => {
  const path = file.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${path}` : path;
};
