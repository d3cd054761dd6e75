import { describe, expect, it } from "vitest";
import { type DesiredSketch, plan } from "../builders.ts";

const users = Array.from({ length: 40 }, (_, index) => `u${String(index).padStart(2, "0")}`);
const remove = (count: number, more: DesiredSketch = {}): DesiredSketch => ({
  users: users.slice(count),
  removed: { users: users.slice(0, count) },
  ...more,
});

describe("max-removals", () => {
  it.each([
    ["up to the floor", remove(10), false],
    ["above the floor and up to the share", remove(12), false],
    ["above both", remove(13), true],
    [
      "a share of 0 leaves the floor",
      remove(10, { guards: { maxRemovals: { percent: 0, floor: 10 } } }),
      false,
    ],
    ["a floor of 0 leaves the share", remove(1, { guards: { maxRemovals: { percent: 2, floor: 0 } } }), true],
  ])("%s", (_, wanted, refused) => {
    expect(plan(wanted, { users }).guards.length > 0).toBe(refused);
  });

  it("says count, population, limit and the exact override", () => {
    expect(plan(remove(13), { users }).guards).toEqual([
      {
        guard: "max-removals",
        verdict: "refused",
        args: { kind: "users", count: 13, population: 40, percent: 30, floor: 10 },
        override: "--allow max-removals=13",
      },
    ]);
  });

  it("what is ignored or left alone is no part of the population", () => {
    const made = plan(
      { ...remove(13), users: users.slice(13, 30), ignore: [{ users: ["u3*"] }] },
      { users: [...users, "stranger"] },
    );
    expect(made.guards[0]?.args.population).toBe(30);
  });

  it("what a renamed permission set leaves behind does not count", () => {
    const accounts = Array.from({ length: 20 }, (_, index) => String(100_000_000_000 + index));
    const assignments = (set: string): string[] => accounts.map((id) => `${id}/${set}/group:Team`);
    const made = plan(
      {
        groups: ["Team"],
        permissionSets: ["New"],
        assignments: assignments("New"),
        previously: { permissionSets: { New: ["Old"] } },
      },
      { groups: ["Team"], permissionSets: ["Old"], assignments: assignments("Old") },
    );
    expect(made.counts.delete).toBe(21);
    expect(made.guards).toEqual([]);
  });

  it.each([
    ["13", "allowed"],
    ["14", "allowed"],
    ["12", "refused"],
    ["all", "refused"],
    ["-1", "refused"],
    ["1e9", "refused"],
  ])("--allow max-removals=%s: %s", (value, verdict) => {
    const made = plan(remove(13), { users }, new Map([["max-removals", value]]));
    expect(made.guards.map((each) => each.verdict)).toEqual([verdict]);
  });

  it("one override serves all kinds, so it names the largest count", () => {
    const made = plan(
      {
        removed: { users: users.slice(0, 13), groups: users.slice(0, 15) },
        guards: { maxRemovals: { percent: 1, floor: 1 } },
      },
      { users, groups: users },
    );
    expect(made.guards.map(({ override }) => override)).toEqual([
      "--allow max-removals=15",
      "--allow max-removals=15",
    ]);
  });
});

describe("protected", () => {
  const there = {
    groups: ["Team"],
    permissionSets: ["BreakGlass"],
    assignments: ["111111111111/BreakGlass/group:Team"],
  };

  it("deletions that a pattern matches are refused, and counted", () => {
    const made = plan(
      {
        removed: { permissionSets: ["BreakGlass"] },
        guards: { protect: ["*/BreakGlass", "assignment/*/BreakGlass/*"] },
      },
      there,
    );
    expect(made.guards).toEqual([
      {
        guard: "protected",
        verdict: "refused",
        args: {
          count: 2,
          addresses: ["permissionSet/BreakGlass", "assignment/111111111111/BreakGlass/group:Team"],
        },
        override: "--allow protected=2",
      },
    ]);
  });

  it("updates and other deletions pass", () => {
    const made = plan(
      {
        permissionSets: [{ name: "BreakGlass", sessionDuration: 7200 }],
        guards: { protect: ["permissionSet/BreakGlass"] },
      },
      there,
    );
    expect(made.counts).toMatchObject({ update: 1, delete: 1 });
    expect(made.guards).toEqual([]);
  });
});

describe("empty-manifest", () => {
  it("mode exclusive and nothing of a kind declared: refused", () => {
    expect(
      plan({ groups: ["Team"], mode: "exclusive" }, { groups: ["Team"], users: ["a", "b"] }).guards,
    ).toEqual([
      {
        guard: "empty-manifest",
        verdict: "refused",
        args: { kind: "users", count: 2, population: 2 },
        override: "--allow empty-manifest=2",
      },
    ]);
  });

  it("something of the kind declared, or external: passes", () => {
    expect(plan({ users: ["a"], mode: "exclusive" }, { users: ["a", "b"] }).guards).toEqual([]);
    expect(plan({ external: { users: ["a"] }, mode: "exclusive" }, { users: ["a", "b"] }).guards).toEqual([]);
  });

  it("a manifest that declares nothing does not delete what it once made", () => {
    const there = { permissionSets: [{ name: "Dev", owner: "acme" }], groups: ["Team"] };
    expect(plan({ name: "acme" }, there).guards.map(({ guard }) => guard)).toEqual(["empty-manifest"]);
    expect(plan({ name: "acme", groups: ["Team"] }, there).guards).toEqual([]);
  });
});
