import { describe, expect, it } from "vitest";
import { expectedCalls } from "../../../src/live/strategy.ts";
import type { Progress } from "../../../src/model/progress.ts";
import { denied, type Fail, organizationOf, throttled } from "./support/fake-reader.ts";
import { read, scopes, world } from "./support/small-world.ts";

describe("readLiveState", () => {
  it("reads everything, by name, with the ids that writing needs", async () => {
    const { live } = await read();
    expect([...live.state.users.keys()]).toEqual(["jane", "john", "joan"]);
    expect(live.state.users.get("jane")?.attributes.givenName).toBe("jane");
    expect([...live.state.groups.keys()]).toEqual(["Dev", "Ops"]);
    expect([...live.state.memberships.keys()]).toEqual(["membership/Dev/jane", "membership/Dev/john"]);
    expect(live.state.permissionSets.get("Admin")).toMatchObject({
      sessionDuration: 3600,
      managedPolicies: ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"],
      tags: { team: "platform" },
      owner: "acme",
    });
    expect(live.state.permissionSets.get("Read")).toMatchObject({ tags: {}, owner: null });
    expect([...live.state.assignments.values()]).toEqual([
      { accountId: "111111111111", permissionSet: "Admin", principalType: "GROUP", principal: "Dev" },
      { accountId: "111111111111", permissionSet: "Admin", principalType: "USER", principal: "jane" },
      {
        accountId: "222222222222",
        permissionSet: "Admin",
        principalType: "GROUP",
        principal: "g-Gone",
        orphan: true,
      },
    ]);
    expect(live.ids.users.get("jane")).toBe("u-jane");
    expect(live.ids.permissionSets.get("Admin")).toBe("arn:Admin");
    expect(live.ids.memberships.get("membership/Dev/jane")).toBe("m-Dev-jane");
    expect(live.externallyOwned).toEqual({ users: new Set(["joan"]), groups: new Set(["Ops"]) });
    expect(live.provisioning.get("Admin")).toEqual({
      accounts: ["111111111111", "222222222222"],
      stale: ["222222222222"],
    });
    expect(live.provisioning.get("Read")).toEqual({ accounts: ["222222222222"], stale: [] });
    expect(live.coverage.unread).toEqual([]);
  });

  it("makes exactly the calls of the formula, where there are no orphans", async () => {
    const access = world.access?.filter(([, , principal]) => principal !== "group:Gone") ?? [];
    const told: Progress[] = [];
    const { calls } = await read({ access }, { onProgress: (progress) => told.push(progress) });
    const { sso, identityStore } = expectedCalls(
      { permissionSets: 2, accounts: 3, users: 3, groups: 2, pairs: 2 },
      { tags: true, assignments: 2, memberships: 2, accountsAreComplete: true },
    );
    expect(calls).toHaveLength(sso + identityStore);
    expect(told).toContainEqual({
      type: "expected-calls",
      part: "identity center",
      expected: sso + identityStore,
    });
  });

  it("leaves tags out where they are not needed, and says so by their absence", async () => {
    const { live, calls } = await read({}, { needs: { tags: false, memberships: "all" } });
    expect(calls).not.toContain("listTags");
    expect(live.state.permissionSets.get("Admin")).not.toHaveProperty("tags");
  });

  it("asks accounts where they are fewer than permission sets", async () => {
    const sets = { ...world.sets, Other: {}, More: {} };
    const { live, calls } = await read({ sets });
    expect(calls).toContain("listPermissionSetsProvisionedToAccount");
    expect(live.provisioning.get("Admin")?.stale).toEqual(["222222222222"]);
    expect(live.state.assignments.size).toBe(3);
    const known = await read({ sets }, {}, organizationOf(["111111111111"], "manifest"));
    expect(known.calls).not.toContain("listPermissionSetsProvisionedToAccount");
    expect(known.live.state.assignments.size).toBe(3);
  });

  it("reads memberships of the groups that are asked for only", async () => {
    const { live, calls } = await read(
      {},
      { needs: { tags: true, memberships: new Set(["Ops", "Unknown"]) } },
    );
    expect(calls.filter((call) => call === "listGroupMemberships")).toHaveLength(1);
    expect(live.state.memberships.size).toBe(0);
  });

  it("reads memberships by user where users are fewer", async () => {
    const groups = { Dev: ["jane"], Ops: [], A: ["jane"], B: [] };
    const { live, calls } = await read({ groups });
    expect(calls.filter((call) => call === "listGroupMembershipsForMember")).toHaveLength(3);
    expect([...live.state.memberships.keys()]).toEqual(["membership/Dev/jane", "membership/A/jane"]);
  });

  it("reads an empty instance", async () => {
    const { live, calls } = await read({ users: [], groups: {}, sets: {}, access: [] });
    expect(calls.sort()).toEqual(["listGroups", "listPermissionSets", "listUsers"]);
    expect(live.coverage.unread).toEqual([]);
  });
});

describe("by principal", () => {
  it("sees the same access, but no orphans, and says so", async () => {
    const { live, calls } = await read({}, { strategy: "principals" });
    expect(calls).not.toContain("listAccountAssignments");
    expect([...live.state.assignments.keys()].sort()).toEqual([
      "assignment/111111111111/Admin/group:Dev",
      "assignment/111111111111/Admin/user:jane",
    ]);
    expect(scopes(live)).toEqual(["assignment/*/*/orphaned"]);
  });

  it("does not take what comes by way of a group for the user's own", async () => {
    const { live } = await read(
      { access: [["111111111111", "Admin", "group:Dev"]] },
      { strategy: "principals" },
    );
    expect([...live.state.assignments.keys()]).toEqual(["assignment/111111111111/Admin/group:Dev"]);
  });

  it("falls back to pairs where AWS does not allow it", async () => {
    const fail: Fail = (method) =>
      method === "listAccountAssignmentsForPrincipal"
        ? denied("sso:ListAccountAssignmentsForPrincipal")
        : undefined;
    const { live, calls } = await read({ fail }, { strategy: "principals" });
    expect(calls.filter((call) => call === "listAccountAssignmentsForPrincipal")).toHaveLength(1);
    expect(live.state.assignments.size).toBe(3);
    expect(live.coverage.unread).toEqual([]);
  });

  it("lists whose assignments could not be read", async () => {
    const fail: Fail = (method, [, id]) =>
      method === "listAccountAssignmentsForPrincipal" && id === "u-jane" ? throttled : undefined;
    const { live } = await read({ fail }, { strategy: "principals" });
    expect(scopes(live)).toContain("assignment/*/*/user:jane");
  });
});
