import { Command } from "commander";
import type { CommandContext } from "./context.ts";

/** Gives one command its arguments, options and action. `done` takes its exit code when it has run. */
export type DefineCommand = (
  command: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
) => void;

interface LazyCommand {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<DefineCommand>;
}

/** Only the command that is asked for is loaded: start-up is what a run of `validate` consists of. */
const commands: readonly LazyCommand[] = [
  {
    name: "validate",
    description: "check the manifest, offline: nothing of AWS is read",
    load: async () => (await import("./validate.ts")).defineValidate,
  },
  {
    name: "plan",
    description: "show what apply would change; writes nothing to AWS",
    load: async () => (await import("./plan.ts")).definePlan,
  },
  {
    name: "apply",
    description: "make Identity Center as the manifest says: plan, approve, carry out, check",
    load: async () => (await import("./apply.ts")).defineApply,
  },
  {
    name: "drift",
    description: "tell what was changed by hand; writes nothing to AWS, and repairs nothing",
    load: async () => (await import("./drift.ts")).defineDrift,
  },
  {
    name: "comment",
    description: "keep one comment with a saved plan on this pull request",
    load: async () => (await import("./comment.ts")).defineComment,
  },
  {
    name: "unlock",
    description: "take the lock of apply --lock from a run that can not give it back",
    load: async () => (await import("./unlock.ts")).defineUnlock,
  },
  {
    name: "sandbox",
    description: "run a local Identity Center, for trying things out; any AWS client works with it",
    load: async () => (await import("./sandbox.ts")).defineSandbox,
  },
  {
    name: "demo",
    description: "the main job on a local Identity Center, start to end; needs no AWS account",
    load: async () => (await import("./demo.ts")).defineDemo,
  },
  {
    name: "schema",
    description: "print the JSON Schema of the manifest, or of what the others print as JSON",
    load: async () => (await import("./schema.ts")).defineSchema,
  },
];

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
  for (const { name, description } of commands) program.command(name).description(description);
  program.hook("preSubcommand", async (_program, command) => {
    const define = await commands.find(({ name }) => name === command.name())?.load();
    define?.(command, context, done);
  });
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

Exit codes: 0 done, or nothing to do; 1 unexpected or AWS error; 2 changes (plan --detailed-exitcode), or drift;
3 invalid manifest or usage; 4 refused, by a guard or another run at work; 5 stale plan; 6 partly applied; 7 applied, not converged;
130 interrupted.

Try it without an AWS account:  reconcile demo`;
