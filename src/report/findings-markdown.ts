import type { Finding, Position } from "../model/finding.ts";
import type { PlaceOf } from "./annotations.ts";
import { codeSpan, escapeMarkdown, fenceFor } from "./escape-markdown.ts";
import { excerpt } from "./excerpt.ts";
import { fitParts, type Part, renderPart } from "./fit-parts.ts";
import { counted } from "./labels.ts";
import { proseMarkdown } from "./prose-markdown.ts";
import { sourceLines } from "./source-lines.ts";

/** Findings, and what stands around them. All texts but those of the findings are finished Markdown. */
export interface FindingsDocument {
  /** One line. */
  readonly title: string;
  /** A paragraph. */
  readonly lead: string;
  readonly findings: readonly Finding[];
  /** Text of the manifest's files, by name as in positions: a finding in another file is shown without its line. */
  readonly sources: ReadonlyMap<string, string>;
  /** Ends with a line break. */
  readonly foot: string;
  /** Characters; at least 4,000. */
  readonly limit: number;
  /** Where files are in the repository. */
  readonly placeOf: PlaceOf;
}

/**
 * Each finding with its place, code, source line and what to do; errors first. Never longer than `limit`: what has no
 * room is counted.
 */
export const findingsMarkdown = (document: FindingsDocument): string => {
  const { title, lead, findings, limit } = document;
  const head = `## ${title}\n\n${lead}\n`;
  const foot = `\n---\n\n${document.foot}`;
  const errors = findings.filter(({ severity }) => severity === "error");
  const others = findings.filter(({ severity }) => severity !== "error");
  const part = partOf([...errors, ...others], document);
  const [kept = 0] = fitParts([part], limit - head.length - foot.length, omission);
  return head + renderPart(part, kept, omission) + foot;
};

export const invalidTitle = (findings: readonly Finding[]): string =>
  `The manifest is not valid: ${counted(findings.filter(({ severity }) => severity === "error").length, "error")}`;

const omission = (count: number, noun: string): string =>
  `\n**${counted(count, `more ${noun}`)}** ${count === 1 ? "has" : "have"} no room here. The log of the run has everything.\n`;

const partOf = (
  findings: readonly Finding[],
  { sources, placeOf }: Pick<FindingsDocument, "sources" | "placeOf">,
): Part => {
  const lineOf = sourceLines(sources);
  return {
    before: "\n",
    items: findings.map((finding) => ({
      text: `- ${sentence(finding, placeOf)}\n${source(finding, lineOf)}`,
      counts: 1,
    })),
    after: "",
    rank: 0,
    share: 1,
    noun: "finding",
  };
};

/** Where, what, which code; what to do about it below. */
const sentence = (
  { severity, code, message, details = [], hint, position, related }: Finding,
  placeOf: PlaceOf,
): string => {
  const place = ({ file, line, column }: Position): string =>
    escapeMarkdown(`${placeOf(file)}:${line}:${column}`);
  const where = position === undefined ? "" : `**${place(position)}** `;
  const kind = severity === "error" ? "" : "warning: ";
  const steps = [
    ...(related === undefined ? [] : [`${escapeMarkdown(related.message)}: ${place(related.position)}`]),
    ...(hint === undefined ? [] : [proseMarkdown(hint)]),
  ];
  const lines = [
    `${where}${kind}${escapeMarkdown(message)} (${codeSpan(code)})`,
    ...details.map(escapeMarkdown),
    ...steps.map((step) => `→ ${step}`),
  ];
  return lines.join("<br>");
};

/** The line of the manifest with a caret below, as a block of code inside of the item; "" where it is not at hand. */
const source = ({ position }: Finding, lineOf: (position: Position) => string | undefined): string => {
  if (position === undefined) return "";
  const gutter = " ".repeat(String(position.line).length);
  const lines = excerpt(position, lineOf(position), { mark: "^", gutter, paint: (mark) => mark });
  if (lines.length === 0) return "";
  const fence = fenceFor(lines);
  return [`  ${fence}`, ...lines, `  ${fence}`].map((line) => `${line}\n`).join("");
};
