import { describe, expect, it } from "vitest";
import { allow, changeAt, plan, policy } from "./builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const base = { users: ["jane"], groups: ["Team"], permissionSets: [admin, "Dev"] };

describe("memberships", () => {
  const reach = [
    "111111111111/Admin/group:Team",
    "222222222222/Dev/group:Team",
    "999999999999/Dev/group:Team",
  ];

  it("added: what the group will reach", () => {
    const made = plan(
      { ...base, memberships: ["Team/jane"], assignments: reach },
      { ...base, assignments: reach.slice(1) },
    );
    expect(changeAt(made, "membership/Team/jane").risk).toEqual({
      direction: "broadening",
      reasons: ["administrator", "first-access", "management-account"],
      accounts: ["111111111111", "222222222222", "999999999999"],
      administratorAccounts: ["111111111111"],
      reasonAccounts: { "management-account": ["999999999999"] },
    });
  });

  it("added: also what the group reaches before the plan, which goes only later, and may fail to", () => {
    const made = plan(
      { ...base, memberships: ["Team/jane"], assignments: reach.slice(1, 2) },
      { ...base, assignments: reach.slice(0, 2) },
    );
    expect(changeAt(made, "membership/Team/jane").risk).toEqual({
      direction: "broadening",
      reasons: ["administrator", "first-access"],
      accounts: ["111111111111", "222222222222"],
      administratorAccounts: ["111111111111"],
    });
    const all = plan(
      { ...base, memberships: ["Team/jane"], mode: "exclusive" },
      { ...base, assignments: reach.slice(0, 1) },
    );
    expect(changeAt(all, "membership/Team/jane").risk).toMatchObject({
      direction: "broadening",
      administratorAccounts: ["111111111111"],
    });
  });

  it("added: also what a permission set of the group still allows until it is updated", () => {
    const made = plan(
      { ...base, permissionSets: ["Admin"], memberships: ["Team/jane"], assignments: reach.slice(0, 1) },
      { ...base, assignments: reach.slice(0, 1) },
    );
    expect(changeAt(made, "membership/Team/jane").risk.administratorAccounts).toEqual(["111111111111"]);
  });

  it("added: a new assignment of the group comes after the update of its permission set", () => {
    const made = plan(
      { ...base, permissionSets: ["Admin"], memberships: ["Team/jane"], assignments: reach.slice(0, 1) },
      base,
    );
    expect(changeAt(made, "membership/Team/jane").risk).toEqual({
      direction: "broadening",
      reasons: ["first-access"],
      accounts: ["111111111111"],
    });
  });

  it("removed: what the group reached", () => {
    const made = plan(
      { ...base, managedMembers: ["Team"] },
      { ...base, memberships: ["Team/jane"], assignments: reach.slice(0, 2) },
    );
    expect(changeAt(made, "membership/Team/jane").risk).toEqual({
      direction: "narrowing",
      reasons: ["administrator", "last-access"],
      accounts: ["111111111111", "222222222222"],
      administratorAccounts: ["111111111111"],
    });
  });

  it("first and last access look at every way in, not only at this group", () => {
    const both = { ...base, groups: ["Team", "Other"] };
    const assignments = ["111111111111/Dev/group:Team", "111111111111/Dev/group:Other"];
    const added = plan(
      { ...both, memberships: ["Team/jane", "Other/jane"], assignments },
      { ...both, memberships: ["Other/jane"], assignments },
    );
    expect(changeAt(added, "membership/Team/jane").risk.reasons).toEqual([]);
    const removed = plan(
      { ...both, memberships: ["Other/jane"], managedMembers: ["Team", "Other"], assignments },
      { ...both, memberships: ["Team/jane", "Other/jane"], assignments },
    );
    expect(changeAt(removed, "membership/Team/jane").risk.reasons).toEqual([]);
    const direct = plan(
      {
        ...both,
        memberships: ["Team/jane"],
        managedMembers: ["Team"],
        assignments: [...assignments, "111111111111/Admin/user:jane"],
      },
      { ...both, memberships: ["Team/jane"], assignments },
    );
    expect(changeAt(direct, "assignment/111111111111/Admin/user:jane").risk.reasons).toEqual([
      "administrator",
    ]);
  });

  it("say where each reason holds that does not hold everywhere", () => {
    const sets = [
      { name: "Power", managedPolicies: ["arn:aws:iam::aws:policy/PowerUserAccess"] },
      { name: "Keys", inlinePolicy: policy({ Statement: [allow("sso:*")] }) },
      "Dev",
    ];
    const assignments = [
      "111111111111/Power/group:Team",
      "222222222222/Keys/group:Team",
      "333333333333/Dev/group:Team",
      "222222222222/Dev/user:jane",
    ];
    const there = { users: ["jane"], groups: ["Team"], permissionSets: sets, assignments };
    const added = plan({ ...there, memberships: ["Team/jane"] }, there);
    expect(changeAt(added, "membership/Team/jane").risk).toEqual({
      direction: "broadening",
      reasons: ["first-access", "identity-rights", "wildcard-write"],
      accounts: ["111111111111", "222222222222", "333333333333"],
      reasonAccounts: {
        "first-access": ["111111111111", "333333333333"],
        "identity-rights": ["222222222222"],
        "wildcard-write": ["111111111111"],
      },
    });
    const removed = plan({ ...there, managedMembers: ["Team"] }, { ...there, memberships: ["Team/jane"] });
    expect(changeAt(removed, "membership/Team/jane").risk).toEqual({
      direction: "narrowing",
      reasons: ["last-access"],
      accounts: ["111111111111", "222222222222", "333333333333"],
      reasonAccounts: { "last-access": ["111111111111", "333333333333"] },
    });
  });

  it("of a group without access: neutral", () => {
    const made = plan({ ...base, memberships: ["Team/jane"] }, base);
    expect(changeAt(made, "membership/Team/jane").risk).toEqual({ direction: "neutral", reasons: [] });
  });
});
