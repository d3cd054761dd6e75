import { Readable } from "node:stream";
import type { CommandContext } from "../../src/commands/context.ts";
import { runCommand } from "../../src/commands/run-command.ts";
import { type Run, sandboxEnvironment } from "./reconcile.ts";

/**
 * Runs a command in this process: the same code as the built command without its start-up, for tests that run
 * hundreds. The AWS SDK reads the process's environment, so that a test file works with one sandbox at a time.
 */
export const runInProcess = async (
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly url: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly now?: () => number;
    /** The longest that the command sleeps at a time, in milliseconds: a fast sandbox need not be waited for. */
    readonly longestSleep?: number;
    /** What a person types; the command then runs on a terminal. Absent: there is none. */
    readonly terminal?: Readable;
    /** Called with all of stderr so far, each time that it grows. */
    readonly onStderr?: (text: string) => void;
  },
): Promise<Run> => {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, sandboxEnvironment(options.url), options.env);
  const texts = { stdout: "", stderr: "" };
  const append = (name: "stdout" | "stderr") => (text: string) => {
    texts[name] += text;
    if (name === "stderr") options.onStderr?.(texts.stderr);
  };
  const output = (name: "stdout" | "stderr") => ({
    write: append(name),
    writeExactly: append(name),
    isTTY: options.terminal !== undefined,
    columns: 100,
    colour: false,
  });
  const context: CommandContext = {
    cwd: options.cwd,
    env: process.env,
    stdin: Object.assign(options.terminal ?? Readable.from([]), { isTTY: options.terminal !== undefined }),
    stdout: output("stdout"),
    stderr: output("stderr"),
    now: options.now ?? Date.now,
    random: Math.random,
    sleep: (milliseconds) =>
      new Promise((resolve) =>
        setTimeout(resolve, Math.min(milliseconds, options.longestSleep ?? milliseconds)),
      ),
    signal: new AbortController().signal,
    self: [process.execPath, "reconcile"],
    version: "0.0.0-test",
  };
  const exitCode = await runCommand(args, context);
  return { exitCode, ...texts };
};
