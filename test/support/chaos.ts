/**
 * One seed of chaos: a random estate and a random manifest; the built command applies it, in half of the seeds from a
 * reviewed plan, to a sandbox that fails at random, and is killed (SIGKILL) at a random request; then the same command
 * runs again, without faults. What must hold afterwards
 * is worked out from the manifest and the estate alone.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import * as fc from "fast-check";
import { stringify } from "yaml";
import type { LogEntry } from "../../src/sandbox/log.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import type { SandboxInstance, SandboxState } from "../../src/sandbox/state.ts";
import { unaccounted } from "./chaos-trail.ts";
import { liveSketch } from "./random-access.ts";
import { expected, manifestOf, ownedOnlyFor, wanted } from "./random-manifest.ts";
import { root, sandboxEnvironment } from "./reconcile.ts";
import { sketchOf, stateOf } from "./sandbox-sketch.ts";

export interface ChaosOutcome {
  readonly seed: number;
  readonly killed: boolean;
  /** Requests that the sandbox failed on purpose. */
  readonly faults: number;
  readonly requests: number;
  /** What does not hold; empty: everything does. */
  readonly violations: readonly string[];
}

/** One of these. */
const rate = (...values: number[]) => fc.constantFrom(...values);
const chaos = fc.record({
  want: wanted,
  live: liveSketch,
  killAt: fc.integer({ min: 1, max: 160 }),
  /** Applied from a plan file, both times the same, or as the plan says. */
  reviewed: fc.boolean(),
  faults: fc.record({
    throttle: rate(0, 0.05, 0.2),
    error: rate(0, 0.05),
    reset: rate(0, 0.03),
    "lost-reply": rate(0, 0.05, 0.1),
    "async-failed": rate(0, 0.1),
    conflict: rate(0, 0.05),
    denied: rate(0, 0, 0.02),
    "stale-read": fc.constantFrom("0ms", "0ms", "300ms"),
  }),
});

export const runSeed = async (seed: number): Promise<ChaosOutcome> => {
  const [drawn] = fc.sample(chaos, { seed, numRuns: 1 });
  if (drawn === undefined) throw new Error("Nothing was drawn.");
  const { want, killAt } = drawn;
  const live = ownedOnlyFor(want, drawn.live);
  const folder = await mkdtemp(join(tmpdir(), "reconcile-chaos-"));
  await writeFile(join(folder, "access.yaml"), stringify(manifestOf(want)));
  const faults = `${Object.entries(drawn.faults)
    .map(([kind, value]) => `${kind}=${value}`)
    .join(",")},seed=${seed}`;
  const log: LogEntry[] = [];
  try {
    const start = stateOf(live);
    const goal = expected(want, sketchOf(instanceOf(start)));
    const before = structuredClone(instanceOf(start));
    if (drawn.reviewed) await run(folder, start, ["plan", "--out", "plan.json", ...allowances], [], {});
    const apply = [
      "apply",
      ...(drawn.reviewed ? ["--plan", "plan.json"] : ["--auto-approve"]),
      ...allowances,
    ];
    const first = await run(folder, start, apply, log, { faults, killAt });
    const second = await run(folder, first.state, apply, log, {});
    const violations = [
      ...(second.exitCode === 0 ? [] : [`the second run exits with ${second.exitCode}: ${second.output}`]),
      ...differences(goal, sketchOf(instanceOf(second.state))),
      ...touched(before, instanceOf(second.state), goal),
      ...unaccounted([start, first.state, second.state], await textOf(folder, "audit.jsonl")),
      ...(await planAfter(folder, second.state)),
    ];
    return {
      seed,
      killed: first.exitCode === null,
      faults: log.filter((entry) => entry.event === "request" && entry.outcome !== "ok").length,
      requests: log.length,
      violations,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const script = join(root, "dist/reconcile.js");
const allowances = [
  "empty-manifest=users:999,groups:999,memberships:999,permissionSets:999,assignments:999",
  "shrunken-manifest=999",
].flatMap((words) => ["--allow", words]);

interface Run {
  /** null: killed. */
  readonly exitCode: number | null;
  readonly output: string;
  readonly state: SandboxState;
}

const run = async (
  folder: string,
  seed: SandboxState,
  command: readonly string[],
  log: LogEntry[],
  { faults, killAt }: { readonly faults?: string; readonly killAt?: number },
): Promise<Run> => {
  let requests = 0;
  let kill = (): void => {};
  const sandbox = await startSandbox({
    seed,
    ...(faults === undefined ? {} : { faults }),
    log: (entry) => {
      log.push(entry);
      requests += 1;
      if (requests === killAt) kill();
    },
  });
  try {
    const child = spawn(process.execPath, [script, ...command, "--rps", "1000"], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...sandboxEnvironment(sandbox.url) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    kill = () => void child.kill("SIGKILL");
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { exitCode, output, state: structuredClone(sandbox.state) };
  } finally {
    await sandbox.close();
  }
};

const instanceOf = ({ instances: [instance] }: SandboxState): SandboxInstance => {
  if (instance === undefined) throw new Error("There is no instance.");
  return instance;
};

const differences = (goal: object, there: object): string[] =>
  isDeepStrictEqual(there, goal)
    ? []
    : Object.keys(goal).flatMap((part) => {
        const [wish, fact] = [goal, there].map((side) => JSON.stringify(side[part as keyof typeof side]));
        return wish === fact ? [] : [`${part}: expected ${wish}, found ${fact}`];
      });

/** Objects outside the goal's changes keep their ids: nothing was deleted and made again. */
const touched = (
  before: SandboxInstance,
  after: SandboxInstance,
  goal: ReturnType<typeof sketchOf>,
): string[] => {
  const lost = <T>(
    kind: string,
    list: readonly T[],
    now: readonly T[],
    name: (item: T) => string,
    id: (item: T) => string,
  ) => {
    const ids = new Map(now.map((item) => [name(item), id(item)]));
    return list.flatMap((item) => {
      const found = ids.get(name(item));
      return found === undefined || found === id(item) ? [] : [`${kind} ${name(item)} was made anew`];
    });
  };
  return [
    ...lost(
      "user",
      before.users,
      after.users,
      (user) => user.UserName,
      (user) => user.UserId,
    ),
    ...lost(
      "group",
      before.groups,
      after.groups,
      (group) => group.DisplayName,
      (group) => group.GroupId,
    ),
    ...lost(
      "permission set",
      before.permissionSets.filter(({ Name }) => Name in goal.sets),
      after.permissionSets,
      (set) => set.Name,
      (set) => set.PermissionSetArn,
    ),
  ];
};

const textOf = (folder: string, name: string): Promise<string> =>
  readFile(join(folder, ".reconcile", name), "utf8").catch(() => "");

const planAfter = async (folder: string, state: SandboxState): Promise<string[]> => {
  const { exitCode, output } = await run(
    folder,
    state,
    ["plan", "--detailed-exitcode", ...allowances],
    [],
    {},
  );
  return exitCode === 0 ? [] : [`the plan afterwards exits with ${exitCode}: ${output}`];
};
