import { escapeMarkdown } from "./escape-markdown.ts";
import { escapeTerminal } from "./escape.ts";
import { counted } from "./labels.ts";
import type { Line } from "./lines.ts";
import type { PlanView } from "./view.ts";

/** GitHub takes no comment that is longer. */
export const longestComment = 65_536;

/**
 * For a pull request's comment or a job's summary, never longer than `limit` characters. What has no room is cut from
 * the end of a section, and the section says how much is missing.
 */
export const planMarkdown = (view: PlanView, limit = longestComment): string => {
  const sections = [
    listSection(
      "Look at these first",
      view.risks.map(({ text }) => text),
      true,
    ),
    listSection(
      "Guards",
      view.guards.map(({ depth, text }) => `${depth > 0 ? "→ " : ""}${text}`),
      true,
    ),
    ...view.changes.map(({ title, lines }) => diffSection(title, lines, true)),
    listSection("To do by hand", view.followUps, true),
    listSection("Warnings", view.warnings, false),
    ...view.notes.map(({ title, lines }) => diffSection(title, lines, false)),
  ].filter(({ lines }) => lines.length > 0);

  let text = `### ${escapeMarkdown(view.lastLine)}\n\n${view.header.map((each) => `${escapeMarkdown(each)}<br>`).join("\n")}\n`;
  sections.forEach((section, index) => {
    const kept = (sections.length - index - 1) * roomForOmission;
    text += renderSection(section, limit - text.length - kept);
  });
  return text;
};

interface MarkdownSection {
  readonly title: string;
  readonly open: boolean;
  /** Ready to be printed, each one line. */
  readonly lines: readonly string[];
  /** What stands around them; null: nothing. */
  readonly fence: string | null;
}

const listSection = (title: string, items: readonly string[], open: boolean): MarkdownSection => ({
  title,
  open,
  lines: items.map((item) => `- ${escapeMarkdown(item)}`),
  fence: null,
});

/** The marks stand first in their lines, so that GitHub colours them. */
const diffSection = (title: string, lines: readonly Line[], open: boolean): MarkdownSection => {
  const texts = lines.map(({ depth, mark, text, note }) => {
    const noted = note === undefined ? "" : `  (${escapeTerminal(note)})`;
    return `${mark === "~" || mark === "*" ? "!" : (mark ?? " ")} ${"  ".repeat(depth)}${escapeTerminal(text)}${noted}`;
  });
  return { title, open, lines: texts, fence: fenceFor(texts) };
};

/** Longer than any run of backticks inside. */
const fenceFor = (texts: readonly string[]): string => {
  let longest = 2;
  for (const text of texts) {
    for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  }
  return "`".repeat(longest + 1);
};

const roomForOmission = 300;

const renderSection = (section: MarkdownSection, room: number): string => {
  const { lines } = section;
  const whole = wrapSection(section, lines, null);
  if (whole.length <= room) return whole;
  let left = room - wrapSection(section, [], omission(lines.length)).length;
  let fits = 0;
  for (const each of lines) {
    left -= each.length + 1;
    if (left < 0) break;
    fits += 1;
  }
  return wrapSection(section, lines.slice(0, fits), omission(lines.length - fits));
};

const omission = (count: number): string =>
  `**${counted(count, "more line")} left out**: a comment has no room for more. \`reconcile plan\` shows everything.`;

const wrapSection = (
  { title, open, fence }: MarkdownSection,
  lines: readonly string[],
  footer: string | null,
): string => {
  const body =
    lines.length === 0
      ? ""
      : `${fence === null ? "" : `${fence}diff\n`}${lines.join("\n")}\n${fence === null ? "" : `${fence}\n`}`;
  return `\n<details${open ? " open" : ""}><summary>${escapeMarkdown(title)}</summary>\n\n${body}${footer === null ? "" : `\n${footer}\n`}\n</details>\n`;
};
