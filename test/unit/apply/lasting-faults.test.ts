/** Faults that stay, ridden out as long as it makes sense: on a clock that runs twenty times as fast. */
import { afterEach, expect, test } from "vitest";
import { create, group, permissionSet, planOf, toGroup } from "./support/plans.ts";
import { runSandbox, type SandboxRun } from "./support/sandbox-run.ts";

let run: SandboxRun;
afterEach(() => run.close());

const plan = () =>
  planOf(
    create("group", group("All")),
    create("permissionSet", permissionSet("Admins")),
    create("assignment", toGroup("111111111111", "Admins", "All"), "group/All", "permissionSet/Admins"),
  );

const tries = (operation: string): number =>
  run.log.filter((entry) => entry.event === "request" && entry.operation === operation).length;

test("a conflict that stays is given up after eight tries, in one place", async () => {
  run = await runSandbox({ faults: "conflict@CreateAccountAssignment=1" });
  const { outcomes } = await run.apply(plan());
  expect(outcomes.map(({ status }) => status)).toEqual(["done", "done", "failed"]);
  expect(outcomes[2]?.detail).toContain("There is a conflicting operation in process.");
  expect(tries("CreateAccountAssignment")).toBe(8);
  expect(run.holds.assignments).toEqual([]);
});

test("an AWS that stays down is asked ten times, and what depends on it is skipped", async () => {
  run = await runSandbox({ faults: "error@CreateGroup=1" });
  const { outcomes } = await run.apply(plan());
  expect(outcomes.map(({ status }) => status)).toEqual(["failed", "done", "skipped"]);
  expect(outcomes[0]?.hint).toBe("AWS failed on its side; run it again");
  expect(tries("CreateGroup")).toBe(10);
  expect(run.holds.groups).toEqual([]);
});

test("throttling that stays is told with what to do about it", async () => {
  run = await runSandbox({ faults: "throttle@CreateGroup=1" });
  const { outcomes } = await run.apply(plan());
  expect(outcomes[0]).toMatchObject({
    status: "failed",
    detail: expect.stringContaining("AWS still throttled the call after 10 attempts"),
    hint: expect.stringContaining("--rps"),
  });
});
