import { once } from "node:events";
import { InvalidArgumentError } from "commander";
import { UsageError } from "../model/errors.ts";
import { faultForms } from "../sandbox/faults.ts";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../sandbox/server.ts";
import { SandboxUsageError } from "../sandbox/usage-error.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { DefineCommand } from "./program.ts";
import { runChild } from "./run-child.ts";
import { leadingElsewhere, sandboxEnvironment, sandboxVariables } from "./sandbox-environment.ts";

interface SandboxCommandOptions {
  readonly port: number;
  readonly state?: string;
  readonly seed?: string;
  readonly speed: "real" | "fast";
  readonly faults?: string;
  readonly log?: string;
}

export const defineSandbox: DefineCommand = (command, context, done) => {
  command
    .argument(
      "[COMMAND...]",
      "after --: run this against the sandbox, then stop; the exit code is the command's",
    )
    .option("--port <number>", "port on 127.0.0.1 (default: any free one)", parsePort, 0)
    .option("--state <file>", "keep what it holds in this file across restarts")
    .option("--seed <file>", "start with what this file holds (JSON, the same shape as the state file)")
    .option(
      "--speed <how>",
      "real: AWS's rates and durations; fast: the same rules without the waiting",
      parseSpeed,
      "fast",
    )
    .option(
      "--faults <spec>",
      "make it fail on purpose, repeatably: a list such as throttle=0.3,reset=0.02,seed=42 (see below)",
    )
    .option("--log <file>", "append one JSON line for each request")
    .passThroughOptions()
    .addHelpText(
      "after",
      `\nFaults (RATE from 0 to 1, TIME like 500ms, 2s or 10m):\n${faults}\n\nExamples:\n${examples}`,
    )
    .action(async (argv: string[], options: SandboxCommandOptions) => {
      const sandbox = await start(options);
      try {
        done(argv.length > 0 ? await runInside(argv, sandbox, context) : await serve(sandbox, context));
      } finally {
        await sandbox.close();
      }
    });
};

const faults = faultForms.map(([form, what]) => `  ${form.padEnd(22)}  ${what}`).join("\n");

const examples = `  reconcile sandbox -- reconcile plan examples/getting-started
  reconcile sandbox -- aws sso-admin list-instances
  reconcile sandbox --state sandbox.json          prints the exports, serves until Ctrl-C`;

/** Starts a sandbox; what is wrong with its options becomes a usage error. */
const start = async (options: SandboxOptions): Promise<RunningSandbox> => {
  try {
    return await startSandbox(options);
  } catch (error) {
    if (error instanceof SandboxUsageError)
      throw new UsageError("sandbox-options", error.message, { cause: error });
    throw error;
  }
};

const runInside = async (
  command: readonly string[],
  sandbox: RunningSandbox,
  context: CommandContext,
): Promise<number> => {
  const [name = "", ...args] = command;
  // `reconcile` inside means this very command, wherever it is installed.
  const argv = name === "reconcile" ? [...context.self, ...args] : command;
  return runChild(argv, sandboxEnvironment(sandbox.url, context.env), context);
};

const serve = async (sandbox: RunningSandbox, context: CommandContext): Promise<number> => {
  // Whatever else the user's shell has would win over these in some client, or reach a real account.
  context.stdout.write(`unset ${leadingElsewhere.join(" ")}\n`);
  for (const [name, value] of Object.entries(sandboxVariables(sandbox.url))) {
    context.stdout.write(`export ${name}=${value}\n`);
  }
  context.stderr.write(
    `\nA local Identity Center serves at ${sandbox.url}. Paste the lines above into another shell. Stop: Ctrl-C\n`,
  );
  if (!context.signal.aborted) await once(context.signal, "abort");
  return exitCodes.ok;
};

const parsePort = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("Expected 0 to 65535.");
  return port;
};

const parseSpeed = (text: string): string => {
  if (text !== "real" && text !== "fast") throw new InvalidArgumentError("Expected real or fast.");
  return text;
};
