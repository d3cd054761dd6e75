import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorld, type World } from "../support/world.ts";

let world: World;
afterEach(() => world.close());

const groups = Array.from({ length: 60 }, (_, index) => `Team-${index}`);
const manifest = {
  version: 1,
  groups: Object.fromEntries(groups.map((name) => [name, {}])),
  permissionSets: { Read: {} },
  assignments: [{ groups, permissionSets: ["Read"], accounts: ["development", "production"] }],
};
const apply = (...args: string[]) => world.run("apply", "--auto-approve", "--rps", "1000", ...args);
const sent = (operation: string): number =>
  world.log.filter((entry) => entry.event === "request" && entry.operation === operation).length;

beforeEach(async () => {
  world = await createWorld({ faults: "denied@CreateAccountAssignment=1" });
  await world.write("access.yaml", manifest);
});

it("what AWS keeps refusing is not asked for to the end, and nothing is taken for interrupted", async () => {
  const { exitCode, stdout } = await apply("--max-failures", "5");
  expect(exitCode).toBe(6);
  expect(stdout).toMatch(
    /\nApply stopped after \d+ failures: \d+ done, \d+ failed, \d+ not attempted\. [^\n]+\n$/,
  );
  // Five, and what was under way by then: at most 15 are.
  expect(sent("CreateAccountAssignment")).toBeGreaterThanOrEqual(5);
  expect(sent("CreateAccountAssignment")).toBeLessThanOrEqual(20);
});

it("with no limit everything is tried", async () => {
  const { exitCode, stdout } = await apply("--max-failures", "0");
  expect(exitCode).toBe(6);
  expect(stdout).toMatch(/\nApply incomplete: 61 done, 120 failed, 0 not attempted\./);
});

it("a limit that is no number is refused, and what a guard was told to let pass is on record", async () => {
  const wrong = await world.run("apply", "--auto-approve", "--max-failures", "some");
  expect(wrong.exitCode).toBe(3);
  await apply("--allow", "empty-manifest=users:7");
  const lines = (await readFile(join(world.folder, ".reconcile/audit.jsonl"), "utf8")).trim().split("\n");
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ allowed: ["empty-manifest=users:7"] });
});
