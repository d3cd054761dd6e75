import type { AwsDirectory } from "../model/ports.ts";
import type { Plan } from "../plan/plan.ts";
import { serialisePlan } from "../plan/plan-file.ts";
import { createProgressReporter } from "../report/progress.ts";
import { renderPlan } from "../report/renderers.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import {
  allowOption,
  formatOption,
  manifestArgument,
  type ReadingOptions,
  rpsOption,
  strategyOption,
} from "./options.ts";
import type { DefineCommand } from "./program.ts";
import { accountNames, planStages } from "./read-stages.ts";
import { writeFileAtomically } from "./write-file.ts";

interface PlanCommandOptions extends ReadingOptions {
  readonly out?: string;
  readonly format: "text" | "json" | "markdown";
  readonly detailedExitcode?: true;
}

export const definePlan: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .option("--out <file>", "also write the plan, as JSON")
    .addOption(formatOption(["text", "json", "markdown"]))
    .option("--detailed-exitcode", "exit with 2 where there are changes, 0 where there are none")
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
    const text = serialisePlan(planned.plan);
    if (options.out !== undefined) await writeFileAtomically(options.out, text, context.cwd);
    const { stdout } = context;
    stdout.write(
      renderPlan(planned.plan, options.format, { ...stdout, accountNames: accountNames(planned.live) }),
    );
    return planExitCode(planned.plan, options.detailedExitcode === true);
  } finally {
    progress.finish();
    directory?.close();
  }
};

const planExitCode = (plan: Plan, detailed: boolean): number => {
  if (plan.guards.some(({ verdict }) => verdict === "refused")) return exitCodes.refused;
  return detailed && plan.changes.length > 0 ? exitCodes.changes : exitCodes.ok;
};
