import type { AwsDirectory } from "../model/ports.ts";
import type { Plan } from "../plan/plan.ts";
import { type Saved, serialisePlan } from "../plan/plan-file.ts";
import { createProgressReporter } from "../report/progress.ts";
import { renderPlan } from "../report/renderers.ts";
import { checkedOutCommit } from "./commit.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import {
  allowOption,
  formatOption,
  manifestArgument,
  maxAgeOption,
  onlyOption,
  type ReadingOptions,
  rpsOption,
  strategyOption,
} from "./options.ts";
import type { DefineCommand } from "./program.ts";
import { accountNames, planStages } from "./read-stages.ts";
import { writeFileAtomically } from "./write-file.ts";

interface PlanCommandOptions extends ReadingOptions {
  readonly out?: string;
  readonly maxAge: number;
  readonly format: "text" | "json" | "markdown";
  readonly detailedExitcode?: true;
}

export const definePlan: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .option("--out <file>", "also write the plan to a file, for apply --plan")
    .addOption(maxAgeOption())
    .addOption(formatOption(["text", "json", "markdown"]))
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
    if (options.out !== undefined) {
      const text = serialisePlan(planned.plan, await savedNow(options.maxAge, context));
      await writeFileAtomically(options.out, text, context.cwd);
    }
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

const savedNow = async (maxAge: number, { now, env, cwd }: CommandContext): Promise<Saved> => {
  const createdAt = now();
  return { createdAt, expiresAt: createdAt + maxAge, commit: await checkedOutCommit(env, cwd) };
};

const planExitCode = (plan: Plan, detailed: boolean): number => {
  if (plan.guards.some(({ verdict }) => verdict === "refused")) return exitCodes.refused;
  return detailed && plan.changes.length > 0 ? exitCodes.changes : exitCodes.ok;
};
