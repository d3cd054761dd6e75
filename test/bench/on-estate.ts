import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogEntry } from "../../src/sandbox/log.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { type Run, reconcile, sandboxEnvironment } from "../support/reconcile.ts";
import type { Estate } from "./estate.ts";

export type RequestEntry = Extract<LogEntry, { event: "request" }>;
export type AsyncEndEntry = Extract<LogEntry, { event: "async-end" }>;

export interface Measured {
  readonly run: Run;
  readonly requests: readonly RequestEntry[];
  readonly ends: readonly AsyncEndEntry[];
}

/** Runs the built command, in a process of its own, on a sandbox that holds the estate. Throws where it fails. */
export const onEstate = async (
  estate: Estate,
  speed: "real" | "fast",
  args: readonly string[],
): Promise<Measured> => {
  const log: LogEntry[] = [];
  const sandbox = await startSandbox({ seed: estate.seed, speed, log: (entry) => log.push(entry) });
  const folder = await mkdtemp(join(tmpdir(), "reconcile-bench-"));
  try {
    // JSON is YAML.
    await writeFile(join(folder, "access.yaml"), JSON.stringify(estate.manifest));
    const run = await reconcile(args, { cwd: folder, env: sandboxEnvironment(sandbox.url) });
    if (run.exitCode !== 0)
      throw new Error(`reconcile ${args.join(" ")} exited with ${run.exitCode}:\n${run.stderr}`);
    return {
      run,
      requests: log.filter((entry) => entry.event === "request"),
      ends: log.filter((entry) => entry.event === "async-end"),
    };
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
};

/** The plan of an estate where everything stands already. */
export const planOf = async (
  estate: Estate,
  speed: "real" | "fast",
  args: readonly string[] = [],
): Promise<Measured> => {
  const measured = await onEstate(estate, speed, ["plan", ...args]);
  if (!measured.run.stdout.includes("No changes."))
    throw new Error(`The plan should be empty:\n${measured.run.stdout}`);
  return measured;
};

/** Calls by the quota that they count against. */
export const callsByQuota = (requests: readonly RequestEntry[]): ReadonlyMap<string, number> => {
  const calls = new Map<string, number>();
  for (const { service, operation } of requests) {
    const quota = service === "sso-admin" ? service : `${service} ${operation}`;
    calls.set(quota, (calls.get(quota) ?? 0) + 1);
  }
  return calls;
};

/** Seconds from the first request to the last. */
export const secondsOf = (requests: readonly RequestEntry[]): number => {
  const times = requests.map(({ time }) => Date.parse(time));
  return (Math.max(...times) - Math.min(...times)) / 1000;
};
