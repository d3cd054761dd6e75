import { CommanderError } from "commander";
import { ReconcileError } from "../model/errors.ts";
import { escapeTerminal } from "../report/escape.ts";
import type { CommandContext } from "./context.ts";
import { errorExitCode } from "./error-exit-code.ts";
import { exitCodes } from "./exit-codes.ts";
import { Interrupted } from "./interruption.ts";
import { buildProgram } from "./program.ts";
import { tellError } from "./tell-error.ts";

/** Runs one command and answers its exit code. Never throws: what a command throws becomes a message here. */
export const runCommand = async (argv: readonly string[], context: CommandContext): Promise<number> => {
  const outcome: { exitCode: number } = { exitCode: exitCodes.ok };
  const program = buildProgram(context, (exitCode) => {
    outcome.exitCode = exitCode;
  });
  try {
    await program.parseAsync(withHelpOption(argv), { from: "user" });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.invalid;
    return explain(error, context);
  }
};

/** `help plan` is `plan --help`: a command knows its options only once it is loaded, and that is on the way to it. */
const withHelpOption = (argv: readonly string[]): readonly string[] =>
  argv[0] === "help" && argv[1] !== undefined ? [argv[1], "--help"] : argv;

const explain = (error: unknown, context: CommandContext): number => {
  const { stderr } = context;
  if (error instanceof Interrupted) {
    stderr.write(`${error.message}\n`);
    return exitCodes.interrupted;
  }
  if (error instanceof ReconcileError) {
    tellError(error, stderr);
    return errorExitCode(error);
  }
  // Waiting for the lock, or for an answer, was broken off: that is no bug, and nothing had been begun.
  if (context.signal.aborted && error === context.signal.reason) {
    stderr.write("Interrupted. Nothing was changed.\n");
    return exitCodes.interrupted;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write("error[internal]: This is a bug in reconcile. Please report it with the lines below.\n");
  for (const line of detail.split("\n")) stderr.write(`  | ${escapeTerminal(line)}\n`);
  return exitCodes.failed;
};
