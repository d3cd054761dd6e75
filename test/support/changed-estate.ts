import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogEntry } from "../../src/sandbox/log.ts";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import type { SandboxState } from "../../src/sandbox/state.ts";
import { estate, holdings } from "./estate.ts";
import { runInProcess } from "./in-process.ts";
import { createWorld, type World } from "./world.ts";

/** What a change of the estate starts from and leads to: for applies that break off in the middle of it. */
export interface ChangedEstate {
  readonly before: SandboxState;
  readonly wanted: ReturnType<typeof holdings>;
  /** The calls that lead there without a disturbance, in their order. */
  readonly writes: readonly WriteEntry[];
}

/** To be called once for a test file: applies both manifests, one after the other. */
export const changeEstate = async (): Promise<ChangedEstate> => {
  const world = await createWorld();
  try {
    await apply(world, estate.before);
    const before = structuredClone(world.state);
    for (const instance of before.instances) instance.requests = [];
    const start = world.log.length;
    await apply(world, estate.after);
    return { before, wanted: holdings(world), writes: world.log.slice(start).filter(isWritten) };
  } finally {
    await world.close();
  }
};

/** A world as it was before, with after.yaml; `onWrite` is called at each write that has taken effect. */
export const openBefore = async (
  { before }: ChangedEstate,
  { onWrite, ...options }: SandboxOptions & { readonly onWrite?: (count: number) => void } = {},
): Promise<World> => {
  const log: LogEntry[] = [];
  let count = 0;
  const world = await createWorld({
    seed: before,
    ...options,
    log: (entry) => {
      log.push(entry);
      if (isWritten(entry)) onWrite?.((count += 1));
    },
  });
  await world.write("after.yaml", estate.after);
  return { ...world, log };
};

export type WriteEntry = Extract<LogEntry, { event: "request" }>;

/** lost-reply: done all the same. */
export const isWritten = (entry: LogEntry): entry is WriteEntry =>
  entry.event === "request" &&
  !/^(List|Describe|Get|Is)/.test(entry.operation) &&
  (entry.outcome === "ok" || entry.outcome === "lost-reply");

export interface AuditLine {
  readonly address: string;
  readonly planDigest: string;
  readonly outcome: string;
  readonly requestIds: readonly string[];
  readonly detail?: string;
}

export const auditLines = ({ folder }: World): readonly AuditLine[] =>
  readFileSync(join(folder, ".reconcile/audit.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line): AuditLine => JSON.parse(line));

const apply = async (world: World, manifest: object): Promise<void> => {
  await world.write("access.yaml", manifest);
  const { exitCode, stderr } = await runInProcess(["apply", "--auto-approve", "--rps", "1000"], {
    cwd: world.folder,
    url: world.sandbox.url,
    longestSleep: 20,
  });
  if (exitCode !== 0) throw new Error(`The estate was not applied: ${stderr}`);
};
