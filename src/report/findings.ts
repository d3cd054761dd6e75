import { styleText } from "node:util";
import type { Finding, Position } from "../model/finding.ts";
import { escapeTerminal } from "./escape.ts";
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

/** Findings as JSON: {errors, warnings, findings}, all of them, as they are. */
export const renderFindingsJson = (findings: readonly Finding[]): string => {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return `${JSON.stringify({ errors, warnings: findings.length - errors, findings }, null, 2)}\n`;
};

const renderFinding = (
  finding: Finding,
  lineOf: (position: Position) => string | undefined,
  colour: boolean,
): string => {
  const { severity, code, position, related, hint } = finding;
  const label = paint(severity, `${severity}[${code}]`, colour);
  const place = position === undefined ? "" : `${placeText(position)}: `;
  const lines = [`${place}${label}: ${escapeTerminal(finding.message)}`];
  const gutter = " ".repeat(String(Math.max(position?.line ?? 0, related?.position.line ?? 0)).length);
  if (position !== undefined) lines.push(...excerpt(position, "^", gutter, lineOf, severity, colour));
  if (related !== undefined) {
    lines.push(`${gutter}   = ${escapeTerminal(related.message)}: ${placeText(related.position)}`);
    lines.push(...excerpt(related.position, "-", gutter, lineOf, "related", colour));
  }
  if (hint !== undefined) lines.push(`${gutter}   = ${escapeTerminal(hint)}`);
  return lines.join("\n");
};

const placeText = ({ file, line, column }: Position): string => `${escapeTerminal(file)}:${line}:${column}`;

/** The source line with a mark below; nothing where the file's text is not at hand. */
const excerpt = (
  position: Position,
  mark: "^" | "-",
  gutter: string,
  lineOf: (position: Position) => string | undefined,
  style: Style,
  colour: boolean,
): string[] => {
  const line = lineOf(position);
  if (line === undefined) return [];
  const { text, start, length } = window(line, position);
  const number = String(position.line).padStart(gutter.length);
  return [
    `  ${number} | ${text}`.trimEnd(),
    `  ${gutter} | ${" ".repeat(start)}${paint(style, mark.repeat(length), colour)}`,
  ];
};

const widest = 100;
const tab = "    ";

/**
 * The part of the line around the position, escaped, tabs as blanks, and where in it the mark goes. Long lines are cut
 * on both sides.
 */
const window = (line: string, position: Position): { text: string; start: number; length: number } => {
  const show = (text: string): string =>
    text
      .split("\t")
      .map((part) => escapeTerminal(part))
      .join(tab);
  const from = Math.min(position.column - 1, line.length);
  const to = Math.max(from, Math.min(position.endColumn - 1, line.length));
  const before = show(line.slice(Math.max(0, from - widest), from));
  const marked = show(line.slice(from, Math.min(to, from + widest)));
  const after = show(line.slice(to, to + widest));
  const room = Math.max(20, widest - width(marked));
  const cutBefore = width(before) > room / 2 || from > widest ? `...${tail(before, room / 2)}` : before;
  const cutAfter = width(after) > room / 2 ? `${after.slice(0, room / 2)}...` : after;
  return {
    text: cutBefore + marked + cutAfter,
    start: width(cutBefore),
    length: Math.max(1, width(marked)),
  };
};

const tail = (text: string, length: number): string => text.slice(Math.max(0, text.length - length));

/** Columns on a terminal: East Asian characters and emoji take two, combining marks none. */
const width = (text: string): number => {
  let columns = 0;
  for (const character of text) {
    if (/[\p{Mn}\p{Me}\uFE0F]/u.test(character)) continue;
    columns += wide.test(character) ? 2 : 1;
  }
  return columns;
};

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;

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
