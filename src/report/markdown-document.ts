import { escapeMarkdown } from "./escape-markdown.ts";
import { countOf, fitParts, type Omission, type Part, renderPart } from "./fit-parts.ts";
import { counted } from "./labels.ts";
import { changeParts, guardParts, listPart, notePart, riskParts } from "./markdown-parts.ts";
import { markdownLink } from "./markdown-link.ts";
import type { PlanView } from "./view.ts";

/**
 * GitHub takes no comment that is longer. It counts code points; here UTF-16 code units are counted, of which there
 * are never fewer.
 */
export const longestComment = 65_536;

/** What stands around a view. `title` is not yet escaped, the others are finished Markdown that ends with a line break. */
export interface MarkdownFrame {
  /** One sentence without a full stop. */
  readonly title: string;
  readonly lead: string;
  /** A table of counts, above the changes. */
  readonly counts: string;
  readonly foot: string;
}

export interface MarkdownOptions {
  /** Characters; at least 4,000. Default: longestComment. */
  readonly limit?: number;
  /** Where everything can be read, for what has no room here. Default: nowhere. */
  readonly wholeUrl?: string;
}

/**
 * For a pull request's comment, an issue or a job's summary, never longer than the limit. What has no room is cut from
 * the end of a list or left out whole, the least risky first, and each place says how much is missing.
 */
export const markdownDocument = (view: PlanView, frame: MarkdownFrame, options: MarkdownOptions): string => {
  const omission = omissionWith(options.wholeUrl);
  const sections: readonly DocumentSection[] = [
    { title: "", parts: guardParts(view) },
    { title: "\n### Look at these first\n", parts: riskParts(view) },
    { title: `\n### Changes\n\n${frame.counts}`, parts: changeParts(view) },
    { title: "", parts: listPart("To do by hand", view.followUps) },
    { title: "", parts: listPart("Warnings", view.warnings) },
    { title: "\n### What is left as it is\n", parts: view.notes.map(notePart) },
  ].filter(({ parts }) => parts.length > 0);
  const head = `## ${escapeMarkdown(frame.title)}\n\n${frame.lead}`;
  const foot = `\n---\n\n${frame.foot}`;
  const room = sections.reduce(
    (left, section) => left - roomFor(section, omission),
    (options.limit ?? longestComment) - head.length - foot.length,
  );
  const kept = fitParts(
    sections.flatMap(({ parts }) => parts),
    room,
    omission,
  );
  const body = sections.map((section) =>
    renderSection(section, kept.splice(0, section.parts.length), omission),
  );
  return head + body.join("") + foot;
};

interface DocumentSection {
  readonly title: string;
  readonly parts: readonly Part[];
}

const renderSection = (
  { title, parts }: DocumentSection,
  kept: readonly number[],
  omission: Omission,
): string => {
  const texts = parts.map((part, index) => renderPart(part, kept[index] ?? 0, omission));
  const missing = parts.filter((_, index) => kept[index] === 0);
  return title + texts.join("") + leftOut(missing, omission);
};

/** What is said of parts that are left out whole. */
const leftOut = (parts: readonly Part[], omission: Omission): string => {
  const [first] = parts;
  if (first === undefined) return "";
  return omission(
    parts.reduce((sum, { items }) => sum + countOf(items), 0),
    first.noun,
  );
};

const roomFor = ({ title, parts }: DocumentSection, omission: Omission): number =>
  title.length + leftOut(parts, omission).length;

const omissionWith = (url: string | undefined): Omission => {
  const link = markdownLink("all of it", url);
  const where = link === null ? "" : ` See ${link}.`;
  return (count, noun) =>
    `\n**${counted(count, `more ${noun}`)}** ${count === 1 ? "has" : "have"} no room here.${where}\n`;
};
