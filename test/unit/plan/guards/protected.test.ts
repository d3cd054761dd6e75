import { describe, expect, it } from "vitest";
import { type DesiredSketch, plan } from "../builders.ts";

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
