import { describe, expect, it } from "vitest";
import { type DesiredSketch, plan, summary } from "./builders.ts";

const there = {
  users: ["jane"],
  groups: ["Team"],
  permissionSets: ["Dev"],
  memberships: ["Team/jane"],
  assignments: ["111111111111/Dev/group:Team", "222222222222/Dev/user:jane"],
};
const all = { removed: { users: ["jane"], groups: ["Team"], permissionSets: ["Dev"] } };

describe("a user, group or permission set goes only with all that hangs on it", () => {
  it("children first, then the permission set, the group, the user", () => {
    expect(summary(plan(all, there))).toEqual([
      "delete assignment/111111111111/Dev/group:Team (parent-deleted)",
      "delete assignment/222222222222/Dev/user:jane (parent-deleted)",
      "delete membership/Team/jane (parent-deleted)",
      "delete permissionSet/Dev (removed)",
      "delete group/Team (removed)",
      "delete user/jane (removed)",
    ]);
  });

  it("an ignored assignment keeps its set and its group", () => {
    const made = plan({ ...all, ignore: [{ accounts: ["111111111111"] }] }, there);
    expect(summary(made)).toEqual([
      "delete assignment/222222222222/Dev/user:jane (parent-deleted)",
      "delete membership/Team/jane (parent-deleted)",
      "delete user/jane (removed)",
    ]);
    expect(made.skipped).toEqual([
      {
        subject: "group/Team",
        reason:
          "not deleted, because assignment/111111111111/Dev/group:Team has to stay: it is ignored (not ours)",
        position: expect.objectContaining({ line: 80 }),
      },
      expect.objectContaining({ subject: "permissionSet/Dev" }),
    ]);
  });

  it("an ignored membership keeps its group and its user", () => {
    const made = plan({ ...all, ignore: [{ users: ["jane"], groups: ["Team"] }] }, there);
    expect(made.skipped.map(({ subject }) => subject)).toEqual(["group/Team", "user/jane"]);
    expect(made.counts.delete).toBe(3);
  });

  it("an assignment in a suspended account keeps them too", () => {
    const made = plan(all, { ...there, accounts: { "222222222222": "SUSPENDED" } });
    expect(made.skipped.map(({ subject }) => subject)).toEqual([
      "assignment/222222222222/Dev/user:jane",
      "permissionSet/Dev",
      "user/jane",
    ]);
    expect(summary(made)).not.toContain("delete permissionSet/Dev (removed)");
  });

  it.each([
    ["removed", { removed: { permissionSets: ["Dev"] } }, "parent-deleted"],
    ["ours, and no longer declared", { name: "acme" }, "not-declared"],
    ["undeclared, and sets alone are exclusive", { modes: { permissionSets: "exclusive" } }, "exclusive"],
    [
      "renamed",
      { permissionSets: ["New"], previously: { permissionSets: { New: ["Dev"] } } },
      "parent-deleted",
    ],
  ] as const)("a set that is %s waits, and access that it gives elsewhere does not", (_why, wanted, code) => {
    const made = plan(wanted as DesiredSketch, {
      groups: ["Team"],
      permissionSets: [{ name: "Dev", owner: "name" in wanted ? "acme" : null }],
      assignments: ["111111111111/Dev/group:Team", "222222222222/Dev/group:Team"],
      accounts: { "222222222222": "SUSPENDED" },
    });
    expect(summary(made).filter((line) => line.startsWith("delete"))).toEqual([
      `delete assignment/111111111111/Dev/group:Team (${code})`,
    ]);
    expect(made.skipped.map(({ subject, reason }) => `${subject}: ${reason}`)).toEqual([
      expect.stringMatching(/^assignment\/222222222222\/Dev\/group:Team: not deleted: /),
      expect.stringMatching(/^permissionSet\/Dev: not deleted, because assignment\/222222222222/),
    ]);
  });

  const elsewhere = {
    users: ["jane"],
    groups: ["Team", "Ops"],
    permissionSets: ["Dev", "Other"],
    memberships: ["Team/jane", "Ops/jane"],
    accounts: { "222222222222": "SUSPENDED" },
  } as const;
  it.each([
    ["group", "removed", { removed: { groups: ["Team"] } }, "parent-deleted"],
    ["user", "removed", { removed: { users: ["jane"] } }, "parent-deleted"],
    ["group", "undeclared", { groups: ["Ops"], modes: { groups: "exclusive" } }, "exclusive"],
    ["user", "undeclared", { modes: { users: "exclusive" } }, "exclusive"],
  ] as const)("a %s that is %s waits, and access that it has elsewhere does not", (type, _, wanted, code) => {
    const self = type === "group" ? "group:Team" : "user:jane";
    const made = plan(wanted as DesiredSketch, {
      ...elsewhere,
      assignments: [
        `111111111111/Dev/${self}`,
        `111111111111/Other/${self}`,
        `222222222222/Dev/${self}`,
        "111111111111/Dev/group:Ops",
      ],
    });
    const memberships = type === "group" ? ["Team/jane"] : ["Ops/jane", "Team/jane"];
    expect(summary(made)).toEqual([
      `delete assignment/111111111111/Dev/${self} (${code})`,
      `delete assignment/111111111111/Other/${self} (${code})`,
      ...memberships.map((each) => `delete membership/${each} (${code})`),
    ]);
    expect(made.skipped.map(({ subject, reason }) => `${subject}: ${reason}`)).toEqual([
      `assignment/222222222222/Dev/${self}: not deleted: account 222222222222 is SUSPENDED`,
      `${self.replace(":", "/")}: not deleted, because assignment/222222222222/Dev/${self} has to stay: account 222222222222 is SUSPENDED`,
    ]);
  });

  it("an undeclared one that waits leaves what another manifest gives it; one under `removed` does not", () => {
    const waits = {
      ...elsewhere,
      permissionSets: ["Dev", { name: "Other", owner: "beta" }],
      assignments: ["111111111111/Other/user:jane", "222222222222/Dev/user:jane"],
    };
    const undeclared = plan({ name: "acme", modes: { users: "exclusive" } }, waits);
    expect(undeclared.unmanaged.map(({ address }) => address)).toContain(
      "assignment/111111111111/Other/user:jane",
    );
    expect(summary(undeclared)).toEqual([
      "delete membership/Ops/jane (exclusive)",
      "delete membership/Team/jane (exclusive)",
    ]);
    expect(summary(plan({ name: "acme", removed: { users: ["jane"] } }, waits))).toContain(
      "delete assignment/111111111111/Other/user:jane (parent-deleted)",
    );
  });

  it("what could not be read keeps the set, the group and the user, and not what was read of theirs", () => {
    const unread = [{ scope: "assignment/333333333333/*", reason: "denied" }];
    const made = plan(all, { ...there, unread });
    expect(summary(made)).toEqual([
      "delete assignment/111111111111/Dev/group:Team (parent-deleted)",
      "delete assignment/222222222222/Dev/user:jane (parent-deleted)",
      "delete membership/Team/jane (parent-deleted)",
    ]);
    expect(made.unchecked.map(({ scope }) => scope)).toEqual([
      "assignment/333333333333/*",
      "group/Team",
      "permissionSet/Dev",
      "user/jane",
    ]);
  });

  it("mode additive for assignments or memberships keeps what they hang on", () => {
    const made = plan({ ...all, modes: { assignments: "additive" } }, there);
    expect(made.withheld.map(({ address }) => address)).toEqual([
      "group/Team",
      "permissionSet/Dev",
      "user/jane",
    ]);
    expect(made.changes).toEqual([]);
    const members = plan({ ...all, modes: { memberships: "additive" } }, there);
    expect(members.withheld.map(({ address }) => address)).toEqual(["group/Team", "user/jane"]);
  });

  it.each([
    ["assignment/*", ["group/Team", "permissionSet/Dev", "user/jane"]],
    ["assignment/333333333333/*", ["group/Team", "permissionSet/Dev", "user/jane"]],
    ["assignment/*/Dev/*", ["group/Team", "permissionSet/Dev", "user/jane"]],
    ["assignment/*/Other/*", ["group/Team", "user/jane"]],
    ["assignment/*/*/group:Team", ["group/Team", "permissionSet/Dev"]],
    ["membership/Team/*", ["group/Team", "user/jane"]],
    ["membership/*", ["group/Team", "user/jane"]],
    ["membership/Other/*", ["user/jane"]],
    ["*", ["group/Team", "permissionSet/Dev", "user/jane"]],
  ])("%s not read: what could hide there keeps %j", (scope, kept) => {
    const made = plan(all, { ...there, unread: [{ scope, reason: "denied" }] });
    expect(
      made.unchecked.map((each) => each.scope).filter((each) => each !== scope && !each.startsWith("assign")),
    ).toEqual(kept);
    const deleted = made.changes.map(({ address }) => address);
    for (const address of kept) expect(deleted).not.toContain(address);
  });

  it("an assignment of nobody knows whom keeps its set while users could not be read", () => {
    const made = plan(
      { removed: { permissionSets: ["Dev"] } },
      {
        permissionSets: ["Dev"],
        assignments: ["111111111111/Dev/orphan:9067"],
        unread: [{ scope: "user/*", reason: "denied" }],
      },
    );
    expect(made.changes).toEqual([]);
    expect(made.unchecked.map(({ scope }) => scope)).toEqual([
      "assignment/111111111111/Dev/user:9067",
      "permissionSet/Dev",
      "user/*",
    ]);
    expect(made.unmanaged).toEqual([]);
  });

  it("warns where AWS may refuse, because a set is provisioned where nobody is assigned", () => {
    const made = plan(
      { removed: { permissionSets: ["Dev"] } },
      { permissionSets: ["Dev"], provisioning: { Dev: { accounts: ["333333333333"], stale: [] } } },
    );
    expect(made.warnings).toEqual([
      expect.objectContaining({ code: "provisioned-without-assignments", address: "permissionSet/Dev" }),
    ]);
  });
});
