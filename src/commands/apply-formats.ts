import type { ApplyResult } from "../apply/result.ts";
import { applyJunit } from "../report/apply-junit.ts";
import { applyAnnotations, applyMarkdown } from "../report/apply-markdown.ts";
import { applyLastLine, applyResultJson, applyResultText } from "../report/apply-result.ts";
import type { CommandContext } from "./context.ts";
import { type FormatTarget, writeFormats } from "./formats.ts";
import { summarise } from "./workflow-summary.ts";
import { workflowText } from "./workflow-text.ts";

/** The first one is the default. */
export const applyFormats = ["text", "json", "markdown", "github", "junit"] as const;

export type ApplyFormat = (typeof applyFormats)[number];

/**
 * Writes what an apply did in each of the formats; stdout gets `standard` (null: nothing) where none goes there. github
 * also fills the job's summary.
 */
export const writeApplyResult = async (
  result: ApplyResult,
  targets: readonly FormatTarget<ApplyFormat>[],
  context: CommandContext,
  standard: ApplyFormat | null = "text",
): Promise<void> => {
  const text = (colour: boolean): string => applyResultText(result, { colour });
  const renderers: Record<ApplyFormat, (colour: boolean) => string> = {
    text,
    json: () => applyResultJson(result),
    markdown: () => applyMarkdown(result),
    github: () => workflowText("What was done", text(false), applyAnnotations(result), applyLastLine(result)),
    junit: () => applyJunit(result),
  };
  await writeFormats(targets, standard, (format, { colour }) => renderers[format](colour), context);
  if (targets.some(({ format }) => format === "github")) summarise(applyMarkdown(result), context);
};
