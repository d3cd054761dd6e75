import { setMaxListeners } from "node:events";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import type { CommandContext, Output } from "./commands/context.ts";
import { forRunner } from "./commands/runner-output.ts";
import { runCommand } from "./commands/run-command.ts";
import { version } from "./version.ts";

/**
 * argv → command → exit code. The only file that touches the process. The exit code is set, never forced, so that
 * what was written to a pipe arrives whole.
 */
// Every call that waits listens to the one signal: to Node.js many listeners look like a leak, and it warns the user.
setMaxListeners(0);
const interrupt = new AbortController();
let signals = 0;
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    signals += 1;
    interrupt.abort(new Error(name));
    if (signals > 1) process.exit(130);
  });
}

/**
 * A reader that went away (`reconcile plan | head`) is no failure, and ends nothing: an apply that is under way is
 * carried through, and its exit code says what became of it. Output that was lost for another cause is one.
 */
let isOutputLost = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") return;
    isOutputLost = true;
    process.exitCode ||= 1;
  });
}

const output = (stream: NodeJS.WriteStream & { readonly fd: number }): Output => {
  const write = (text: string): void => void stream.write(text);
  const isTTY = isatty(stream.fd);
  return forRunner(
    {
      write,
      writeExactly: write,
      isTTY,
      columns: stream.columns ?? 100,
      colour: isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb",
    },
    process.env,
  );
};

const context: CommandContext = {
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  now: Date.now,
  random: Math.random,
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
  signal: interrupt.signal,
  self: [process.execPath, fileURLToPath(import.meta.url)],
  version,
};

process.exitCode = (await runCommand(process.argv.slice(2), context)) || Number(isOutputLost);
// A read that was broken off still has calls under way, which nobody waits for.
if (interrupt.signal.aborted) process.stdout.write("", () => process.exit());
