import { describe, expect, it } from "vitest";
import type { PermissionSet } from "../../../../src/model/access-state.ts";
import { allow, type DesiredSketch, type LiveSketch, plan, policy, user } from "../builders.ts";

const management = "999999999999";
const signedIn = (session: string, set = "Admin", account = management) => ({
  account,
  arn: `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_${set}_0123456789abcdef/${session}`,
});
const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const people = { users: ["jane", "max"], groups: ["Admins", "Others"], permissionSets: [admin] };
const there: LiveSketch = {
  ...people,
  memberships: ["Admins/jane"],
  assignments: [`${management}/Admin/group:Admins`, `${management}/Admin/user:max`],
};
const wanted: DesiredSketch = {
  ...people,
  memberships: ["Admins/jane"],
  managedMembers: ["Admins"],
  assignments: [`${management}/Admin/group:Admins`, `${management}/Admin/user:max`],
};

const addresses = (
  desired: DesiredSketch,
  live: LiveSketch = there,
  caller: { account: string; arn: string } = signedIn("jane"),
): readonly string[] =>
  plan(desired, live, new Map(), { caller }).guards.find(({ guard }) => guard === "self-lockout")?.args
    .addresses ?? [];

describe("the way in of who runs", () => {
  it.each<[string, DesiredSketch, readonly string[]]>([
    ["untouched", wanted, []],
    ["somebody else's", { ...wanted, assignments: [`${management}/Admin/group:Admins`] }, []],
    [
      "its assignment goes",
      { ...wanted, assignments: [`${management}/Admin/user:max`] },
      [`assignment/${management}/Admin/group:Admins`],
    ],
    ["the membership goes", { ...wanted, memberships: [] }, ["membership/Admins/jane"]],
    [
      "the group goes",
      {
        ...wanted,
        groups: ["Others"],
        memberships: [],
        managedMembers: [],
        assignments: [`${management}/Admin/user:max`],
        removed: { groups: ["Admins"] },
      },
      [`assignment/${management}/Admin/group:Admins`, "membership/Admins/jane"],
    ],
    [
      "another takes its place",
      { ...wanted, memberships: [], assignments: [`${management}/Admin/user:jane`] },
      [],
    ],
    [
      "the permission set is replaced",
      {
        ...wanted,
        permissionSets: [{ ...admin, name: "Root" }],
        previously: { permissionSets: { Root: ["Admin"] } },
        assignments: [`${management}/Root/group:Admins`, `${management}/Root/user:max`],
      },
      [`assignment/${management}/Admin/group:Admins`, "permissionSet/Admin"],
    ],
    ["turned off", { ...wanted, memberships: [], guards: { selfLockout: "allow" } }, []],
  ])("%s", (_, desired, expected) => {
    expect(addresses(desired)).toEqual(expected);
  });

  it.each<[string, Partial<PermissionSet>, boolean]>([
    ["a policy less", { managedPolicies: [] }, true],
    ["a policy that nobody can read", { customerManagedPolicies: [{ name: "Limits", path: "/" }] }, true],
    [
      "a policy more",
      { managedPolicies: [...admin.managedPolicies, "arn:aws:iam::aws:policy/ReadOnlyAccess"] },
      false,
    ],
    [
      "a boundary",
      { permissionsBoundary: { managedPolicyArn: "arn:aws:iam::aws:policy/PowerUserAccess" } },
      true,
    ],
    [
      "a deny",
      { inlinePolicy: policy({ Statement: { Effect: "Deny", Action: "iam:*", Resource: "*" } }) },
      true,
    ],
    ["another description", { description: "New" }, false],
    ["shorter sessions, which still are sessions", { sessionDuration: 3600 }, false],
    [
      "the same said otherwise",
      { managedPolicies: [], inlinePolicy: policy({ Statement: allow("*") }) },
      false,
    ],
  ])("the permission set gets %s", (_, change, refused) => {
    const before = { ...admin, sessionDuration: 7200 };
    const made = addresses(
      { ...wanted, permissionSets: [{ ...before, ...change }] },
      { ...there, permissionSets: [before] },
    );
    expect(made).toEqual(refused ? ["permissionSet/Admin"] : []);
  });

  it("is found whatever the case of the session's name", () => {
    expect(addresses({ ...wanted, memberships: [] }, there, signedIn("Jane"))).toEqual([
      "membership/Admins/jane",
    ]);
  });

  it("where the user is not known, nobody may lose the access", () => {
    const desired = { ...wanted, assignments: [`${management}/Admin/group:Admins`] };
    expect(addresses(desired, there, signedIn("j.doe@company.com"))).toEqual([
      `assignment/${management}/Admin/user:max`,
    ]);
  });

  it("is found by e-mail, where only one user has it", () => {
    const email = "j.doe@company.com";
    const withEmail = (...names: string[]) => ({
      ...there,
      users: people.users.map((name) => (names.includes(name) ? user(name, { "email.value": email }) : name)),
    });
    const caller = signedIn("J.Doe@company.com");
    const left = ["membership/Admins/jane"];
    expect(addresses({ ...wanted, memberships: [] }, withEmail("jane"), caller)).toEqual(left);
    // As jane, who does not lose what max loses; as one of both, whoever loses it.
    const others = { ...wanted, assignments: [`${management}/Admin/group:Admins`] };
    expect(addresses(others, withEmail("jane"), caller)).toEqual([]);
    expect(addresses(others, withEmail("jane", "max"), caller)).toEqual([
      `assignment/${management}/Admin/user:max`,
    ]);
  });

  it("where the user is not known, nobody may leave a group that has the access", () => {
    const live = { ...there, memberships: ["Admins/jane", "Others/jane"] };
    const desired = { ...wanted, memberships: [], managedMembers: ["Admins", "Others"] };
    expect(addresses(desired, live, signedIn("j.doe@company.com"))).toEqual(["membership/Admins/jane"]);
  });

  it("where its assignment could not be read, any group may have been the way in", () => {
    const unread = [{ scope: `assignment/${management}/*`, reason: "denied" }];
    const live = { ...there, assignments: [], unread };
    expect(addresses({ ...wanted, assignments: [], memberships: [] }, live)).toEqual([
      "membership/Admins/jane",
    ]);
  });

  it("a set's name may hold underscores", () => {
    const live = {
      ...there,
      permissionSets: [admin, "My_Set_1"],
      assignments: ["111111111111/My_Set_1/user:jane"],
    };
    const desired = { ...wanted, permissionSets: [admin, "My_Set_1"], assignments: [] };
    expect(addresses(desired, live, signedIn("jane", "My_Set_1", "111111111111"))).toEqual([
      "assignment/111111111111/My_Set_1/user:jane",
    ]);
  });

  it("other identities have none here", () => {
    const role = { account: management, arn: `arn:aws:sts::${management}:assumed-role/ci/jane` };
    expect(addresses({ ...wanted, memberships: [], assignments: [] }, there, role)).toEqual([]);
  });
});
