import { describe, expect, it } from "vitest";
import { guardLines } from "../../../../src/report/guard-lines.ts";
import { makePlan } from "../../../../src/plan/make-plan.ts";
import { type DesiredSketch, desired, live, plan } from "../builders.ts";

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

  it("the share is met to the last object, whatever its decimals come to", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `u${index}`);
    const guards = { maxRemovals: { percent: 0.57, floor: 0 } };
    const removed = (count: number) =>
      plan({ users: many.slice(count), removed: { users: many.slice(0, count) }, guards }, { users: many });
    expect(removed(57).guards).toEqual([]);
    const [text] = guardLines(removed(58), new Map());
    expect(text?.text).toContain("58 of 10000 users would be deleted (0.6 %); the limit is 0.57 %");
    const close = plan(
      {
        users: many.slice(3001),
        removed: { users: many.slice(0, 3001) },
      },
      { users: many },
    );
    expect(guardLines(close, new Map())[0]?.text).toContain("(30.01 %); the limit is 30 %");
  });

  it("says count, population, limit and the exact override", () => {
    expect(plan(remove(13), { users }).guards).toEqual([
      {
        guard: "max-removals",
        verdict: "refused",
        args: { kind: "users", count: 13, population: 40, percent: 30, floor: 10 },
        override: "--allow max-removals=users:13",
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

  describe("what nobody loses by it", () => {
    const groups = users.slice(0, 30);
    const pairs = groups.map((group) => `111111111111/Dev/group:${group}`);
    const there = { groups, permissionSets: ["Dev"], assignments: pairs };
    const until = Date.UTC(2026, 10, 1);
    const expired = (count: number) =>
      Object.fromEntries(pairs.slice(0, count).map((pair) => [`assignment/${pair}`, { until }]));
    const counts = (now: number, gone = 11, origins = expired(gone)) => {
      const wanted = { ...there, assignments: pairs.slice(gone), origins };
      const made = plan(wanted, there, new Map(), { now });
      expect(made.counts.delete).toBe(gone);
      return made.guards.map(({ guard, args }) => `${guard} ${args.count}`);
    };
    const day = 24 * 60 * 60 * 1000;

    it("access whose time ran out goes in whatever number, so that no run leaves it standing", () => {
      expect(counts(until + day)).toEqual([]);
      expect(counts(until + 30 * day)).toEqual([]);
      expect(counts(until + day, 11, {})).toEqual(["max-removals 11"]);
      // Beside what does count it does not either.
      expect(counts(until + day, 25, expired(14))).toEqual(["max-removals 11"]);
    });

    it("unless that was long ago: somebody mistyped the year, or nothing has run since", () => {
      expect(counts(until + 31 * day)).toEqual(["max-removals 11"]);
    });

    it("orphans are nobody's access", () => {
      const orphans = groups.map((group) => `111111111111/Dev/orphan:${group}`);
      const made = plan(
        { groups, permissionSets: ["Dev"], assignments: pairs },
        { ...there, assignments: [...pairs, ...orphans] },
      );
      expect(made.counts.delete).toBe(30);
      expect(made.guards).toEqual([]);
    });
  });

  it.each([
    ["users:13", "allowed"],
    ["groups:1,users:14", "allowed"],
    ["users:12", "refused"],
    ["groups:13", "refused"],
  ])("--allow max-removals=%s: %s", (value, verdict) => {
    const made = plan(remove(13), { users }, new Map([["max-removals", value]]));
    expect(made.guards.map((each) => each.verdict)).toEqual([verdict]);
  });

  it.each(["30%", "abc", "1e9", "", "-1", "13", "user:13", "users:", "users:13,x"])(
    "--allow max-removals=%s is a mistake, not none at all",
    (value) => {
      const { plan: made, findings } = makePlan(desired(remove(13)), live({ users }), {
        toolVersion: "0",
        allow: new Map([["max-removals", value]]),
      });
      expect(made).toBeNull();
      expect(findings).toMatchObject([
        { code: "bad-allowance", message: expect.stringContaining("a whole number") },
      ]);
    },
  );

  it("an override opens no other kind than its own", () => {
    const made = plan(
      {
        removed: { users: users.slice(0, 13), groups: users.slice(0, 15) },
        guards: { maxRemovals: { percent: 1, floor: 1 } },
      },
      { users, groups: users },
    );
    expect(made.guards.map(({ override }) => override)).toEqual([
      "--allow max-removals=users:13",
      "--allow max-removals=groups:15",
    ]);
  });
});

it("max-removals counts what goes with a rename into a permission set that gives less", () => {
  const groups = Array.from({ length: 20 }, (_, index) => `g${index}`);
  const setWith = (name: string, policy: string) => ({
    name,
    managedPolicies: [`arn:aws:iam::aws:policy/${policy}`],
  });
  const refused = (policy: string, hasBoth: boolean) => {
    const New = setWith("New", policy);
    const of = (set: string) => groups.map((group) => `111111111111/${set}/group:${group}`);
    return plan(
      {
        groups,
        permissionSets: [New],
        assignments: of("New"),
        previously: { permissionSets: { New: ["Old"] } },
      },
      {
        groups,
        permissionSets: [setWith("Old", "AdministratorAccess"), New],
        assignments: [...of("Old"), ...(hasBoth ? of("New") : [])],
      },
    ).guards.map(({ guard, args }) => `${guard} ${args.count}`);
  };
  for (const hasBoth of [true, false]) {
    expect(refused("ReadOnlyAccess", hasBoth)).toEqual(["max-removals 20"]);
    expect(refused("AdministratorAccess", hasBoth)).toEqual([]);
  }
});
