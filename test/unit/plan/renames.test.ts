import { describe, expect, it } from "vitest";
import { changeAt, findings, plan, summary } from "./builders.ts";

const codes = (...args: Parameters<typeof findings>): string[] => findings(...args).map(({ code }) => code);

describe("a group is renamed in place", () => {
  const wanted = {
    users: ["jane"],
    groups: ["Developers"],
    permissionSets: ["Dev"],
    memberships: ["Developers/jane"],
    assignments: ["111111111111/Dev/group:Developers"],
    previously: { groups: { Developers: ["Coders", "Devs"] } },
  };
  const there = {
    users: ["jane", "max"],
    groups: ["Devs"],
    permissionSets: ["Dev"],
    memberships: ["Devs/jane"],
    assignments: ["111111111111/Dev/group:Devs"],
  };

  it("its members and assignments are compared under the new name", () => {
    const made = plan(wanted, there);
    expect(summary(made)).toEqual(["update group/Developers (renamed)"]);
    expect(changeAt(made, "group/Developers")).toMatchObject({
      id: "group-Devs",
      before: { displayName: "Devs" },
      after: { displayName: "Developers" },
      reason: { code: "renamed", detail: "Devs" },
    });
  });

  it("what has to go names the new group, and does not wait for the rename: the id stays", () => {
    const made = plan(wanted, {
      ...there,
      memberships: ["Devs/jane", "Devs/max"],
      assignments: [...there.assignments, "222222222222/Dev/group:Devs"],
    });
    expect(changeAt(made, "membership/Developers/max")).toMatchObject({
      id: "id-membership/Devs/max",
      dependsOn: [],
    });
    expect(changeAt(made, "assignment/222222222222/Dev/group:Developers").dependsOn).toEqual([]);
  });

  it("what could not be read under the old name is unchecked under the new one", () => {
    const made = plan(
      { ...wanted, memberships: ["Developers/jane", "Developers/max"], users: ["jane", "max"] },
      { ...there, unread: [{ scope: "membership/Devs/*", reason: "denied" }] },
    );
    expect(made.unchecked.map(({ scope }) => scope)).toEqual([
      "membership/Developers/*",
      "membership/Developers/max",
    ]);
  });

  it("nothing happens where no earlier name is live", () => {
    expect(
      summary(
        plan({ ...wanted, assignments: [], memberships: [] }, { users: ["jane"], permissionSets: ["Dev"] }),
      ),
    ).toEqual(["create group/Developers (declared)"]);
  });

  it("a change of nothing but case is a rename too", () => {
    const made = plan({ groups: ["Devs"], previously: { groups: { Devs: ["devs"] } } }, { groups: ["devs"] });
    expect(summary(made)).toEqual(["update group/Devs (renamed)"]);
  });

  it.each([
    ["rename-both-exist", { groups: ["Developers", "Devs"] }, {}],
    ["rename-ambiguous", { groups: ["Coders", "Devs"] }, {}],
    ["rename-still-declared", { groups: ["Devs"] }, { groups: ["Developers", "Devs"] }],
    [
      "rename-claimed-twice",
      { groups: ["Devs"] },
      {
        groups: ["Developers", "Makers"],
        previously: { groups: { Developers: ["Devs"], Makers: ["Devs"] } },
      },
    ],
    ["declared-and-ignored", { groups: ["Devs"] }, { ignore: [{ groups: ["Devs"] }] }],
    ["externally-owned", { groups: ["Devs"], externallyOwned: { groups: ["Devs"] } }, {}],
  ])("%s", (code, liveSketch, more) => {
    expect(
      codes(
        { groups: ["Developers"], previously: { groups: { Developers: ["Coders", "Devs"] } }, ...more },
        liveSketch,
      ),
    ).toContain(code);
  });
});

describe("a permission set is replaced", () => {
  const wanted = {
    groups: ["Team", "New"],
    permissionSets: ["DeveloperAccess"],
    assignments: ["111111111111/DeveloperAccess/group:Team", "222222222222/DeveloperAccess/group:New"],
    previously: { permissionSets: { DeveloperAccess: ["DevAccess"] } },
  };
  const there = {
    groups: ["Team", "New"],
    permissionSets: ["DevAccess"],
    assignments: [
      "111111111111/DevAccess/group:Team",
      "222222222222/DevAccess/group:Team",
      "333333333333/DevAccess/group:Team",
    ],
  };

  it("by one that is newer only: a set that was made later under the old name is another one", () => {
    const both = { ...there, permissionSets: ["DevAccess", "DeveloperAccess"] };
    const begun = { DevAccess: 1000, DeveloperAccess: 2000 };
    expect(codes(wanted, { ...both, createdAt: begun })).toEqual([]);
    const left = { DevAccess: 3000, DeveloperAccess: 2000 };
    expect(codes(wanted, { ...both, createdAt: left })).toEqual(["rename-both-exist"]);
  });

  it("new set, new assignments, then the old ones go, each after its replacement", () => {
    const made = plan(wanted, there);
    expect(summary(made)).toEqual([
      "create permissionSet/DeveloperAccess (renamed)",
      "create assignment/111111111111/DeveloperAccess/group:Team (renamed)",
      "create assignment/222222222222/DeveloperAccess/group:New (declared)",
      "delete assignment/111111111111/DevAccess/group:Team (renamed)",
      "delete assignment/222222222222/DevAccess/group:Team (parent-deleted)",
      "delete assignment/333333333333/DevAccess/group:Team (parent-deleted)",
      "delete permissionSet/DevAccess (renamed)",
    ]);
    expect(changeAt(made, "assignment/111111111111/DevAccess/group:Team").dependsOn).toEqual([
      "assignment/111111111111/DeveloperAccess/group:Team",
    ]);
    expect(changeAt(made, "assignment/222222222222/DevAccess/group:Team").dependsOn).toEqual([
      "assignment/222222222222/DeveloperAccess/group:New",
    ]);
    expect(changeAt(made, "permissionSet/DevAccess").dependsOn).toEqual([
      "assignment/111111111111/DevAccess/group:Team",
      "assignment/222222222222/DevAccess/group:Team",
      "assignment/333333333333/DevAccess/group:Team",
      "permissionSet/DeveloperAccess",
    ]);
  });

  it("is carried on with where an earlier run has begun it", () => {
    const made = plan(wanted, {
      ...there,
      permissionSets: ["DevAccess", "DeveloperAccess"],
      assignments: [...there.assignments, "111111111111/DeveloperAccess/group:Team"],
    });
    expect(summary(made)).toContain("delete assignment/111111111111/DevAccess/group:Team (renamed)");
    expect(summary(made)).toContain("delete permissionSet/DevAccess (renamed)");
    expect(summary(made)).not.toContain("create permissionSet/DeveloperAccess (renamed)");
  });

  it.each([
    ["assignment/111111111111/*", "assignment/111111111111/DeveloperAccess/group:Team"],
    ["assignment/111111111111/DeveloperAccess/*", "assignment/111111111111/DeveloperAccess/group:Team"],
    ["permissionSet/DeveloperAccess", "assignment/111111111111/DeveloperAccess/group:Team"],
  ])("%s not read: what is not replaced stays, and so does the old set", (scope, replacement) => {
    const made = plan(wanted, { ...there, unread: [{ scope, reason: "denied" }] });
    expect(summary(made).filter((line) => line.startsWith("delete"))).toEqual([
      "delete assignment/222222222222/DevAccess/group:Team (parent-deleted)",
      "delete assignment/333333333333/DevAccess/group:Team (parent-deleted)",
    ]);
    expect(made.unchecked).toContainEqual({
      scope: "assignment/111111111111/DevAccess/group:Team",
      reason: `not deleted: ${replacement}, which replaces it, could not be read: denied`,
    });
    expect(made.unchecked.map((each) => each.scope)).toContain("permissionSet/DevAccess");
  });

  it("an ignored replacement keeps the old one", () => {
    const ignore = [{ accounts: ["111111111111"], permissionSets: ["DeveloperAccess"] }];
    const made = plan({ ...wanted, ignore }, there);
    expect(made.skipped.map(({ subject }) => subject)).toEqual([
      "assignment/111111111111/DevAccess/group:Team",
      "permissionSet/DevAccess",
    ]);
  });

  it("mode additive keeps the old one", () => {
    const made = plan({ ...wanted, mode: "additive" }, there);
    expect(made.counts).toMatchObject({ create: 3, delete: 0 });
    expect(made.withheld.map(({ address }) => address)).toEqual(["permissionSet/DevAccess"]);
  });

  it("of another owner: refused", () => {
    expect(codes(wanted, { ...there, permissionSets: [{ name: "DevAccess", owner: "other" }] })).toEqual([
      "other-owner",
    ]);
  });

  it("several earlier names: refused", () => {
    expect(
      codes(
        { permissionSets: ["New"], previously: { permissionSets: { New: ["A", "B"] } } },
        { permissionSets: ["A", "B"] },
      ),
    ).toEqual(["rename-ambiguous"]);
  });
});
