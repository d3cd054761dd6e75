import type { Plan } from "../plan/plan.ts";
import { codeSpan, escapeMarkdown } from "./escape-markdown.ts";
import { type AccountNames, counted } from "./labels.ts";
import { markdownDocument, type MarkdownOptions } from "./markdown-document.ts";
import { markdownLink } from "./markdown-link.ts";
import { type NextStepOptions, nextStepMarkdown } from "./next-step.ts";
import { type PlanSummary, summarisePlan } from "./plan-summary.ts";
import { type ReviewNote, reviewText } from "./review-note.ts";
import { commitText, factsLine, type RunFacts, runLink, timeText } from "./run-facts.ts";
import { lastLine, modeText, viewPlan } from "./view.ts";

export interface PlanMarkdownOptions extends MarkdownOptions, NextStepOptions, RunFacts {
  /** Of a plan that is made after the merge. */
  readonly review?: ReviewNote;
}

/** A plan for a pull request's comment or a job's summary; never longer than the limit. */
export const planMarkdown = (plan: Plan, names: AccountNames, options: PlanMarkdownOptions = {}): string => {
  const summary = summarisePlan(plan);
  const frame = {
    title: summary.headline,
    lead: leadOf(plan, summary) + reviewOf(options),
    counts: totalsTable(summary),
    foot: nextStepMarkdown(plan, options.review?.same ?? false, options) + facts(plan, options),
  };
  // What has no room in a comment is in the summary and the log of the run.
  const wholeUrl = options.wholeUrl ?? options.runUrl;
  return markdownDocument(viewPlan(plan, names), frame, {
    ...options,
    ...(wholeUrl === undefined ? {} : { wholeUrl }),
  });
};

const leadOf = (plan: Plan, { verdict }: PlanSummary): string => {
  const { instance, unchecked } = plan;
  const where = `IAM Identity Center ${instance.name ?? instance.identityStoreId} in ${instance.region}`;
  const what =
    verdict === "nothing-to-do"
      ? unchecked.length === 0
        ? `In ${where} stands what the manifest says.`
        : `What could be read in ${where} is what the manifest says. The rest is listed below as not checked.`
      : `This is what would change in who can reach which AWS account, through ${where}. Nothing has been changed yet.`;
  return `**${lastLine(plan)}** ${escapeMarkdown(what)}\n`;
};

const reviewOf = ({ review }: PlanMarkdownOptions): string => {
  if (review === undefined) return "";
  const { title, text } = reviewText(review);
  const link = markdownLink("look at it", review.url ?? undefined);
  const sign = review.same ? "" : "⚠️ ";
  const read = review.same ? "" : " Read this plan before you approve it.";
  return `\n${sign}**${title}:** ${escapeMarkdown(text)}${link === null ? "" : ` (${link})`}.${read}\n`;
};

/** Provisioning is told below the table: with a column of its own the table is wider than a phone. */
const totalsTable = ({ totals }: PlanSummary): string => {
  const rows = totals.filter(({ counts }) => counts.provision === 0);
  const columns = (["create", "update", "delete"] as const).filter((action) =>
    rows.some(({ counts }) => counts[action] > 0),
  );
  const cells = rows.map(
    ({ kind, counts }) => `| ${kind} | ${columns.map((each) => counts[each] || "").join(" | ")} |\n`,
  );
  const head = `| | ${columns.join(" | ")} |\n|---|${"--:|".repeat(columns.length)}\n`;
  const table = rows.length === 0 ? "" : `${head}${cells.join("")}`;
  const provision = totals.reduce((sum, { counts }) => sum + counts.provision, 0);
  if (provision === 0) return table;
  const text = `${counted(provision, "permission set")} to provision: as declared, but some accounts hold an older version.\n`;
  return table === "" ? text : `${table}\n${text}`;
};

const facts = (plan: Plan, { validAt, commit, wholeUrl, runUrl }: PlanMarkdownOptions): string =>
  factsLine([
    commitText(commit),
    validAt === undefined ? null : `AWS as of ${timeText(validAt)}`,
    codeSpan(plan.instance.instanceArn),
    escapeMarkdown(modeText(plan.modes)),
    markdownLink("whole plan", wholeUrl),
    runLink(runUrl),
    escapeMarkdown(`reconcile ${plan.tool.version}`),
  ]);
