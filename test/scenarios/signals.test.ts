/** A signal while an apply is at work: it lets end what is under way, or goes at once; the next apply carries on. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, it } from "vitest";
import { noFaults } from "../../src/sandbox/faults.ts";
import {
  auditLines,
  type ChangedEstate,
  changeEstate,
  isWritten,
  openBefore,
} from "../support/changed-estate.ts";
import { holdings } from "../support/estate.ts";
import { type Running, sandboxEnvironment, startReconcile } from "../support/reconcile.ts";
import { repeatedRequests } from "../support/repeated-requests.ts";
import type { World } from "../support/world.ts";

let change: ChangedEstate;
beforeAll(async () => {
  change = await changeEstate();
}, 120_000);

let world: World;
afterEach(() => world?.close());

const start = (...args: readonly string[]): Running =>
  startReconcile(["apply", "after.yaml", "--auto-approve", "--rps", "500", ...args], {
    cwd: world.folder,
    env: sandboxEnvironment(world.sandbox.url),
  });
/** Its log grows while the test goes on. */
const open = async (options: Parameters<typeof openBefore>[1] = {}): Promise<World["log"]> => {
  world = await openBefore(change, options);
  return world.log;
};

it.each(["SIGINT", "SIGTERM"] as const)(
  "%s: what is under way ends, what is left is told",
  async (signal) => {
    const faults = slow(1000);
    let victim: Running | undefined;
    await open({
      faults,
      onWrite: () => {
        if (!world.instance.requests.some(({ kind }) => kind === "create-assignment")) return;
        victim?.kill(signal);
        // A second one would stop at once.
        victim = undefined;
      },
    });
    victim = start();
    const run = await victim.ended;
    expect(run.exitCode).toBe(130);
    expect(run.stderr).toContain("Stopping: nothing new is started, what is under way is awaited.");
    expect(run.stdout).toMatch(/· not started +\S+\//);
    expect(run.stdout).toMatch(/^Apply interrupted: \d+ done, \d+ failed, \d+ not attempted\./m);
    expect(world.instance.requests.filter(({ Status }) => Status === "IN_PROGRESS")).toEqual([]);
    expect(existsSync(join(world.folder, ".reconcile/journal.jsonl"))).toBe(false);
    const [, done, failed] = /interrupted: (\d+) done, (\d+) failed/.exec(run.stdout) ?? [];
    expect(auditLines(world)).toHaveLength(Number(done) + Number(failed));

    faults.asyncMilliseconds = 10;
    expect((await start().ended).exitCode).toBe(0);
    expect(holdings(world)).toEqual(change.wanted);
  },
);

it("a second one stops at once, and the next apply picks up what was in flight", async () => {
  let victim: Running | undefined;
  const faults = slow(2000);
  await open({
    faults,
    onWrite: () => {
      if (world.instance.requests.length === 0) return;
      victim?.kill("SIGINT");
      victim = undefined;
    },
  });
  const running = start();
  victim = running;
  await running.says("Stopping:");
  running.kill("SIGINT");
  expect((await running.ended).exitCode).toBe(130);
  expect(world.instance.requests.some(({ Status }) => Status === "IN_PROGRESS")).toBe(true);

  faults.asyncMilliseconds = 10;
  const again = await start().ended;
  expect(again.exitCode).toBe(0);
  expect(again.stderr).toMatch(/Requests in flight: \d+ succeeded\./);
  expect(repeatedRequests(world.instance.requests)).toEqual([]);
  expect(holdings(world)).toEqual(change.wanted);
});

it("while all is read back and reads lag behind: what is not seen yet is not told as missing", async () => {
  await open({ faults: "stale-read=10s" });
  const victim = start();
  await victim.says("Verifying");
  victim.kill("SIGTERM");
  const run = await victim.ended;
  expect(run.stdout).toMatch(/^Apply interrupted: .* deleted; \d+ not verified\. Plan again/m);
  expect(run.stdout).not.toContain("it is not there");
  expect(run.exitCode).toBe(130);
  expect(holdings(world)).toEqual(change.wanted);
});

it("while only reading goes on: nothing was changed, and it says so at once", async () => {
  const log = await open({ faults: "hang@ListGroups=1" });
  const victim = start();
  await victim.says("Reading Identity Center");
  victim.kill("SIGINT");
  const run = await victim.ended;
  expect(run.exitCode).toBe(130);
  expect(run.stderr).toContain("Nothing was changed");
  expect(log.filter(isWritten)).toEqual([]);
});

/** Asynchronous work that takes so many milliseconds, until the test sets another time. */
const slow = (asyncMilliseconds: number) => ({ ...noFaults, asyncMilliseconds });
