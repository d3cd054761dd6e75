import type { Plan } from "../plan/plan.ts";
import { serialisePlan } from "../plan/plan-file.ts";
import { createProgressReporter } from "../report/progress.ts";
import { renderPlan } from "../report/renderers.ts";
import { exitCodes } from "./exit-codes.ts";
import { allowOption, formatOption, manifestArgument, rpsOption, strategyOption } from "./options.ts";
import type { AddCommand } from "./program.ts";
import { accountNames, planStages } from "./read-stages.ts";
import { writeFileAtomically } from "./write-file.ts";

interface PlanCommandOptions {
  readonly out?: string;
  readonly format: "text" | "json" | "markdown";
  readonly detailedExitcode?: true;
  readonly allow: ReadonlyMap<string, string>;
  readonly rps?: number;
  readonly strategy: "auto" | "pairs" | "principals";
}

export const addPlan: AddCommand = (program, context, done) => {
  program
    .command("plan")
    .description("show what apply would change; writes nothing to AWS")
    .addArgument(manifestArgument())
    .option("--out <file>", "also write the plan, as JSON")
    .addOption(formatOption(["text", "json", "markdown"]))
    .option("--detailed-exitcode", "exit with 2 where there are changes, 0 where there are none")
    .addOption(allowOption())
    .addOption(rpsOption())
    .addOption(strategyOption())
    .action(async (path: string | undefined, options: PlanCommandOptions) => {
      const progress = createProgressReporter({
        stream: context.stderr,
        now: context.now,
        colour: context.stderr.colour,
      });
      const openDirectory = async () => {
        const aws = await import("../aws/directory.ts");
        return aws.openDirectory({ rps: options.rps, onProgress: progress.onProgress });
      };
      const planned = await planStages(
        path,
        openDirectory,
        { ...options, onProgress: progress.onProgress },
        context,
      );
      progress.finish();
      if (planned === null) return done(exitCodes.invalid);
      const { plan, live } = planned;
      if (options.out !== undefined) await writeFileAtomically(options.out, serialisePlan(plan), context.cwd);
      context.stdout.write(
        renderPlan(plan, options.format, {
          colour: context.stdout.colour,
          columns: context.stdout.columns,
          accountNames: accountNames(live),
        }),
      );
      done(planExitCode(plan, options.detailedExitcode === true));
    });
};

const planExitCode = (plan: Plan, detailed: boolean): number => {
  if (plan.guards.some(({ verdict }) => verdict === "refused")) return exitCodes.refused;
  return detailed && plan.changes.length > 0 ? exitCodes.changes : exitCodes.ok;
};
