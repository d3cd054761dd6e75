/** No warning of Node.js or of a dependency reaches the user, however many calls wait at a time. */
import { expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

it("an apply of many changes under throttling says only what is ours", async () => {
  const world = await createWorld({ faults: "throttle=0.3,seed=4" });
  const names = Array.from({ length: 24 }, (_, index) => `Set${index}`);
  await world.write("access.yaml", {
    version: 1,
    permissionSets: Object.fromEntries(names.map((name) => [name, { managedPolicies: ["ReadOnlyAccess"] }])),
  });
  const { exitCode, stderr } = await world.run("apply", "--auto-approve", "--rps", "1000");
  await world.close();
  expect(exitCode).toBe(0);
  expect(stderr).not.toMatch(/warning/i);
});
