import type { AwsDirectory } from "../model/ports.ts";
import type { Plan } from "../plan/plan.ts";
import { isRefused } from "../plan/refused.ts";
import type { CommandContext } from "./context.ts";
import { environmentOption } from "./environment-option.ts";
import { exitCodes } from "./exit-codes.ts";
import { type FormatTarget, formatsOption } from "./formats.ts";
import {
  allowOption,
  manifestArgument,
  maxAgeOption,
  onlyOption,
  type ReadingOptions,
  rpsOption,
  sinceOption,
  strategyOption,
} from "./options.ts";
import { manifestPlace } from "./manifest-place.ts";
import { writeFailure, writeNoResult } from "./no-result-formats.ts";
import { checkOutputFiles, formatFiles, optionalFile } from "./output-files.ts";
import { planFormats, type PlanOutput, writePlan } from "./plan-formats.ts";
import { forgeToComment, postComment } from "./post-comment.ts";
import type { DefineCommand } from "./program.ts";
import { tellProgress } from "./tell-progress.ts";
import { accountNames, followRun, planStages } from "./read-stages.ts";
import { tellWarnings } from "./tell-warnings.ts";
import { planOutputs, writeWorkflowOutputs } from "./workflow-outputs.ts";
import { forgeOfReview, tellReviewed } from "./tell-reviewed.ts";
import { tellNoPlan } from "./tell-no-plan.ts";
import { savePlan } from "./save-plan.ts";

interface PlanCommandOptions extends ReadingOptions {
  readonly out?: string;
  readonly maxAge: number;
  readonly format: readonly FormatTarget<PlanOutput>[];
  readonly detailedExitcode?: true;
  readonly comment?: true;
  readonly reviewed?: true;
  readonly environment?: string;
}

export const definePlan: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .option("--out <file>", "also write the plan to a file, for apply --plan")
    .addOption(maxAgeOption())
    .addOption(formatsOption(planFormats))
    .option("--comment", "keep one comment with the plan on this pull request (GitHub Actions, GitLab CI)")
    .addOption(
      environmentOption("which comment it is, where there are several (default: the manifest's own)"),
    )
    .option(
      "--reviewed",
      "after the merge: say whether this is the plan that the pull request showed (GitHub Actions, GitLab CI)",
    )
    .option("--detailed-exitcode", "exit with 2 where there are changes, 0 where there are none")
    .addOption(onlyOption())
    .addOption(sinceOption())
    .addOption(allowOption())
    .addOption(rpsOption())
    .addOption(strategyOption())
    .action(async (path: string | undefined, options: PlanCommandOptions) => {
      done(await showPlan(path, options, context));
    });
};

const showPlan = async (
  path: string | undefined,
  options: PlanCommandOptions,
  context: CommandContext,
): Promise<number> => {
  const { environment } = options;
  const forge = options.comment === true ? forgeToComment(context) : null;
  const review = options.reviewed === true ? forgeOfReview(context) : null;
  checkOutputFiles(path, [...formatFiles(options.format), ...optionalFile("--out", options.out)], context);
  const progress = tellProgress(context);
  let directory: AwsDirectory | undefined;
  const open = async (): Promise<AwsDirectory> => {
    const { openDirectory } = await import("../aws/directory.ts");
    directory = await openDirectory({ rps: options.rps, onProgress: progress.onProgress });
    return directory;
  };
  const { known, onKnown } = followRun();
  const manifest = manifestPlace(path, context);
  const commenting = forge && { environment, manifest, startedAt: context.now(), description: forge };
  try {
    const planned = await planStages(path, open, { ...options, ...progress, onKnown }, context).catch(
      async (error: unknown) => {
        progress.finish();
        const failed = { command: "plan", sources: known().sources } as const;
        const inSummary = await writeFailure(error, failed, options.format, context);
        if (commenting !== null) await tellNoPlan({ ...commenting, inSummary }, known(), context, error);
        throw error;
      },
    );
    if (planned === null) {
      const invalid = { ...known(), command: "plan", kind: "invalid" } as const;
      const inSummary = await writeNoResult(invalid, options.format, context);
      if (commenting !== null) await tellNoPlan({ ...commenting, inSummary }, known(), context);
      return exitCodes.invalid;
    }
    if (options.out !== undefined)
      await savePlan(planned, options.out, { maxAge: options.maxAge, manifest }, context);
    const printed = options.format.find(({ file }) => file === null)?.format ?? "text";
    if (printed !== "text") tellWarnings(planned, context);
    const note = review && (await tellReviewed(planned.plan, review, { environment, manifest }, context));
    const inSummary = await writePlan(planned, options.format, note, context);
    writeWorkflowOutputs(planOutputs(planned.plan, options.out, note?.same ?? false), context);
    if (forge !== null) {
      const { readAt: validAt } = planned;
      const comment = { environment, manifest, validAt, accountNames: accountNames(planned), inSummary };
      await postComment(planned.plan, forge, comment, context);
    }
    return planExitCode(planned.plan, options.detailedExitcode === true, context);
  } finally {
    progress.finish();
    directory?.close();
  }
};

const planExitCode = (plan: Plan, detailed: boolean, { stderr }: CommandContext): number => {
  if (isRefused(plan)) return exitCodes.refused;
  if (!detailed) return exitCodes.ok;
  if (plan.changes.length > 0) return exitCodes.changes;
  if (plan.unchecked.length === 0) return exitCodes.ok;
  // A pipeline must not take an unread account for one that is as declared.
  stderr.write("Exit code 1: not everything could be read, so nobody knows whether it is as declared.\n");
  return exitCodes.failed;
};
