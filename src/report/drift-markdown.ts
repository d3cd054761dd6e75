import { diffLines } from "./diff-lines.ts";
import type { DriftFacts, DriftView } from "./drift-view.ts";
import { codeSpan, escapeHtml, escapeMarkdown, fenceFor } from "./escape-markdown.ts";
import type { Omission, Part } from "./fit-parts.ts";
import { counted } from "./labels.ts";
import type { Line } from "./lines.ts";
import { listPart, notePart, riskParts } from "./markdown-parts.ts";
import { fitSections } from "./markdown-sections.ts";
import { commitText, factsLine, type RunFacts, runLink, timeText } from "./run-facts.ts";

export interface DriftMarkdownOptions extends RunFacts {
  /** Characters; at least 3,000. Default: as many as GitHub takes in an issue. */
  readonly limit?: number;
}

/**
 * For an issue or a job's summary, never longer than the limit. What has no room is cut from the end of a list, and each
 * place says how much is missing; what comes first is cut last.
 */
export const driftMarkdown = (view: DriftView, options: DriftMarkdownOptions = {}): string =>
  fitSections({
    head: `## ${escapeMarkdown(headingOf(view))}\n\n${escapeMarkdown(leadOf(view.facts))}\n`,
    sections: [
      { title: "\n### Look at these first\n", parts: riskParts(view.alarms, alarmTitles) },
      { title: `\n### Differences\n\n${legend}\n`, parts: view.buckets.map(bucketPart) },
      { title: "\n### What is left out\n", parts: view.notes.map(notePart) },
      { title: "", parts: listPart("Who did it: not everything could be told", view.untold) },
    ],
    foot: `\n---\n\n${stepsText(view.steps)}${facts(view.facts, options)}`,
    limit: options.limit ?? longestIssue,
    omission,
  });

const longestIssue = 65_536;

/** Where nothing is known to have drifted, the word alone would say too much. */
const headingOf = ({ facts: { result, coverage }, lastLine }: DriftView): string =>
  result === "unchecked" ? `No drift in what could be read: ${coverage}` : lastLine;

const leadOf = ({ result, name, where, notCompared }: DriftFacts): string => {
  const but = notCompared === "" ? "" : ` Not compared with it: ${notCompared}; below is why.`;
  switch (result) {
    case "clean":
      return notCompared === ""
        ? `Who can reach which AWS account through ${where} is what the manifest${name} says.`
        : `What is compared in ${where} is what the manifest${name} says.${but}`;
    case "unchecked":
      return `What could be read in ${where} is what the manifest${name} says. The rest is not known.${but}`;
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
  "Lines with `-` are declared and not live, lines with `+` are live and not declared, lines with `!` differ; `->` leads from declared to live.";

const stepsText = (steps: readonly string[]): string =>
  steps.length === 0 ? "" : `**What to do**\n\n${steps.map((step) => `- ${step}\n`).join("")}\n`;

const facts = (
  { result, instanceArn, coverage, fingerprint, toolVersion }: DriftFacts,
  { validAt, commit, runUrl }: RunFacts,
): string =>
  factsLine([
    commitText(commit),
    validAt === undefined ? null : `AWS as of ${timeText(validAt)}`,
    coverage,
    codeSpan(instanceArn),
    result === "clean" ? null : `fingerprint of this drift ${codeSpan(fingerprint)}`,
    runLink(runUrl),
    escapeMarkdown(`reconcile ${toolVersion}`),
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
