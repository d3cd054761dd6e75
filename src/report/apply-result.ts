/** What an apply did: one line a change, then what is left and what to do about it. The last line is stable. */
import { styleText } from "node:util";
import type { ApplyResult, Outcome } from "../apply/result.ts";
import { jsonText } from "../model/json-text.ts";
import { escapeTerminal } from "./escape.ts";
import { newUsersFollowUp } from "./follow-ups.ts";
import { outcomeVerb } from "./outcome-words.ts";
import { wrap } from "./wrap.ts";

export const applyResultJson = (result: ApplyResult): string => `${jsonText(result, 2)}\n`;

export const applyResultText = (result: ApplyResult, { colour }: { readonly colour: boolean }): string => {
  const { outcomes, remaining } = result;
  const width = Math.max(0, ...outcomes.map(({ address }) => escapeTerminal(address).length));
  const sections = [
    outcomes.map((outcome) => outcomeLines(outcome, Math.min(width, 100), colour)).join(""),
    remaining.length === 0 ? "" : remainingLines(result),
    applyFollowUps(result)
      .flatMap((text) => wrap(escapeTerminal(text), 100))
      .map((text) => `${text}\n`)
      .join(""),
    `${applyLastLine(result)}\n`,
  ];
  return sections.filter((section) => section !== "").join("\n");
};

const outcomeLines = (
  { address, action, status, detail, failureReason, hint }: Outcome,
  width: number,
  colour: boolean,
): string => {
  const head = `  ${signs[status]} ${outcomeVerb({ status, action }).padEnd(15)} ${escapeTerminal(address).padEnd(width)}`;
  const lines = [
    paint(status, head.trimEnd(), colour),
    ...(detail === undefined ? [] : [`      ${escapeTerminal(detail)}`]),
    ...(failureReason?.split("\n") ?? []).map((line) => `      AWS: ${escapeTerminal(line)}`),
    ...(hint === undefined ? [] : [`      → ${escapeTerminal(hint)}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
};

const signs = { done: "✓", failed: "✗", skipped: "-", "not-started": "·" } as const;

const paint = (status: Outcome["status"], text: string, colour: boolean): string =>
  colour ? styleText(colours[status], text, { validateStream: false }) : text;

const colours = { done: "green", failed: "red", skipped: "yellow", "not-started": "yellow" } as const;

/** What is left to people, because no API does it. Not yet escaped. */
export const applyFollowUps = ({ outcomes }: Pick<ApplyResult, "outcomes">): string[] =>
  newUsersFollowUp(
    outcomes.flatMap(({ address, action, status }) =>
      status === "done" && action === "create" && address.startsWith("user/")
        ? [address.slice("user/".length)]
        : [],
    ),
  );

/** Whether what remains is what could not be verified any more, and nothing that was found. */
export const isUnverified = ({ interrupted, counts }: ApplyResult): boolean =>
  interrupted && counts.notStarted === 0;

export const remainingTitle = (result: ApplyResult): string =>
  isUnverified(result) ? "Not verified" : "Read back, and not as planned";

const remainingLines = (result: ApplyResult): string =>
  [
    `${remainingTitle(result)}:`,
    ...result.remaining.flatMap(({ address, detail }) => [
      `  ! ${escapeTerminal(address)}`,
      `      ${escapeTerminal(detail)}`,
    ]),
    "",
  ].join("\n");

/** Stable: pipelines look for it. */
export const applyLastLine = ({ counts, interrupted, stoppedByFailures }: ApplyResult): string => {
  const { created, updated, deleted, provisioned } = counts;
  const notAttemptedCount = counts.skipped + counts.notStarted;
  if (counts.failed + notAttemptedCount > 0) {
    const all = created + updated + deleted + provisioned;
    const what = interrupted
      ? "Apply interrupted"
      : stoppedByFailures
        ? `Apply stopped after ${counts.failed} failures`
        : "Apply incomplete";
    return `${what}: ${all} done, ${counts.failed} failed, ${notAttemptedCount} not attempted. Run it again: what is done is not done twice.`;
  }
  const parts = [`${created} created`, `${updated} updated`, `${deleted} deleted`];
  if (provisioned > 0) parts.push(`${provisioned} provisioned`);
  const sum = parts.join(", ");
  if (interrupted)
    return `Apply interrupted: ${sum}; ${counts.remaining} not verified. Plan again to see what stands there.`;
  return counts.remaining > 0
    ? `Apply not converged: ${sum}; ${counts.remaining} not as planned. Plan again to see what differs.`
    : `Apply complete: ${sum}.`;
};
