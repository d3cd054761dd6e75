import type { DriftView } from "./drift-view.ts";
import { escapeHtml, escapeMarkdown, fenceFor } from "./escape-markdown.ts";
import { escapeTerminal } from "./escape.ts";
import { fitParts, type Part, renderPart } from "./fit-parts.ts";
import { counted } from "./labels.ts";
import type { Line } from "./lines.ts";

/** GitHub takes no issue that is longer. */
const longestIssue = 65_536;

/**
 * For an issue or a job's summary, never longer than `limit` characters. What has no room is cut from the end of a
 * section, and the section says how much is missing; what comes first is cut last.
 */
export const driftMarkdown = (view: DriftView, limit = longestIssue): string => {
  const head = `### ${escapeMarkdown(view.lastLine)}\n\n${view.header.map((each) => `${escapeMarkdown(each)}<br>\n`).join("")}`;
  const parts = partsOf(view);
  const room = limit - head.length - parts.length * roomForAbsence;
  const kept = fitParts(parts, room, omission);
  return head + parts.map((part, index) => render(part, kept[index] ?? 0)).join("");
};

/** A section of which nothing has room is still named. */
const render = (part: TitledPart, kept: number): string =>
  kept > 0 || part.items.length === 0
    ? renderPart(part, kept, omission)
    : `\n**${escapeMarkdown(part.title)}**\n${omission(part.items.length, part.noun)}`;

const roomForAbsence = 300;

interface TitledPart extends Part {
  readonly title: string;
}

const partsOf = (view: DriftView): TitledPart[] => [
  list(
    "Look at these first",
    view.alarms.map(({ text }) => text),
    0,
  ),
  ...view.buckets.map(({ title, findings }, index) => block(title, findings, index + 1, "finding")),
  ...view.notes.map(({ title, lines }, index) =>
    block(
      title,
      lines.map((each) => [each]),
      index + 4,
      "line",
    ),
  ),
  list("Who did it: not everything could be told", view.untold, 9),
];

const omission = (count: number, noun: string): string =>
  `\n**${counted(count, `more ${noun}`)} left out**: there is no room for more. \`reconcile drift\` shows everything.\n`;

const list = (title: string, items: readonly string[], rank: number): TitledPart => ({
  title,
  before: `\n**${escapeMarkdown(title)}**\n\n`,
  items: items.map((item) => ({ text: `- ${escapeMarkdown(item)}\n`, counts: 1 })),
  after: "",
  rank,
  share: 0.2,
  noun: "line",
});

/** The marks stand first in their lines, so that they are coloured. */
const block = (
  title: string,
  groups: readonly (readonly Line[])[],
  rank: number,
  noun: string,
): TitledPart => {
  const texts = groups.map((lines) => lines.map(diffLine));
  const fence = fenceFor(texts.flat());
  const open = rank < 4 ? " open" : "";
  return {
    title,
    before: `\n<details${open}><summary>${escapeHtml(title)}</summary>\n\n${fence}diff\n`,
    items: texts.map((lines) => ({ text: `${lines.join("\n")}\n`, counts: 1 })),
    after: `${fence}\n\n</details>\n`,
    rank,
    share: rank < 4 ? 0.25 : 0.05,
    noun,
  };
};

const diffLine = ({ depth, mark, text, note }: Line): string => {
  const noted = note === undefined ? "" : `  (${escapeTerminal(note)})`;
  return `${mark === "~" || mark === "*" ? "!" : (mark ?? " ")} ${"  ".repeat(depth)}${escapeTerminal(text)}${noted}`;
};
