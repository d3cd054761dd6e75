import { Command } from "commander";
import { addApply } from "./apply.ts";
import type { CommandContext } from "./context.ts";
import { addDemo } from "./demo.ts";
import { addPlan } from "./plan.ts";
import { addSandbox } from "./sandbox.ts";
import { addSchema } from "./schema.ts";
import { addValidate } from "./validate.ts";

/** Adds one command to the program. `done` takes the exit code of the command when it has run. */
export type AddCommand = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
) => void;

const commands: readonly AddCommand[] = [addValidate, addPlan, addApply, addSandbox, addDemo, addSchema];

export const buildProgram = (context: CommandContext, done: (exitCode: number) => void): Command => {
  const program = new Command("reconcile")
    .description("GitOps for AWS IAM Identity Center: who can reach which AWS account, in YAML.")
    .version(context.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .addHelpText("after", epilogue)
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      getOutHelpWidth: () => context.stdout.columns,
      getErrHelpWidth: () => context.stderr.columns,
    })
    .showHelpAfterError("Run `reconcile --help` for the commands and options.")
    .enablePositionalOptions()
    .exitOverride();
  for (const add of commands) add(program, context, done);
  program
    .command("version")
    .description("print the version")
    .action(() => {
      context.stdout.write(`${context.version}\n`);
      done(0);
    });
  return program;
};

const epilogue = `
MANIFEST is a file or a folder; without it, access.yaml, else access/.
Credentials, Region, profile and endpoints are the AWS SDK's own (AWS_PROFILE, AWS_REGION, ...).

Exit codes: 0 done, or nothing to do; 1 unexpected or AWS error; 2 changes (plan --detailed-exitcode);
3 invalid manifest or usage; 4 refused by a guard; 5 stale plan; 6 partly applied; 7 applied, not converged;
130 interrupted.

Try it without an AWS account:  reconcile demo`;
