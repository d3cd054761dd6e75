import { styleText } from "node:util";
import type { Finding, Position } from "../model/finding.ts";
import { jsonText } from "../model/json-text.ts";
import { escapeTerminal } from "./escape.ts";
import { excerpt } from "./excerpt.ts";
import { sourceLines } from "./source-lines.ts";

export interface FindingsOptions {
  /** Text of the files, by name as in positions. A finding in another file is shown without its line. */
  readonly sources: ReadonlyMap<string, string>;
  readonly colour: boolean;
  /** How many findings are shown in full before the rest is only counted. Default 100. */
  readonly most?: number;
}

/**
 * Findings as text, each with its source line and a caret. "" for none. Every line ends with a line feed; nothing from
 * a file reaches the terminal unescaped.
 */
export const renderFindings = (findings: readonly Finding[], options: FindingsOptions): string => {
  if (findings.length === 0) return "";
  const most = options.most ?? 100;
  const lineOf = sourceLines(options.sources);
  // Where not everything fits, errors come before warnings.
  const errors = findings.filter(({ severity }) => severity === "error");
  const warnings = findings.filter(({ severity }) => severity !== "error");
  const shown = new Set([...errors, ...warnings].slice(0, most));
  const blocks = findings
    .filter((finding) => shown.has(finding))
    .map((finding) => `${renderFinding(finding, lineOf, options.colour)}\n`);
  const rest = findings.length - shown.size;
  const more = rest > 0 ? [`... and ${rest} more.\n`] : [];
  return [...blocks, ...more, `${summary(errors.length, warnings.length)}\n`].join("\n");
};

/** Findings as JSON, all of them, as they are (schemas/findings.schema.json). */
export const renderFindingsJson = (findings: readonly Finding[]): string => {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const counts = { errors, warnings: findings.length - errors };
  return `${jsonText({ formatVersion: 1, ...counts, findings }, 2)}\n`;
};

const renderFinding = (
  finding: Finding,
  lineOf: (position: Position) => string | undefined,
  colour: boolean,
): string => {
  const { severity, code, position, related, hint, details = [] } = finding;
  const label = paint(severity, `${severity}[${code}]`, colour);
  const place = position === undefined ? "" : `${placeText(position)}: `;
  const lines = [`${place}${label}: ${escapeTerminal(finding.message)}`];
  const gutter = " ".repeat(String(Math.max(position?.line ?? 0, related?.position.line ?? 0)).length);
  for (const line of details) lines.push(`${gutter}   | ${escapeTerminal(line)}`);
  const shown = (at: Position, mark: "^" | "-", style: Style): readonly string[] =>
    excerpt(at, lineOf(at), { mark, gutter, paint: (text) => paint(style, text, colour) });
  if (position !== undefined) lines.push(...shown(position, "^", severity));
  if (related !== undefined) {
    lines.push(`${gutter}   = ${escapeTerminal(related.message)}: ${placeText(related.position)}`);
    lines.push(...shown(related.position, "-", "related"));
  }
  if (hint !== undefined) lines.push(`${gutter}   = ${escapeTerminal(hint)}`);
  return lines.join("\n");
};

const placeText = ({ file, line, column }: Position): string => `${escapeTerminal(file)}:${line}:${column}`;

type Style = Finding["severity"] | "related";

const styles = { error: "red", warning: "yellow", related: "cyan" } as const;

const paint = (style: Style, text: string, colour: boolean): string =>
  colour ? styleText(styles[style], text, { validateStream: false }) : text;

const summary = (errors: number, warnings: number): string => {
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const parts = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ];
  return `${parts.join(", ")}.`;
};
