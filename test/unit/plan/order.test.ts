import { describe, expect, it } from "vitest";
import { phaseOf } from "../../../src/plan/order.ts";
import { changeAt, plan } from "./builders.ts";
import { richPlan } from "../report/rich-plan.ts";

const pair = "111111111111/Dev";

describe("what a change waits for", () => {
  const made = plan(
    {
      users: ["jane"],
      groups: ["Team", "Kept"],
      permissionSets: ["New", { name: "Dev", sessionDuration: 7200 }],
      memberships: ["Team/jane", "Kept/jane"],
      assignments: [`${pair}/group:Team`, `${pair}/group:Kept`, "111111111111/New/user:jane"],
      removed: { users: ["max"], groups: ["Old"], permissionSets: ["Gone"] },
    },
    {
      users: ["max"],
      groups: ["Kept", "Old"],
      permissionSets: ["Dev", "Gone"],
      memberships: ["Old/max", "Kept/max"],
      assignments: [
        `${pair}/user:max`,
        "222222222222/Dev/user:max",
        "222222222222/Gone/group:Old",
        `${pair}/orphan:9067`,
      ],
    },
  );
  it.each([
    ["user/jane", []],
    ["group/Team", []],
    ["permissionSet/Dev", []],
    ["membership/Team/jane", ["group/Team", "user/jane"]],
    ["membership/Kept/jane", ["user/jane"]],
    [`assignment/${pair}/group:Team`, ["group/Team", "permissionSet/Dev"]],
    [`assignment/${pair}/group:Kept`, ["membership/Kept/max", "permissionSet/Dev"]],
    ["assignment/111111111111/New/user:jane", ["permissionSet/New", "user/jane"]],
    // A failed add cancels the removals in its pair.
    [`assignment/${pair}/user:max`, [`assignment/${pair}/group:Kept`, `assignment/${pair}/group:Team`]],
    [`assignment/${pair}/user:9067`, [`assignment/${pair}/group:Kept`, `assignment/${pair}/group:Team`]],
    ["assignment/222222222222/Dev/user:max", []],
    ["membership/Old/max", []],
    ["permissionSet/Gone", ["assignment/222222222222/Gone/group:Old"]],
    ["group/Old", ["assignment/222222222222/Gone/group:Old", "membership/Old/max"]],
    [
      "user/max",
      [
        `assignment/${pair}/user:max`,
        "assignment/222222222222/Dev/user:max",
        "membership/Kept/max",
        "membership/Old/max",
      ],
    ],
  ])("%s", (address, dependsOn) => {
    expect(changeAt(made, address).dependsOn).toEqual(dependsOn);
  });
});

it("a provisioning waits for an update of the same set", () => {
  const made = plan(
    { permissionSets: [{ name: "Dev", tags: { a: "b" } }] },
    {
      permissionSets: ["Dev"],
      provisioning: { Dev: { accounts: ["111111111111"], stale: ["111111111111"] } },
    },
  );
  expect(changeAt(made, "provisioning/Dev").dependsOn).toEqual(["permissionSet/Dev"]);
});

it("phases go back only for what is waited for, addresses are in order within one, and what is waited for stands before", () => {
  const { changes } = richPlan();
  const places = new Map(changes.map(({ address }, index) => [address, index]));
  const awaited = new Set(changes.flatMap(({ dependsOn }) => dependsOn));
  expect(new Set(changes.map(phaseOf)).size).toBeGreaterThan(8);
  for (const [index, change] of changes.entries()) {
    const previous = changes[index - 1];
    if (previous !== undefined && !awaited.has(previous.address)) {
      const step = phaseOf(change) - phaseOf(previous);
      expect(step > 0 || (step === 0 && previous.address < change.address)).toBe(true);
    }
    for (const dependency of change.dependsOn) expect(places.get(dependency)).toBeLessThan(index);
    expect([...change.dependsOn].sort()).toEqual(change.dependsOn);
  }
});
