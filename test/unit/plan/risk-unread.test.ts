import { describe, expect, it } from "vitest";
import type { PermissionSet } from "../../../src/model/access-state.ts";
import { allow, changeAt, plan, policy } from "./builders.ts";

const base = { users: ["jane"], groups: ["Team"], permissionSets: ["Admin"] };

describe("provisioning of a version that accounts do not have", () => {
  const stale = { Dev: { accounts: ["111111111111"], stale: ["111111111111", "999999999999"] } };
  const riskOf = (set: Partial<PermissionSet>) => {
    const state = { permissionSets: [{ name: "Dev", ...set }] };
    return changeAt(plan(state, { ...state, provisioning: stale }), "provisioning/Dev").risk;
  };
  const accounts = ["111111111111", "999999999999"];

  it("may give all that the set allows now", () => {
    expect(riskOf({ managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] })).toEqual({
      direction: "broadening",
      reasons: ["administrator", "management-account"],
      accounts,
      administratorAccounts: accounts,
    });
    expect(riskOf({ inlinePolicy: policy({ Statement: [allow("organizations:*")] }) })).toEqual({
      direction: "broadening",
      reasons: ["identity-rights", "management-account"],
      accounts,
    });
    expect(riskOf({ customerManagedPolicies: [{ name: "P", path: "/" }] }).direction).toBe("broadening");
  });

  it("whole services among it", () => {
    expect(riskOf({ managedPolicies: ["arn:aws:iam::aws:policy/PowerUserAccess"] })).toMatchObject({
      direction: "broadening",
      reasons: ["management-account", "wildcard-write"],
    });
  });

  it("and anything else: what was denied there, or not yet allowed, is not known", () => {
    expect(riskOf({ managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] })).toEqual({
      direction: "broadening",
      reasons: ["management-account"],
      accounts,
    });
  });

  it("is neutral where the set allows nothing", () => {
    const nothing = { direction: "neutral", reasons: [], accounts };
    expect(riskOf({})).toEqual(nothing);
    expect(riskOf({ managedPolicies: ["arn:aws:iam::aws:policy/AWSDenyAll"] })).toEqual(nothing);
  });

  it("is refused where broadening asks for approval and nobody looks", () => {
    const state = {
      permissionSets: [{ name: "Dev", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] }],
    };
    const made = plan(
      { ...state, guards: { approval: "broadening" } },
      { ...state, provisioning: stale },
      new Map(),
      { unattended: true },
    );
    expect(made.guards.map(({ guard, verdict }) => [guard, verdict])).toEqual([["approval", "refused"]]);
  });
});

describe("memberships", () => {
  it("added to a group whose assignments could not all be read: nobody knows what that gives", () => {
    const unread = (...scopes: string[]) => ({
      unread: scopes.map((scope) => ({ scope, reason: "access denied" })),
    });
    const wanted = { ...base, memberships: ["Team/jane"] };
    const made = plan(wanted, {
      ...base,
      ...unread("assignment/222222222222/*", "assignment/111111111111/Admin/*", "membership/Other/*"),
    });
    expect(changeAt(made, "membership/Team/jane").risk).toEqual({
      direction: "broadening",
      reasons: ["reach-unknown"],
      unread: { scopes: ["assignment/111111111111/Admin/*", "assignment/222222222222/*"], count: 2 },
    });
    const ofSet = plan(
      { ...wanted, external: { permissionSets: ["Hidden"] } },
      { ...base, assignments: ["111111111111/Hidden/group:Team"], ...unread("permissionSet/Hidden") },
    );
    expect(changeAt(ofSet, "membership/Team/jane").risk).toMatchObject({
      direction: "broadening",
      reasons: ["first-access", "reach-unknown"],
      unread: { scopes: ["permissionSet/Hidden"], count: 1 },
    });
    const ofOthers = plan(wanted, { ...base, ...unread("assignment/*/*/user:max") });
    expect(changeAt(ofOthers, "membership/Team/jane").risk.direction).toBe("neutral");
    const created = plan(wanted, { ...base, groups: [], ...unread("assignment/222222222222/*") });
    expect(changeAt(created, "membership/Team/jane").risk.direction).toBe("neutral");
  });

  it("removed from such a group: somebody loses nobody knows what, and it is never told as nothing", () => {
    const wanted = { ...base, managedMembers: ["Team"] };
    const there = { ...base, memberships: ["Team/jane"] };
    const unread = [{ scope: "assignment/111111111111/Admin/*", reason: "access denied" }];
    expect(changeAt(plan(wanted, { ...there, unread }), "membership/Team/jane").risk).toEqual({
      direction: "narrowing",
      reasons: ["reach-unknown"],
      unread: { scopes: ["assignment/111111111111/Admin/*"], count: 1 },
    });
    const partly = plan(wanted, { ...there, unread, assignments: ["222222222222/Admin/group:Team"] });
    expect(changeAt(partly, "membership/Team/jane").risk).toMatchObject({
      direction: "narrowing",
      reasons: ["last-access", "reach-unknown"],
      accounts: ["222222222222"],
    });
    const hidden = plan(wanted, {
      ...there,
      unread: [...unread, { scope: "assignment/222222222222/Other/*", reason: "access denied" }],
      assignments: ["222222222222/Admin/group:Team"],
    });
    expect(changeAt(hidden, "membership/Team/jane").risk.hiddenWays).toEqual({
      scopes: ["assignment/222222222222/Other/*"],
      count: 1,
    });
  });

  it("counts what was not read, and names the first of it", () => {
    const scopes = Array.from({ length: 25 }, (_, index) => `assignment/${100000000000 + index}/Admin/*`);
    const made = plan(
      { ...base, memberships: ["Team/jane"] },
      { ...base, unread: scopes.map((scope) => ({ scope, reason: "access denied" })) },
    );
    expect(changeAt(made, "membership/Team/jane").risk.unread).toEqual({
      scopes: scopes.slice(0, 10),
      count: 25,
    });
  });
});

describe("updates of permission sets", () => {
  const longer = { permissionSets: [{ name: "Admin", sessionDuration: 7200 }] };
  const unread = [
    { scope: "assignment/222222222222/Admin/*", reason: "access denied" },
    { scope: "assignment/222222222222/Other/*", reason: "access denied" },
  ];

  it("that may be assigned unseen say what was not read of that", () => {
    const assignments = ["111111111111/Admin/group:Team"];
    const made = plan({ ...base, ...longer, assignments }, { ...base, assignments, unread });
    expect(changeAt(made, "permissionSet/Admin").risk).toMatchObject({
      direction: "broadening",
      reasons: ["session-lengthened"],
      accounts: ["111111111111"],
      unread: { scopes: ["assignment/222222222222/Admin/*"], count: 1 },
    });
    const neither = plan({ ...base, ...longer }, { ...base, unread: unread.slice(1) });
    expect(changeAt(neither, "permissionSet/Admin").risk).not.toHaveProperty("unread");
  });

  it("that are replaced, by either name", () => {
    const made = plan(
      {
        permissionSets: [{ name: "Root", sessionDuration: 7200 }],
        previously: { permissionSets: { Root: ["Admin"] } },
      },
      { permissionSets: ["Admin"], unread },
    );
    expect(changeAt(made, "permissionSet/Root").risk).toMatchObject({
      reasons: ["role-replaced", "session-lengthened"],
      unread: { scopes: ["assignment/222222222222/Admin/*"], count: 1 },
    });
  });
});
