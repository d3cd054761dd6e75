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
          addresses: ["assignment/111111111111/BreakGlass/group:Team", "permissionSet/BreakGlass"],
        },
        override: "--allow protected=assignment/111111111111/BreakGlass/group:Team,permissionSet/BreakGlass",
      },
    ]);
  });

  it("an override names each change, in a word for any shell, and fits no other", () => {
    const groups = ["Night & Day, 'a' (b)!", "Night & Day, 'a' (c)!"];
    const access = {
      users: ["a"],
      groups,
      memberships: groups.map((group) => `${group}/a`),
      managedMembers: groups,
    };
    const judged = (memberships: string[], value?: string) =>
      plan(
        { ...access, memberships, guards: { protect: ["group/*"] } },
        access,
        new Map(value === undefined ? [] : [["protected", value]]),
      ).guards;
    const [first = "", second = ""] = access.memberships;
    const [one, two] = [judged([second])[0], judged([first])[0]];
    expect(one?.override).toMatch(/^--allow protected=membership\/[\w%.-]+\/a$/);
    const value = one?.override.split("=")[1] ?? "";
    expect(judged([second], value).map(({ verdict }) => verdict)).toEqual(["allowed"]);
    expect(judged([first], value).map(({ verdict }) => verdict)).toEqual(["refused"]);
    expect(judged([], value).map(({ verdict }) => verdict)).toEqual(["refused"]);
    const both = `${value},${two?.override.split("=")[1] ?? ""}`;
    expect(judged([], both).map(({ verdict }) => verdict)).toEqual(["allowed"]);
    expect(judged([second], both).map(({ verdict }) => verdict)).toEqual(["allowed"]);
  });

  describe("what stays", () => {
    const access = {
      users: ["a"],
      groups: ["Team", "Other"],
      permissionSets: ["BreakGlass", "Dev"],
      memberships: ["Team/a", "Other/a"],
      assignments: ["111111111111/BreakGlass/group:Team", "111111111111/Dev/group:Other"],
      managedMembers: ["Team", "Other"],
    };
    const touched = (protect: string[], more: DesiredSketch) =>
      plan({ ...access, ...more, guards: { protect } }, access).guards.flatMap(
        ({ args }) => args.addresses ?? [],
      );
    const narrower = { permissionSets: [{ name: "BreakGlass", sessionDuration: 1800 }, "Dev"] };
    const fewer = { memberships: ["Other/a"] };
    const unassigned = { assignments: access.assignments.slice(1) };
    const renamed = {
      groups: ["Root", "Other"],
      previously: { groups: { Root: ["Team"] } },
      memberships: ["Other/a"],
      managedMembers: ["Root", "Other"],
      assignments: ["111111111111/BreakGlass/group:Root", "111111111111/Dev/group:Other"],
    };

    it.each<[string, string, DesiredSketch, string[]]>([
      ["its content", "permissionSet/BreakGlass", narrower, ["permissionSet/BreakGlass"]],
      ["a group's members", "group/Team", fewer, ["membership/Team/a"]],
      ["a user's membership", "user/a", fewer, ["membership/Team/a"]],
      ["members by their own address", "membership/Team/*", fewer, ["membership/Team/a"]],
      [
        "a set's assignments",
        "permissionSet/BreakGlass",
        unassigned,
        ["assignment/111111111111/BreakGlass/group:Team"],
      ],
      ["a group's assignments", "group/Team", unassigned, ["assignment/111111111111/BreakGlass/group:Team"]],
      ["its name, with members", "group/Team", renamed, ["group/Root", "membership/Root/a"]],
      ["members under the name before", "membership/Team/*", renamed, ["membership/Root/a"]],
      ["not what is another's", "group/Other", { ...fewer, ...unassigned, ...narrower }, []],
      ["not what comes", "group/*", { memberships: [...access.memberships], users: ["a", "b"] }, []],
    ])("%s", (_, pattern, more, addresses) => {
      expect([...touched([pattern], more)].sort()).toEqual(addresses);
    });
  });

  it("a pattern that matches nothing is told", () => {
    const protect = ["permissionSet/BreakGlas", "group/*", "assignment/*/breakglass/*", "group/Later"];
    const wanted: DesiredSketch = { ...there, groups: ["Team", "Later"], guards: { protect } };
    const warnings = plan(wanted, there).warnings.map(({ code, message }) => `${code}: ${message}`);
    expect(warnings).toEqual([
      expect.stringMatching(/^protect-pattern-unused: .*"assignment\/\*\/breakglass/),
      expect.stringMatching(/^protect-pattern-unused: .*"permissionSet\/BreakGlas"/),
    ]);
  });
});

describe("a pattern by the name of a group that is renamed in the same plan", () => {
  const there = {
    users: ["a"],
    groups: ["BG"],
    permissionSets: ["Dev"],
    memberships: ["BG/a"],
    assignments: ["111111111111/Dev/group:BG"],
  };
  const protect = ["membership/BG/*", "assignment/*/*/group:BG", "membership/bg/*"];
  const wanted: DesiredSketch = {
    users: ["a"],
    groups: ["Glass"],
    permissionSets: ["Dev"],
    previously: { groups: { Glass: ["BG"] } },
    managedMembers: ["Glass"],
    guards: { protect },
  };

  it("is not said to match nothing, least of all where it refuses", () => {
    const made = plan(wanted, there);
    expect(made.guards.find(({ guard }) => guard === "protected")?.args.addresses).toEqual([
      "assignment/111111111111/Dev/group:Glass",
      "membership/Glass/a",
    ]);
    expect(made.warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('"membership/bg/*" matches nothing'),
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
});
