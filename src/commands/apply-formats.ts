import type { ApplyResult } from "../apply/result.ts";
import { annotationLines, escapeWorkflowText, groupEnd, groupStart } from "../forge/workflow-commands.ts";
import { applyJunit } from "../report/apply-junit.ts";
import { applyAnnotations, applyMarkdown } from "../report/apply-markdown.ts";
import { applyLastLine, applyResultJson, applyResultText } from "../report/apply-result.ts";
import type { CommandContext } from "./context.ts";
import { type FormatTarget, writeFormats } from "./formats.ts";
import { summarise } from "./workflow-summary.ts";

/** The first one is the default. */
export const applyFormats = ["text", "json", "markdown", "github", "junit"] as const;

export type ApplyFormat = (typeof applyFormats)[number];

/** Writes what an apply did in each of the formats. github also fills the job's summary. */
export const writeApplyResult = async (
  result: ApplyResult,
  targets: readonly FormatTarget<ApplyFormat>[],
  context: CommandContext,
): Promise<void> => {
  const renderers: Record<ApplyFormat, (colour: boolean) => string> = {
    text: (colour) => applyResultText(result, { colour }),
    json: () => applyResultJson(result),
    markdown: () => applyMarkdown(result),
    github: () => workflowText(result),
    junit: () => applyJunit(result),
  };
  await writeFormats(targets, "text", (format, { colour }) => renderers[format](colour), context);
  if (targets.some(({ format }) => format === "github")) summarise(applyMarkdown(result), context);
};

const workflowText = (result: ApplyResult): string => {
  const lines = [
    groupStart("What was done"),
    escapeWorkflowText(applyResultText(result, { colour: false }).trimEnd()),
    groupEnd,
    ...annotationLines(applyAnnotations(result)),
    applyLastLine(result),
  ];
  return `${lines.join("\n")}\n`;
};
