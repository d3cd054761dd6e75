import { diffLines } from "./diff-lines.ts";
import type { DriftFacts, DriftView } from "./drift-view.ts";
import { codeSpan, escapeHtml, escapeMarkdown, fenceFor } from "./escape-markdown.ts";
import type { Omission, Part } from "./fit-parts.ts";
import { counted } from "./labels.ts";
import type { Line } from "./lines.ts";
import { listPart, notePart, riskParts } from "./markdown-parts.ts";
import { fitSections } from "./markdown-sections.ts";
import { factsLine } from "./run-facts.ts";

/** GitHub takes no issue that is longer. */
const longestIssue = 65_536;

/**
 * For an issue or a job's summary, never longer than `limit` characters; at least 3,000. What has no room is cut from
 * the end of a list, and each place says how much is missing; what comes first is cut last.
 */
export const driftMarkdown = (view: DriftView, limit = longestIssue): string =>
  fitSections({
    head: `## ${escapeMarkdown(view.lastLine)}\n\n${escapeMarkdown(leadOf(view.facts))}\n`,
    sections: [
      { title: "\n### Look at these first\n", parts: riskParts(view.alarms, alarmTitles) },
      { title: `\n### Differences\n\n${legend}\n`, parts: view.buckets.map(bucketPart) },
      { title: "\n### What is left out\n", parts: view.notes.map(notePart) },
      { title: "", parts: listPart("Who did it: not everything could be told", view.untold) },
    ],
    foot: `\n---\n\n${stepsText(view.steps)}${facts(view.facts)}`,
    limit,
    omission,
  });

const leadOf = ({ result, name, where }: DriftFacts): string => {
  switch (result) {
    case "clean":
      return `Who can reach which AWS account through ${where} is what the manifest${name} says.`;
    case "unchecked":
      return `What could be read in ${where} is what the manifest${name} says. The rest is not known.`;
    case "drift":
      return `Who can reach which AWS account through ${where} is not what the manifest${name} says. This check has changed nothing.`;
  }
};

const alarmTitles = {
  gain: "Who can do more than is declared",
  loss: "Who can do less than is declared",
  notice: "What else to know",
} as const;

const legend =
  "Lines with `-` are declared and not live, lines with `+` are live and not declared; `->` leads from declared to live.";

const stepsText = (steps: readonly string[]): string =>
  steps.length === 0 ? "" : `**What to do**\n\n${steps.map((step) => `- ${step}\n`).join("")}\n`;

const facts = ({ result, instanceArn, coverage, fingerprint }: DriftFacts): string =>
  factsLine([
    coverage,
    codeSpan(instanceArn),
    result === "clean" ? null : `fingerprint of this drift ${codeSpan(fingerprint)}`,
  ]);

const omission: Omission = (count, noun) =>
  `\n**${counted(count, `more ${noun}`)}** ${count === 1 ? "has" : "have"} no room here. \`reconcile drift\` shows everything.\n`;

const bucketPart = (
  { title, findings }: { readonly title: string; readonly findings: readonly (readonly Line[])[] },
  index: number,
): Part => {
  const texts = findings.map((lines) => lines.flatMap(diffLines));
  const fence = fenceFor(texts.flat());
  return {
    before: `\n<details open><summary>${escapeHtml(title)}</summary>\n\n${fence}diff\n`,
    items: texts.map((lines) => ({ text: `${lines.join("\n")}\n`, counts: 1 })),
    after: `${fence}\n\n</details>\n`,
    rank: 3 + index,
    share: 0.25,
    noun: "finding",
  };
};
