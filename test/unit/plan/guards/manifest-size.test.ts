import { describe, expect, it } from "vitest";
import { type DesiredSketch, type LiveSketch, plan } from "../builders.ts";

describe("shrunken-manifest", () => {
  const sets = Array.from({ length: 8 }, (_, index) => ({ name: `s${index}`, owner: "acme" }));
  const there: LiveSketch = {
    groups: ["Team"],
    permissionSets: sets,
    assignments: sets.map(({ name }) => `111111111111/${name}/group:Team`),
  };
  const codes = (desired: DesiredSketch): string[] =>
    plan({ name: "acme", groups: ["Team"], ...desired }, there).guards.map(({ guard }) => guard);

  it("what goes with something that is no longer mentioned counts too", () => {
    const made = plan({ name: "acme", groups: ["Team"], permissionSets: sets.slice(0, 3) }, there);
    // 5 permission sets and all 8 assignments, those of declared sets too.
    expect(made.guards.find(({ guard }) => guard === "shrunken-manifest")?.args).toEqual({
      count: 13,
      population: 17,
      percent: 50,
      floor: 5,
    });
  });

  it("what is listed under removed is mentioned", () => {
    expect(codes({ removed: { permissionSets: sets.map(({ name }) => name) } })).toEqual([]);
  });

  it("up to the floor, and up to the share, it is let through", () => {
    const most = { permissionSets: sets, assignments: there.assignments?.slice(5) ?? [] };
    expect(codes(most)).toEqual([]);
    const half = { permissionSets: sets, assignments: there.assignments?.slice(6) ?? [] };
    expect(codes(half)).toEqual([]);
    expect(codes({ ...half, guards: { maxShrink: { percent: 20, floor: 5 } } })).toEqual([
      "shrunken-manifest",
    ]);
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
        override: "--allow empty-manifest=users:2",
      },
    ]);
  });

  it("something of the kind declared, or external: passes", () => {
    expect(plan({ users: ["a"], mode: "exclusive" }, { users: ["a", "b"] }).guards).toEqual([]);
    expect(plan({ external: { users: ["a"] }, mode: "exclusive" }, { users: ["a", "b"] }).guards).toEqual([]);
  });

  describe("mode declared", () => {
    const access = { groups: ["Team", "Other"], users: ["a", "b"], permissionSets: ["Dev", "Admin"] };
    const there = {
      ...access,
      memberships: ["Team/a", "Other/b"],
      assignments: ["111111111111/Dev/group:Team", "222222222222/Admin/group:Other"],
    };
    const refusals = (more: DesiredSketch) =>
      plan({ ...access, ...more }, there).guards.map(({ guard, args }) => [guard, args]);

    it("a lost block of assignments: refused", () => {
      expect(refusals({})).toEqual([["empty-manifest", { kind: "assignments", count: 2, population: 2 }]]);
    });

    it("a single assignment is no block, and an empty list of members is a word about them", () => {
      const one = { ...there, assignments: there.assignments.slice(1) };
      expect(plan(access, one).guards).toEqual([]);
      expect(refusals({ assignments: there.assignments, managedMembers: ["Team", "Other"] })).toEqual([]);
    });

    it("one that is still declared: the others may go", () => {
      expect(
        refusals({
          assignments: there.assignments.slice(1),
          memberships: ["Team/a"],
          managedMembers: ["Team", "Other"],
        }),
      ).toEqual([]);
    });

    it("what goes because of a word about it is not lost", () => {
      const gone = { users: ["b"], groups: ["Other"], permissionSets: ["Dev", "Admin"] };
      expect(refusals({ groups: ["Team"], users: ["a"], permissionSets: [], removed: gone })).toEqual([]);
    });
  });

  it("a manifest that declares nothing does not delete what it once made", () => {
    const there = { permissionSets: [{ name: "Dev", owner: "acme" }], groups: ["Team"] };
    expect(plan({ name: "acme" }, there).guards.map(({ guard }) => guard)).toEqual(["empty-manifest"]);
    expect(plan({ name: "acme", groups: ["Team"] }, there).guards).toEqual([]);
  });

  it("nor does a lost block of permission sets, whatever else is declared", () => {
    const sets = [
      { name: "Dev", owner: "acme" },
      { name: "Ops", owner: "acme" },
    ];
    const there = {
      permissionSets: [...sets, "Other"],
      groups: ["Team"],
      assignments: ["111111111111/Dev/group:Team"],
    };
    const refusals = (more: DesiredSketch) =>
      plan({ name: "acme", groups: ["Team"], ...more }, there).guards.map(({ guard, args }) => [guard, args]);
    expect(refusals({})).toEqual([["empty-manifest", { kind: "permissionSets", count: 2, population: 2 }]]);
    expect(refusals({ permissionSets: sets.slice(1) })).toEqual([]);
    expect(refusals({ external: { permissionSets: ["Other"] } })).toEqual([]);
    expect(refusals({ removed: { permissionSets: ["Dev", "Ops"] } })).toEqual([]);
    expect(refusals({ guards: { emptyManifest: "allow" } })).toEqual([]);
  });

  describe("a lost block of assignments goes with the permission sets", () => {
    const teams = Array.from({ length: 9 }, (_, index) => `T${index}`);
    const sets = teams.map((_, index) => `S${index}`);
    const owned = sets.map((name) => ({ name, owner: "acme" }));
    const pairs = sets.map((name, index) => `111111111111/${name}/group:${teams[index]}`);
    const there = { groups: teams, permissionSets: owned, assignments: pairs };
    const refusals = (more: DesiredSketch, before: LiveSketch = there) =>
      plan({ name: "acme", groups: teams, ...more }, before).guards.map(({ guard, args }) => [
        guard,
        args.kind,
        args.count,
      ]);

    it("that were lost with it, be it a single one", () => {
      expect(refusals({})).toEqual([
        ["shrunken-manifest", undefined, 18],
        ["empty-manifest", "permissionSets", 9],
        ["empty-manifest", "assignments", 9],
      ]);
      const one = { groups: teams, permissionSets: owned.slice(0, 1) };
      const assignments = ["T0", "T1"].map((team) => `111111111111/S0/group:${team}`);
      expect(refusals({}, { ...one, assignments })).toEqual([["empty-manifest", "assignments", 2]]);
      expect(refusals({}, { ...one, assignments: assignments.slice(1) })).toEqual([]);
      expect(refusals({ removed: { permissionSets: ["S0"] } }, { ...one, assignments })).toEqual([]);
    });

    const renamed: DesiredSketch = {
      permissionSets: sets.map((name) => `New${name}`),
      previously: { permissionSets: Object.fromEntries(sets.map((name) => [`New${name}`, [name]])) },
    };
    const moved = pairs.map((pair) => pair.replace("/S", "/NewS"));

    it("that have another name now", () => {
      expect(refusals(renamed)).toEqual([["empty-manifest", "assignments", 9]]);
      expect(refusals({ ...renamed, guards: { maxShrink: { percent: 20, floor: 5 } } })).toEqual([
        ["shrunken-manifest", undefined, 9],
        ["empty-manifest", "assignments", 9],
      ]);
    });

    it("but not where they are declared anew, or there is a word about each", () => {
      const strict = { guards: { maxShrink: { percent: 0, floor: 0 } } };
      expect(refusals({ ...renamed, ...strict, assignments: moved })).toEqual([]);
      const gone = { groups: [], removed: { groups: teams } };
      expect(refusals({ ...renamed, ...strict, ...gone })).toEqual([]);
      const origins = Object.fromEntries(moved.map((pair) => [`assignment/${pair}`, { until: 1000 }]));
      expect(refusals({ ...renamed, ...strict, origins })).toEqual([]);
      const orphans = pairs.map((pair) => pair.replace("group:", "orphan:"));
      expect(refusals({ ...renamed, ...strict }, { ...there, assignments: orphans })).toEqual([]);
    });
  });
});
