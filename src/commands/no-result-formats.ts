import { ReconcileError } from "../model/errors.ts";
import { errorFinding } from "../report/error-finding.ts";
import { type NoResult, noResultWords } from "../report/no-result.ts";
import { noResultSarif } from "../report/sarif.ts";
import type { CommandContext } from "./context.ts";
import { errorExitCode } from "./error-exit-code.ts";
import { exitCodes } from "./exit-codes.ts";
import {
  findingsAnnotations,
  findingsFormats,
  type FindingsFormat,
  renderFound,
  sarifOptions,
} from "./findings-formats.ts";
import { type FormatTarget, writeFormats } from "./formats.ts";
import { tellError } from "./tell-error.ts";
import { summarise } from "./workflow-summary.ts";
import { removeFile } from "./write-file.ts";

/**
 * Writes why there is no result wherever one was to go, so that no earlier file passes for this run's; a list in CSV,
 * which has no room for that, is removed. As text on stdout nothing: stderr has it. Resolves to whether it is in the job's summary.
 */
export const writeNoResult = async (
  why: NoResult,
  targets: readonly FormatTarget<string>[],
  context: CommandContext,
): Promise<boolean> => {
  const words = { ...noResultWords(why), verdict: "" };
  const wanted = targets.flatMap(({ format, file }) => {
    const known = findingsFormats.find((each) => each === format);
    return known === undefined || (known === "text" && file === null) ? [] : [{ format: known, file }];
  });
  for (const { format, file } of targets)
    if (file !== null && !findingsFormats.some((each) => each === format)) removeFile(file, context.cwd);
  const render = (format: FindingsFormat): string => {
    if (format === "github") return findingsAnnotations(why.findings, context);
    return format === "sarif"
      ? noResultSarif(why, context.version, sarifOptions(why.sources, context))
      : renderFound(why, format, words, context);
  };
  await writeFormats(wanted, null, render, context);
  return (
    wanted.some(({ format }) => format === "github") &&
    summarise(renderFound(why, "markdown", words, context), context)
  );
};

/** The same for what has ended the run. What fails here is told and no more: the run has failed already. */
export const writeFailure = async (
  error: unknown,
  { command, sources }: Pick<NoResult, "command" | "sources">,
  targets: readonly FormatTarget<string>[],
  context: CommandContext,
): Promise<boolean> => {
  const exitCode = error instanceof ReconcileError ? errorExitCode(error) : exitCodes.failed;
  const kind = exitCode === exitCodes.stale ? "stale" : exitCode === exitCodes.refused ? "refused" : "failed";
  try {
    return await writeNoResult({ command, kind, findings: [errorFinding(error)], sources }, targets, context);
  } catch (problem) {
    if (!(problem instanceof ReconcileError)) throw problem;
    tellError(problem, context.stderr);
    return false;
  }
};

/** For a command that ends in one of several ways: tells what has ended it, but once, and not after `stop`. */
export const failureTeller = (
  command: NoResult["command"],
  targets: readonly FormatTarget<string>[],
  context: CommandContext,
): { readonly tell: (error: unknown) => Promise<never>; readonly stop: () => void } => {
  let isDue = true;
  return {
    tell: async (error) => {
      if (isDue) {
        isDue = false;
        await writeFailure(error, { command, sources: new Map() }, targets, context);
      }
      throw error;
    },
    stop: () => {
      isDue = false;
    },
  };
};
