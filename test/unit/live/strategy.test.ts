import { describe, expect, it } from "vitest";
import {
  chooseAssignmentStrategy,
  chooseMembershipStrategy,
  chooseProvisioningStrategy,
  expectedCalls,
} from "../../../src/live/strategy.ts";

const example = { permissionSets: 50, accounts: 200, pairs: 1500, groups: 100, users: 800 };

describe("expectedCalls", () => {
  const calls = (assignments: number) =>
    expectedCalls(example, { tags: true, assignments, memberships: 100, accountsAreComplete: true });

  it("is what AWS's facts give for a complete reading", () => {
    // 1 ListPermissionSets + 6 × 50 + 2 × 50 + 1500; ListInstances is asked for before.
    expect(calls(1500).sso).toBe(1901);
    expect(calls(1500).identityStore).toBe(8 + 1 + 100);
  });

  it("is what they give by principal, staleness included", () => {
    expect(calls(900).sso).toBe(1 + 300 + 100 + 900);
  });

  it("saves a call a set without tags, and asks accounts where they are fewer", () => {
    const few = { ...example, accounts: 10 };
    const options = { tags: false, assignments: 0, memberships: 0, accountsAreComplete: true };
    expect(expectedCalls(few, options).sso).toBe(1 + 250 + 20);
    expect(expectedCalls(few, { ...options, accountsAreComplete: false }).sso).toBe(1 + 250 + 100);
  });

  it("counts one call for an empty list", () => {
    const empty = { permissionSets: 0, accounts: 3, pairs: 0, groups: 0, users: 0 };
    const options = { tags: true, assignments: 0, memberships: 0, accountsAreComplete: true };
    expect(expectedCalls(empty, options)).toEqual({ sso: 1, identityStore: 2 });
  });
});

describe("chooseAssignmentStrategy", () => {
  it.each([
    ["auto", 1500, 900, "pairs"],
    ["auto", 2400, 10, "pairs"],
    ["auto", 2401, 480, "principals"],
    ["auto", 2401, 481, "pairs"],
    ["auto", 50_000, 20_000, "pairs"],
    ["pairs", 1_000_000, 1, "pairs"],
    ["principals", 1, 1000, "principals"],
  ] as const)("%s with %i pairs and %i principals: %s", (wanted, pairs, principals, by) => {
    const chosen = chooseAssignmentStrategy(wanted, { pairs, users: principals - 1, groups: 1 });
    expect(chosen.by).toBe(by);
    expect(chosen.calls).toBe(by === "pairs" ? pairs : principals);
    expect(chosen.explanation).toContain(String(chosen.calls));
  });

  it("says what is not seen by principal", () => {
    expect(chooseAssignmentStrategy("principals", { pairs: 1, users: 1, groups: 1 }).explanation).toContain(
      "deleted",
    );
  });
});

describe("other choices", () => {
  it("asks by account only where it knows them all", () => {
    expect(chooseProvisioningStrategy({ permissionSets: 10, accounts: 5 }, true)).toBe("by-account");
    expect(chooseProvisioningStrategy({ permissionSets: 10, accounts: 5 }, false)).toBe("by-set");
    expect(chooseProvisioningStrategy({ permissionSets: 5, accounts: 5 }, true)).toBe("by-set");
  });

  it("asks for memberships where there are fewer to ask", () => {
    expect(chooseMembershipStrategy(10, 10)).toBe("by-group");
    expect(chooseMembershipStrategy(11, 10)).toBe("by-user");
  });
});
