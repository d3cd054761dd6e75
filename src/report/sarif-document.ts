import type { Position } from "../model/finding.ts";
import { jsonText } from "../model/json-text.ts";
import type { PlaceOf } from "./annotations.ts";
import { escapeTerminal } from "./escape.ts";
import { counted } from "./labels.ts";
import type { SarifRule } from "./sarif-rules.ts";

export interface SarifOptions {
  readonly placeOf: PlaceOf;
  /** Where something is shown that has no place in the manifest; GitHub wants one for each result. */
  readonly manifestFile?: string | undefined;
}

/** A result, or, of a run that failed, a notification. */
export interface SarifItem {
  readonly rule: SarifRule;
  readonly level: "error" | "warning" | "note";
  /** Not yet escaped. */
  readonly message: string;
  readonly position: Position | null;
  /** Tells items of one rule apart, over runs too. */
  readonly subject: string;
}

/** The whole log. The worst results come first; `failures`: what kept the run from all the results it was for. */
export const sarifText = (
  results: readonly SarifItem[],
  failures: readonly SarifItem[],
  version: string,
  options: SarifOptions,
): string => {
  const sorted = (["error", "warning", "note"] as const).flatMap((level) =>
    results.filter((result) => result.level === level),
  );
  const shown = sorted.slice(0, mostResults);
  const rules = indexed(shown);
  const descriptors = indexed(failures);
  const notifications = [
    ...failures.map((each) => notificationJson(each, descriptors, options)),
    ...(shown.length < results.length ? [cutNotification(results.length)] : []),
  ];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "reconcile",
            version,
            rules: rules.all.map(ruleJson),
            ...(failures.length === 0 ? {} : { notifications: descriptors.all.map(ruleJson) }),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            ...(notifications.length === 0 ? {} : { toolExecutionNotifications: notifications }),
          },
        ],
        results: shown.map((result) => resultJson(result, rules, options)),
      },
    ],
  };
  return `${jsonText(log, 2)}\n`;
};

const mostResults = 5_000;

interface Indexed {
  readonly all: readonly SarifRule[];
  readonly at: (rule: SarifRule) => number;
}

const indexed = (items: readonly SarifItem[]): Indexed => {
  const all = [...new Map(items.map(({ rule }) => [rule.id, rule])).values()];
  const indexes = new Map(all.map(({ id }, index) => [id, index]));
  return { all, at: ({ id }) => indexes.get(id) ?? -1 };
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

const resultJson = (item: SarifItem, rules: Indexed, options: SarifOptions): object => {
  const { rule, level, message, subject } = item;
  return {
    ruleId: rule.id,
    ruleIndex: rules.at(rule),
    level,
    message: { text: messageText(message) },
    locations: [
      {
        ...physicalLocation(item, options),
        logicalLocations: [{ fullyQualifiedName: escapeTerminal(subject) }],
      },
    ],
    partialFingerprints: { "reconcile/v1": `${rule.id} ${escapeTerminal(subject)}` },
  };
};

const notificationJson = (item: SarifItem, descriptors: Indexed, options: SarifOptions): object => {
  const { rule, level, message, position } = item;
  return {
    descriptor: { id: rule.id, index: descriptors.at(rule) },
    level,
    message: { text: messageText(message) },
    ...(position === null ? {} : { locations: [physicalLocation(item, options)] }),
  };
};

const physicalLocation = (
  { position }: SarifItem,
  { placeOf, manifestFile }: SarifOptions,
): { readonly physicalLocation?: object } => {
  const file = position?.file ?? manifestFile;
  if (file === undefined) return {};
  const region =
    position === null
      ? { startLine: 1 }
      : { startLine: position.line, startColumn: position.column, endColumn: position.endColumn };
  return { physicalLocation: { artifactLocation: { uri: uriOf(placeOf(file)) }, region } };
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
