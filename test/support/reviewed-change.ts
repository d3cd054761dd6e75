import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect } from "vitest";
import { type ChangedEstate, changeEstate, openBefore } from "./changed-estate.ts";
import { holdings } from "./estate.ts";
import { runInProcess } from "./in-process.ts";
import { type Run, type Running, sandboxEnvironment, startReconcile } from "./reconcile.ts";
import { settled } from "./settled.ts";
import type { World } from "./world.ts";

/** A world for each test of a file, in which a plan of what is wanted was reviewed: plan.json. */
export const useReviewedChange = () => {
  let change: ChangedEstate;
  let world: World;
  beforeAll(async () => {
    change = await changeEstate();
  }, 120_000);
  afterEach(() => world?.close());

  const inProcess = (...args: readonly string[]): Promise<Run> =>
    runInProcess([...args, "--rps", "1000"], {
      cwd: world.folder,
      url: world.sandbox.url,
      longestSleep: 20,
    });
  const apply = (...args: readonly string[]): Running =>
    startReconcile(["apply", "after.yaml", ...args, "--rps", "1000"], {
      cwd: world.folder,
      env: sandboxEnvironment(world.sandbox.url),
    });
  const file = (name: string): string => readFileSync(join(world.folder, name), "utf8");
  return {
    world: () => world,
    writes: () => change.writes.length,
    open: async (options: Parameters<typeof openBefore>[1] = {}): Promise<void> => {
      world = await openBefore(change, options);
      expect(await inProcess("plan", "after.yaml", "--out", "plan.json")).toMatchObject({ exitCode: 0 });
    },
    inProcess,
    apply,
    /** The same command with the same plan. */
    again: (...args: readonly string[]): Promise<Run> => apply("--plan", "plan.json", ...args).ended,
    file,
    digest: (): string => (JSON.parse(file("plan.json")) as { digest: string }).digest,
    /** What is held when nothing is in progress any more. */
    heldAtRest: async (): Promise<ReturnType<typeof holdings>> => {
      await settled(world);
      return holdings(world);
    },
    expectDone: async (run: Run): Promise<void> => {
      expect(`${run.stderr}${run.exitCode}`).toMatch(/0$/);
      expect(holdings(world)).toEqual(change.wanted);
      expect((await inProcess("plan", "after.yaml")).stdout).toMatch(/No changes\.\n$/);
    },
    expectRefused: (run: Run, held: ReturnType<typeof holdings>): void => {
      expect(run.exitCode).toBe(5);
      expect(holdings(world)).toEqual(held);
    },
  };
};
