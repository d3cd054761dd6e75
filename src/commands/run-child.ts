import { spawn } from "node:child_process";
import { UsageError } from "../model/errors.ts";
import { exitCodes } from "./exit-codes.ts";

/**
 * Runs a command on this terminal and answers its exit code (128 + n where signal n ended it). Ctrl-C reaches the
 * child by itself; a SIGTERM to us is passed on.
 */
export const runChild = async (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<number> => {
  const [file = "", ...args] = argv;
  const child = spawn(file, args, { cwd: options.cwd, env, stdio: "inherit" });
  const stop = () => child.kill("SIGTERM");
  options.signal.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        const why = error.code === "ENOENT" ? "there is no such command" : error.message;
        reject(new UsageError("cannot-run", `Cannot run ${file}: ${why}`, { cause: error }));
      });
      child.once("close", (code, signal) =>
        resolve(code ?? (signal === "SIGINT" ? exitCodes.interrupted : 143)),
      );
    });
  } finally {
    options.signal.removeEventListener("abort", stop);
  }
};
