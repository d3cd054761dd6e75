/** Two applies in one folder and without a lock: the second keeps its hands off the first one's journal. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Gate, startGate } from "../support/gate.ts";
import { type Running, sandboxEnvironment, startReconcile } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let gate: Gate;
beforeEach(async () => {
  world = await createWorld();
  await world.write("access.yaml", { version: 1, groups: { One: {}, Two: {}, Three: {} } });
  gate = await startGate(world.sandbox.url, 2);
});
afterEach(async () => {
  gate.open();
  await gate.close();
  await world.close();
});

const apply = (who: "first" | "second", ...args: string[]): Running =>
  startReconcile(["apply", "--auto-approve", "--rps", "1000", ...args], {
    cwd: world.folder,
    env: {
      ...sandboxEnvironment(who === "first" ? gate.url : world.sandbox.url),
      AWS_ACCESS_KEY_ID: who,
    },
  });
/** How many runs have begun or picked anything up in the journal. */
const marks = (): number =>
  readFileSync(join(world.folder, ".reconcile/journal.jsonl"), "utf8").match(/"event":"(begin|adopted)"/g)
    ?.length ?? 0;
const callsOfSecond = () =>
  world.log.filter((entry) => entry.event === "request" && entry.accessKeyId === "second");
const groups = (): string[] => world.instance.groups.map(({ DisplayName }) => DisplayName);

it("is refused while the first is at work, whatever it is named, and let in when that is dead", {
  timeout: 90_000,
}, async () => {
  const first = apply("first");
  await gate.reached;
  for (const path of [[], ["--journal", join(world.folder, ".reconcile/../.reconcile/journal.jsonl")]]) {
    const second = await apply("second", ...path).ended;
    expect(second.stderr).toContain("error[journal-in-use]: Another apply (process ");
    expect(second.exitCode).toBe(4);
  }
  expect(marks()).toBe(1);
  expect(callsOfSecond()).toEqual([]);
  first.kill("SIGKILL");
  await first.ended;
  const third = await apply("second").ended;
  expect(third.exitCode, third.stderr).toBe(0);
  expect(groups()).toEqual(expect.arrayContaining(["One", "Two", "Three"]));
});

it("is let in with a journal of its own", { timeout: 90_000 }, async () => {
  const first = apply("first");
  await gate.reached;
  const second = await apply("second", "--journal", ".reconcile/second.jsonl").ended;
  expect(second.exitCode, second.stderr).toBe(0);
  gate.open();
  await first.ended;
});
