import { escapeMarkdown } from "./escape-markdown.ts";
import type { Omission } from "./fit-parts.ts";
import { counted } from "./labels.ts";
import { changeParts, guardParts, listPart, notePart, riskParts } from "./markdown-parts.ts";
import { markdownLink } from "./markdown-link.ts";
import { fitSections, type MarkdownSection } from "./markdown-sections.ts";
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
  const sections: readonly MarkdownSection[] = [
    { title: "", parts: guardParts(view) },
    { title: "\n### Look at these first\n", parts: riskParts(view.risks, riskTitles) },
    { title: `\n### Changes\n\n${frame.counts}`, parts: changeParts(view) },
    { title: "", parts: listPart("To do by hand", view.followUps) },
    { title: "", parts: listPart("Warnings", view.warnings) },
    { title: "\n### What is left as it is\n", parts: view.notes.map(notePart) },
  ];
  return fitSections({
    head: `## ${escapeMarkdown(frame.title)}\n\n${frame.lead}`,
    sections,
    foot: `\n---\n\n${frame.foot}`,
    limit: options.limit ?? longestComment,
    omission,
  });
};

const riskTitles = {
  gain: "Who can do more",
  loss: "Who loses access",
  notice: "What else to know",
} as const;

const omissionWith = (url: string | undefined): Omission => {
  const link = markdownLink("all of it", url);
  const where = link === null ? "" : ` See ${link}.`;
  return (count, noun) =>
    `\n**${counted(count, `more ${noun}`)}** ${count === 1 ? "has" : "have"} no room here.${where}\n`;
};
