import type { ApplyResult, Outcome, Remaining } from "../apply/result.ts";
import type { Annotation } from "../model/annotation.ts";
import { applyFollowUps, applyLastLine, isUnverified, remainingTitle } from "./apply-result.ts";
import { codeSpan, escapeMarkdown } from "./escape-markdown.ts";
import { fitParts, type Part, renderPart } from "./fit-parts.ts";
import { counted } from "./labels.ts";
import { listPart } from "./markdown-parts.ts";
import { outcomeReasons, outcomeVerb } from "./outcome-words.ts";

/** Characters, of at most three bytes each: a job's summary takes 1 MiB. */
const longestSummary = 300_000;

/** For a job's summary: what went wrong first, then everything that was done. Never longer than `limit` characters. */
export const applyMarkdown = (result: ApplyResult, limit = longestSummary): string => {
  const { outcomes, remaining, planDigest } = result;
  const of = (...statuses: readonly Outcome["status"][]) =>
    outcomes.filter(({ status }) => statuses.includes(status));
  const head = `## ${escapeMarkdown(applyLastLine(result))}\n`;
  const foot = `\n<sub>plan ${escapeMarkdown(planDigest)}</sub>\n`;
  const parts = [
    list("Failed", of("failed").map(outcomeText), { rank: 0, open: true }),
    list(remainingTitle(result), remaining.map(remainingText), { rank: 1, open: true }),
    list("Not attempted", of("skipped", "not-started").map(outcomeText), { rank: 2, open: true }),
    ...listPart("To do by hand", applyFollowUps(result)),
    list("Done", of("done").map(outcomeText), { rank: 3, open: false }),
  ].filter(({ items }) => items.length > 0);
  const kept = fitParts(parts, limit - head.length - foot.length, omission);
  return head + parts.map((part, index) => renderPart(part, kept[index] ?? 0, omission)).join("") + foot;
};

/** What a run of the pipeline must show at once: an error for each change that failed, a warning for each doubt. */
export const applyAnnotations = (result: ApplyResult): Annotation[] => [
  ...result.outcomes
    .filter(({ status }) => status === "failed")
    .map(
      (outcome): Annotation => ({
        level: "error",
        title: `${capital(outcomeVerb(outcome))}: ${outcome.address}`,
        message: outcomeReasons(outcome).join("\n") || "It failed",
      }),
    ),
  ...result.remaining.map(
    ({ address, detail }): Annotation => ({
      level: "warning",
      title: `${isUnverified(result) ? "Not verified" : "Not as planned"}: ${address}`,
      message: detail,
    }),
  ),
];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const outcomeText = (outcome: Outcome): string => {
  const { address, action, status } = outcome;
  const verb = status === "done" ? outcomeVerb(outcome) : action;
  return [`${verb} ${codeSpan(address)}`, ...outcomeReasons(outcome).map(escapeMarkdown)].join("<br>");
};

const remainingText = ({ address, detail }: Remaining): string =>
  `${codeSpan(address)}<br>${escapeMarkdown(detail)}`;

const list = (
  title: string,
  texts: readonly string[],
  { rank, open }: { readonly rank: number; readonly open: boolean },
): Part => ({
  before: `\n<details${open ? " open" : ""}><summary>${title}: ${counted(texts.length, "change")}</summary>\n\n`,
  items: texts.map((text) => ({ text: `- ${text}\n`, counts: 1 })),
  after: "\n</details>\n",
  rank,
  share: 0.25,
  noun: "change",
});

const omission = (count: number, noun: string): string =>
  `\n**${counted(count, `more ${noun}`)} left out**: there is no room for more. The audit trail has every one.\n`;
