import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { NotStarted } from "../../../src/apply/failure.ts";
import type { Lane } from "../../../src/apply/lanes.ts";
import { createLanes } from "../../../src/apply/lanes.ts";

/** Work that ends when it is told to. */
const manual = (signal?: AbortSignal) => {
  const lanes = createLanes(signal);
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    running,
    run: (name: string, needed: readonly Lane[], order = 0) =>
      lanes.run(needed, order, async () => {
        running.push(name);
        await new Promise<void>((resolve) => ends.set(name, resolve));
        running.splice(running.indexOf(name), 1);
      }),
    end: async (name: string) => {
      ends.get(name)?.();
      await turn();
    },
  };
};

test.each([
  ["assignments", 15],
  ["provisionings", 3],
  ["permission-sets", 4],
  ["identity-store", 8],
  ["account:111111111111", 1],
] as const)("lets no more through the lane %s than %i", async (lane, capacity) => {
  const { running, run, end } = manual();
  for (let index = 0; index < 20; index += 1) void run(`${index}`, [lane]);
  await turn();
  expect(running).toHaveLength(capacity);
  await end("0");
  expect(running).toHaveLength(capacity);
  expect(running).toContain(`${capacity}`);
});

test("work that cannot run does not hold up what can", async () => {
  const { running, run, end } = manual();
  void run("first", ["assignments", "account:1"]);
  void run("same account", ["assignments", "account:1"]);
  void run("other account", ["assignments", "account:2"]);
  await turn();
  expect(running).toEqual(["first", "other account"]);
  await end("first");
  expect(running).toEqual(["other account", "same account"]);
});

test("a busy account goes first, because everything would wait for it in the end", async () => {
  const { running, run, end } = manual();
  for (let index = 0; index < 15; index += 1) void run(`${index}`, ["assignments", `account:${index}`]);
  void run("quiet", ["assignments", "account:97"], 1);
  void run("busy, then", ["assignments", "account:98"], 3);
  void run("busy", ["assignments", "account:98"], 2);
  await turn();
  expect(running).toHaveLength(15);
  await end("0");
  expect(running.at(-1)).toBe("busy");
  await end("1");
  expect(running.at(-1)).toBe("quiet");
});

test("starts in the order of the plan, whoever asked first", async () => {
  const { running, run, end } = manual();
  void run("first", ["account:1"], 0);
  void run("late in the plan", ["account:1"], 9);
  void run("early in the plan", ["account:1"], 1);
  await turn();
  await end("first");
  expect(running).toEqual(["early in the plan"]);
});

test("work that fails gives its place back", async () => {
  const lanes = createLanes();
  await expect(lanes.run(["account:1"], 0, () => Promise.reject(new Error("broken")))).rejects.toThrow(
    "broken",
  );
  await expect(lanes.run(["account:1"], 1, async () => "next")).resolves.toBe("next");
});

test("an interruption ends the waiting and lets the work end", async () => {
  const controller = new AbortController();
  const { running, run, end } = manual(controller.signal);
  const underWay = run("under way", ["account:1"]);
  const waiting = run("waiting", ["account:1"]);
  await turn();
  controller.abort();
  await expect(waiting).rejects.toBeInstanceOf(NotStarted);
  await expect(run("late", ["account:2"])).rejects.toBeInstanceOf(NotStarted);
  expect(running).toEqual(["under way"]);
  await end("under way");
  await expect(underWay).resolves.toBeUndefined();
});
