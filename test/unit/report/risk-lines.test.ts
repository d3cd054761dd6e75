import { describe, expect, it } from "vitest";
import { riskLines } from "../../../src/report/risk-lines.ts";
import { allow, type DesiredSketch, type LiveSketch, plan, policy } from "../plan/builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const names = new Map([["111111111111", "production"]]);
const prod = "111111111111";
const said = (desired: DesiredSketch, live: LiveSketch): string[] =>
  riskLines(plan(desired, live).changes, names).map(({ tone, text }) => `${tone}: ${text}`);

const base = { users: ["jane"], groups: ["Team"], permissionSets: [admin, "Dev"] };

describe("who loses access", () => {
  it("administrator access is called that, also where it was the last", () => {
    const live = { ...base, assignments: [`${prod}/Admin/group:Team`] };
    expect(said(base, live)).toEqual([
      "loss: group Team loses administrator access to production (111111111111) through Admin, and has no other access there",
      "notice: the IAM role of Admin goes with its last assignment in production (111111111111); a later one will have another name",
    ]);
    const kept = { ...base, assignments: [`${prod}/Dev/group:Team`] };
    expect(said(kept, { ...live, assignments: [...live.assignments, `${prod}/Dev/group:Team`] })[0]).toBe(
      "loss: group Team loses administrator access to production (111111111111) through Admin",
    );
  });

  it("and what is taken of several, since the heading counts that", () => {
    const live = { ...base, assignments: [`${prod}/Dev/group:Team`, `${prod}/Audit/group:Team`] };
    const sets = [admin, "Dev", "Audit"];
    const kept = { ...base, permissionSets: sets, assignments: [`${prod}/Dev/group:Team`] };
    expect(said(kept, { ...live, permissionSets: sets })[0]).toBe(
      "loss: group Team loses Audit in production (111111111111), and keeps other access there",
    );
  });

  it("a member loses what the group gives, administrator access first", () => {
    const assignments = [`${prod}/Admin/group:Team`, "222222222222/Dev/group:Team"];
    expect(
      said(
        { ...base, assignments, managedMembers: ["Team"] },
        { ...base, assignments, memberships: ["Team/jane"] },
      ),
    ).toEqual([
      "loss: user jane loses administrator access to production (111111111111) as a member of Team",
      "loss: user jane loses what Team gives in 222222222222",
    ]);
  });

  it("a policy that was attached by hand and goes again is told, with whom and where", () => {
    const assignments = [`${prod}/Dev/group:Team`, `${prod}/Dev/user:jane`];
    expect(
      said(
        { ...base, assignments },
        { ...base, permissionSets: [admin, { ...admin, name: "Dev" }], assignments },
      ),
    ).toEqual([
      "loss: permission set Dev no longer gives administrator access in production (111111111111), for group Team, user jane",
    ]);
  });

  it("also where another policy is given for it", () => {
    const assignments = [`${prod}/Dev/group:Team`];
    const swap = (from: string, to: string): string[] => {
      const set = (name: string) => ({ name: "Dev", managedPolicies: [`arn:aws:iam::aws:policy/${name}`] });
      return said(
        { groups: ["Team"], permissionSets: [set(to)], assignments },
        { groups: ["Team"], permissionSets: [set(from)], assignments },
      );
    };
    expect(swap("AdministratorAccess", "ReadOnlyAccess")).toEqual([
      "loss: permission set Dev no longer gives administrator access in production (111111111111), for group Team",
    ]);
    expect(swap("IAMFullAccess", "ReadOnlyAccess")).toEqual([
      "gain: permission set Dev allows more in production (111111111111), for group Team: policies or statements are added",
      "loss: permission set Dev no longer gives administrator access in production (111111111111), for group Team",
    ]);
    expect(swap("SecurityAudit", "ReadOnlyAccess")).toEqual([
      "gain: permission set Dev allows more in production (111111111111), for group Team: policies or statements are added",
      "loss: permission set Dev also allows less in production (111111111111), for group Team",
    ]);
  });

  it("so is a set that allows less in anything else", () => {
    const assignments = [`${prod}/Dev/group:Team`];
    const before = { name: "Dev", sessionDuration: 7200 };
    expect(said({ ...base, assignments }, { ...base, permissionSets: [admin, before], assignments })).toEqual(
      ["loss: permission set Dev allows less in production (111111111111), for group Team"],
    );
  });
});

describe("a permission set that is replaced", () => {
  const replace = (after: object, before: object): string[] =>
    said(
      {
        groups: ["Team"],
        permissionSets: [{ name: "New", ...after }],
        assignments: [`${prod}/New/group:Team`],
        previously: { permissionSets: { New: ["Old"] } },
      },
      {
        groups: ["Team"],
        permissionSets: [{ name: "Old", ...before }],
        assignments: [`${prod}/Old/group:Team`],
      },
    );
  const notice =
    "notice: permission set Old is replaced by New: names of its IAM roles change, and what refers to them (resource policies, KMS keys, EKS) must follow";

  it("by the same: nobody gains or loses anything", () => {
    const { managedPolicies } = admin;
    expect(replace({ managedPolicies }, { managedPolicies })).toEqual([notice]);
  });

  it("by more: who gains it", () => {
    expect(replace({ managedPolicies: admin.managedPolicies }, {})).toEqual([
      "gain: group Team gets administrator access to production (111111111111) through New",
      "gain: permission set New allows more in production (111111111111), for group Team: administrator access, policies or statements are added",
      notice,
    ]);
  });
});

it("a set with administrator access that accounts hold in an older version is told, with the accounts", () => {
  const state = { permissionSets: [admin, "Dev"] };
  const provisioning = {
    Admin: { accounts: [prod], stale: [prod] },
    Dev: { accounts: [prod], stale: [prod] },
  };
  expect(said(state, { ...state, provisioning })).toEqual([
    "gain: permission set Admin replaces an older version in production (111111111111), and nobody knows what it allowed there; now: administrator access",
  ]);
});

it("who joins a group whose assignments were not read is told, with what was not read", () => {
  const wanted = { ...base, memberships: ["Team/jane"] };
  const unread = ["1", "2", "3", "4", "5", "6"].map((digit) => ({
    scope: `assignment/${digit.repeat(12)}/Admin/*`,
    reason: "access denied",
  }));
  expect(said(wanted, { ...base, unread: unread.slice(0, 1) })).toEqual([
    "gain: user jane gets, as a member of Team, access that nobody knows, because this was not read: assignment/111111111111/Admin/*",
  ]);
  expect(said(wanted, { ...base, unread })[0]).toMatch(/assignment\/555555555555\/Admin\/\* and 1 more$/);
  const partly = { ...base, assignments: [`${prod}/Admin/group:Team`], unread: unread.slice(1, 2) };
  expect(said({ ...wanted, assignments: partly.assignments }, partly)).toEqual([
    "gain: user jane gets administrator access to production (111111111111) as a member of Team",
    "gain: user jane gets, as a member of Team, access that nobody knows, because this was not read: assignment/222222222222/Admin/*",
  ]);
});

it("rights over identities are told wherever somebody comes to have them", () => {
  const sso = policy({ Version: "2012-10-17", Statement: [allow("sso:*")] });
  const sets = { ...base, permissionSets: [{ name: "Keys", inlinePolicy: sso }] };
  const there = { ...sets, assignments: [`${prod}/Keys/group:Team`] };
  const rights = "rights over identities (IAM, Organizations, STS, Identity Center)";
  expect(said(there, sets)).toEqual([
    `gain: group Team gets ${rights} in production (111111111111) through Keys`,
  ]);
  expect(said({ ...there, memberships: ["Team/jane"] }, there)).toEqual([
    `gain: user jane gets ${rights} in production (111111111111) as a member of Team`,
  ]);
  const two = { ...there, assignments: [...there.assignments, "222222222222/Keys/group:Team"] };
  expect(said({ ...two, memberships: ["Team/jane"] }, two)).toEqual([
    `gain: user jane gets ${rights} in some of 2 accounts: production (111111111111), 222222222222 as a member of Team`,
  ]);
});
