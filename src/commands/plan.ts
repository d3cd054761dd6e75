import type { AwsDirectory } from "../model/ports.ts";
import type { Plan } from "../plan/plan.ts";
import { createProgressReporter } from "../report/progress.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type FormatTarget, formatsOption } from "./formats.ts";
import {
  allowOption,
  manifestArgument,
  maxAgeOption,
  onlyOption,
  type ReadingOptions,
  rpsOption,
  strategyOption,
} from "./options.ts";
import { planFormats, type PlanOutput, writePlan } from "./plan-formats.ts";
import type { DefineCommand } from "./program.ts";
import { planStages } from "./read-stages.ts";
import { savePlan } from "./save-plan.ts";

interface PlanCommandOptions extends ReadingOptions {
  readonly out?: string;
  readonly maxAge: number;
  readonly format: readonly FormatTarget<PlanOutput>[];
  readonly detailedExitcode?: true;
}

export const definePlan: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .option("--out <file>", "also write the plan to a file, for apply --plan")
    .addOption(maxAgeOption())
    .addOption(formatsOption(planFormats))
    .option("--detailed-exitcode", "exit with 2 where there are changes, 0 where there are none")
    .addOption(onlyOption())
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
  const progress = createProgressReporter({ ...context.stderr, stream: context.stderr, now: context.now });
  let directory: AwsDirectory | undefined;
  const open = async (): Promise<AwsDirectory> => {
    const { openDirectory } = await import("../aws/directory.ts");
    directory = await openDirectory({ rps: options.rps, onProgress: progress.onProgress });
    return directory;
  };
  try {
    const planned = await planStages(path, open, { ...options, ...progress }, context);
    if (planned === null) return exitCodes.invalid;
    if (options.out !== undefined) await savePlan(planned.plan, options.out, options.maxAge, context);
    await writePlan(planned, options.format, context);
    return planExitCode(planned.plan, options.detailedExitcode === true);
  } finally {
    progress.finish();
    directory?.close();
  }
};

const planExitCode = (plan: Plan, detailed: boolean): number => {
  if (plan.guards.some(({ verdict }) => verdict === "refused")) return exitCodes.refused;
  if (!detailed) return exitCodes.ok;
  if (plan.changes.length > 0) return exitCodes.changes;
  // A pipeline must not take an unread account for one that is as declared.
  return plan.unchecked.length > 0 ? exitCodes.failed : exitCodes.ok;
};
