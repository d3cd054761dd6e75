import { describe, expect, it } from "vitest";
import { builtInRules } from "../../../src/plan/built-in-rules.ts";
import type { Drift } from "../../../src/drift/drift.ts";
import { findDrift } from "../../../src/drift/find-drift.ts";
import { type DesiredSketch, type LiveSketch, position, user } from "../plan/builders.ts";
import { administrator, comparison, driftOf, told } from "./sketches.ts";

describe("buckets", () => {
  it.each<[string, DesiredSketch, LiveSketch, string[]]>([
    ["equal", { groups: ["A"] }, { groups: ["A"] }, []],
    ["missing", { groups: ["A"] }, {}, ["missing missing group/A -> create"]],
    ["not declared", {}, { groups: ["A"] }, ["unmanaged not-declared group/A -> none"]],
    [
      "not declared, mode exclusive",
      { mode: "exclusive", groups: ["B"] },
      { groups: ["A", "B"] },
      ["unmanaged exclusive group/A -> delete"],
    ],
    [
      "not declared, mode additive",
      { mode: "additive", groups: ["A"], permissionSets: ["S"] },
      { groups: ["A"], permissionSets: ["S"], assignments: ["111111111111/S/group:A"] },
      ["unmanaged withheld assignment/111111111111/S/group:A -> none"],
    ],
    [
      "an assignment of somebody deleted",
      { permissionSets: ["S"] },
      { permissionSets: ["S"], assignments: ["111111111111/S/orphan:id"] },
      ["changed orphaned assignment/111111111111/S/user:id -> delete"],
    ],
    [
      "an assignment of somebody deleted, mode additive",
      { mode: "additive", permissionSets: ["S"] },
      { permissionSets: ["S"], assignments: ["111111111111/S/orphan:id"] },
      ["changed orphaned assignment/111111111111/S/user:id -> none"],
    ],
    [
      "access whose time is over",
      {
        groups: ["A"],
        permissionSets: ["S"],
        origins: { "assignment/111111111111/S/group:A": { until: Date.UTC(2026, 0, 1) } },
      },
      { groups: ["A"], permissionSets: ["S"], assignments: ["111111111111/S/group:A"] },
      ["changed expired assignment/111111111111/S/group:A -> delete"],
    ],
    [
      "roles of an older version",
      { permissionSets: ["S"] },
      { permissionSets: ["S"], provisioning: { S: { accounts: ["111111111111"], stale: ["111111111111"] } } },
      ["changed stale provisioning/S -> provision"],
    ],
  ])("%s", (_name, wanted, there, expected) => {
    expect(told(driftOf(wanted, there))).toEqual(expected);
  });

  it("does not call lost what an older version of a set may lack", () => {
    const set = { name: "S", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
    const { findings } = driftOf(
      { permissionSets: [set] },
      {
        permissionSets: [set],
        provisioning: { S: { accounts: ["111111111111"], stale: ["111111111111"] } },
      },
    );
    expect(findings.map(({ risk }) => risk)).toEqual([
      { access: "none", reasons: [], accounts: ["111111111111"], administratorAccounts: [] },
    ]);
  });

  it("does not call lost what a group may give that could not be read", () => {
    const { findings } = driftOf(
      { users: ["u"], groups: ["A"], memberships: ["A/u"] },
      { users: ["u"], groups: ["A"], unread: [{ scope: "assignment/111111111111/*", reason: "denied" }] },
    );
    expect(findings.map(({ address, risk }) => [address, risk.access])).toEqual([["membership/A/u", "none"]]);
  });

  it("shows attributes as declared and live", () => {
    const { findings } = driftOf(
      { users: [user("u", { title: "Engineer" })] },
      { users: [user("u", { title: "Boss", nickName: "U" })] },
    );
    expect(findings[0]).toMatchObject({
      differences: [{ attribute: "title", declared: "Engineer", live: "Boss" }],
      declared: { attributes: { title: "Engineer", nickName: "U" } },
      live: { attributes: { title: "Boss" } },
    });
  });
});

describe("only what is declared", () => {
  const only = (wanted: DesiredSketch, there: LiveSketch): Drift =>
    findDrift({ ...comparison(wanted, there), builtInRules, onlyDeclared: true });

  it("lists what is not declared at all, and is clean", () => {
    const drift = only(
      { groups: ["A"] },
      {
        users: [user("u")],
        groups: ["A", "Old"],
        permissionSets: ["Old"],
        assignments: ["111111111111/Old/group:Old"],
      },
    );
    expect(drift.result).toBe("clean");
    expect(drift.fingerprint).toBe(only({ groups: ["A"] }, { groups: ["A"] }).fingerprint);
    expect(drift.ignored).toEqual(
      ["assignment/111111111111/Old/group:Old", "group/Old", "permissionSet/Old", "user/u"].map(
        (address) => ({
          address,
          reason: "not declared (--only-declared)",
        }),
      ),
    );
  });

  it.each<[string, DesiredSketch, LiveSketch, string]>([
    [
      "access through a declared set",
      { groups: ["A"], permissionSets: ["S"] },
      { groups: ["A", "Old"], permissionSets: ["S"], assignments: ["111111111111/S/group:Old"] },
      "unmanaged not-declared assignment/111111111111/S/group:Old -> delete",
    ],
    [
      "the same, where mode additive withholds it",
      { mode: "additive", groups: ["A"], permissionSets: ["S"] },
      { groups: ["A"], permissionSets: ["S"], assignments: ["111111111111/S/group:A"] },
      "unmanaged withheld assignment/111111111111/S/group:A -> none",
    ],
    ["what is missing", { groups: ["A"] }, {}, "missing missing group/A -> create"],
  ])("still tells %s", (_, wanted, there, expected) => {
    expect(told(only(wanted, there))).toEqual([expected]);
  });
});

describe("no drift", () => {
  it("is what somebody else manages", () => {
    const drift = driftOf(
      { groups: ["Open"], external: { groups: ["Idp"], permissionSets: ["Elsewhere"] } },
      {
        users: ["scim", "u"],
        groups: ["Open", "Idp", "Scim"],
        permissionSets: ["Elsewhere", { name: "Theirs", owner: "other" }],
        memberships: ["Open/u", "Idp/u", "Scim/u"],
        assignments: ["111111111111/Elsewhere/group:Idp", "111111111111/Theirs/group:Idp"],
        externallyOwned: { users: ["scim"], groups: ["Scim"] },
      },
    );
    expect(told(drift)).toEqual(["unmanaged not-declared user/u -> none"]);
    expect(drift.ignored.map(({ address }) => address)).toEqual([
      "assignment/111111111111/Elsewhere/group:Idp",
      "assignment/111111111111/Theirs/group:Idp",
      "group/Scim",
      "membership/Idp/u",
      "membership/Open/u",
      "membership/Scim/u",
      "permissionSet/Theirs",
      "user/scim",
    ]);
  });

  it("is what a rule of the manifest ignores, and that is said", () => {
    const drift = driftOf(
      { groups: ["Pager"], ignore: [{ groups: ["Pager"], users: ["*"], reason: "set by the rotation" }] },
      { groups: ["Pager"], memberships: ["Pager/u"] },
    );
    expect(drift.result).toBe("clean");
    expect(drift.ignored).toEqual([
      { address: "membership/Pager/u", reason: "set by the rotation (ignore rule of the manifest)" },
    ]);
  });
});

describe("who joins a declared group without members in the manifest", () => {
  const admin = { name: "Admin", managedPolicies: [administrator] };

  it.each<[string, DesiredSketch, LiveSketch]>([
    [
      "by what is declared",
      { groups: ["Open"], permissionSets: [admin], assignments: ["111111111111/Admin/group:Open"] },
      { permissionSets: [admin], assignments: ["111111111111/Admin/group:Open"] },
    ],
    [
      "by what somebody else gave it",
      { groups: ["Open"], external: { permissionSets: ["Admin"] } },
      { permissionSets: [admin], assignments: ["111111111111/Admin/group:Open"] },
    ],
  ])("is drift where the group has access %s, also with --only-declared", (_, wanted, there) => {
    const origins = { "group/Open": { position: position(7) } };
    const joined: LiveSketch = { ...there, groups: ["Open"], memberships: ["Open/evil"] };
    for (const onlyDeclared of [false, true]) {
      const { findings } = findDrift({
        ...comparison({ ...wanted, origins }, joined),
        builtInRules,
        onlyDeclared,
      });
      expect(findings).toMatchObject([
        {
          address: "membership/Open/evil",
          bucket: "unmanaged",
          repair: "none",
          position: position(7),
          risk: { access: "gained", administratorAccounts: ["111111111111"] },
        },
      ]);
    }
  });

  it("is drift where the group will have access by the next apply", () => {
    const drift = driftOf(
      { groups: ["Open"], permissionSets: [admin], assignments: ["111111111111/Admin/group:Open"] },
      { groups: ["Open"], permissionSets: [admin], memberships: ["Open/evil"] },
    );
    expect(told(drift)).toContain("unmanaged not-declared membership/Open/evil -> none");
  });

  it("is none where the identity provider owns it", () => {
    const there: LiveSketch = {
      groups: ["Open"],
      permissionSets: [admin],
      memberships: ["Open/joiner"],
      assignments: ["111111111111/Admin/group:Open"],
    };
    const drift = driftOf(
      {
        external: { groups: ["Open"] },
        permissionSets: [admin],
        assignments: ["111111111111/Admin/group:Open"],
      },
      there,
    );
    expect(drift.result).toBe("clean");
    expect(drift.ignored).toEqual([
      { address: "membership/Open/joiner", reason: "owned by the identity provider" },
    ]);
  });
});

describe("what could not be read", () => {
  const unread = [{ scope: "assignment/111111111111/*", reason: "denied [request 1]" }];

  it("is never clean", () => {
    const drift = driftOf({ groups: ["A"] }, { groups: ["A"], unread });
    expect(drift).toMatchObject({
      result: "unchecked",
      counts: { changed: 0, missing: 0, unmanaged: 0, unchecked: 1 },
    });
    expect(drift.coverage.percent).toBeLessThan(100);
  });

  it("counts for each pair, and at least once for each entry", () => {
    const there: LiveSketch = {
      permissionSets: ["S"],
      provisioning: { S: { accounts: ["111111111111", "222222222222"], stale: [] } },
      assignments: ["222222222222/S/orphan:x"],
    };
    const coverage = (scopes: readonly string[]) =>
      driftOf(
        { permissionSets: ["S"] },
        { ...there, unread: scopes.map((scope) => ({ scope, reason: "r" })) },
      ).coverage;
    expect(coverage([])).toEqual({ read: 3, total: 3, percent: 100 });
    expect(coverage(["assignment/111111111111/*"])).toEqual({ read: 2, total: 3, percent: 66.6 });
    expect(coverage(["assignment/*"])).toMatchObject({ read: 1, total: 3 });
    expect(coverage(["assignment/*/*/user:ghost"])).toMatchObject({ read: 3, total: 4, percent: 75 });
  });
});

describe("the fingerprint", () => {
  const base = driftOf({ groups: ["A", "B"] }, { groups: ["B"] });

  it("is the same for the same drift, wherever the manifest stands and whatever else is there", () => {
    const moved = driftOf(
      {
        groups: ["B", "A"],
        origins: { "group/A": { position: { file: "x.yaml", line: 9, column: 1, endColumn: 2 } } },
      },
      { groups: ["B"] },
    );
    expect(moved.findings[0]?.position).not.toEqual(base.findings[0]?.position);
    expect(moved.fingerprint).toBe(base.fingerprint);
    const title = (text: string) =>
      driftOf({ users: [user("u", { title: "A" })] }, { users: [user("u", { title: "B", nickName: text })] });
    expect(title("x").fingerprint).toBe(title("y").fingerprint);
  });

  it("is another one for other drift, and for another part that could not be read", () => {
    const unread = (reason: string) => [{ scope: "assignment/111111111111/*", reason }];
    const others = [
      driftOf({ groups: ["A", "B"] }, {}),
      driftOf({ users: [user("u", { title: "A" })] }, { users: [user("u", { title: "B" })] }),
      driftOf({ users: [user("u", { title: "A" })] }, { users: [user("u", { title: "C" })] }),
      driftOf({}, { permissionSets: ["S"] }),
      driftOf({}, { permissionSets: [{ name: "S", managedPolicies: [administrator] }] }),
      driftOf({ groups: ["A", "B"] }, { groups: ["B"], unread: unread("denied [request 1]") }),
    ];
    expect(new Set([base, ...others].map(({ fingerprint }) => fingerprint)).size).toBe(7);
    const again = driftOf({ groups: ["A", "B"] }, { groups: ["B"], unread: unread("denied [request 2]") });
    expect(again.fingerprint).toBe(others.at(-1)?.fingerprint);
  });
});
