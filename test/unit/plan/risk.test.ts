import { describe, expect, it } from "vitest";
import type { PermissionSet } from "../../../src/model/access-state.ts";
import type { Risk } from "../../../src/plan/plan.ts";
import { allow, changeAt, plan, policy } from "./builders.ts";

const admin = { name: "Admin", managedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
const base = { users: ["jane"], groups: ["Team"], permissionSets: [admin, "Dev"] };

describe("assignments", () => {
  it("created: broadening, administrator, first access, management account", () => {
    const made = plan(
      { ...base, assignments: ["999999999999/Admin/group:Team", "111111111111/Dev/group:Team"] },
      { ...base, assignments: ["111111111111/Dev/group:Team"] },
    );
    expect(changeAt(made, "assignment/999999999999/Admin/group:Team").risk).toEqual({
      direction: "broadening",
      reasons: ["administrator", "first-access", "management-account"],
      accounts: ["999999999999"],
      administratorAccounts: ["999999999999"],
    });
  });

  it("created where the principal has another one: no first access", () => {
    const made = plan(
      { ...base, assignments: ["111111111111/Admin/group:Team", "111111111111/Dev/group:Team"] },
      { ...base, assignments: ["111111111111/Dev/group:Team"] },
    );
    expect(changeAt(made, "assignment/111111111111/Admin/group:Team").risk.reasons).toEqual([
      "administrator",
    ]);
  });

  it("of an external set are judged by what it allows now", () => {
    const made = plan(
      {
        groups: ["Team"],
        external: { permissionSets: ["Admin"] },
        assignments: ["111111111111/Admin/group:Team"],
      },
      { groups: ["Team"], permissionSets: [admin] },
    );
    expect(changeAt(made, "assignment/111111111111/Admin/group:Team").risk.reasons).toContain(
      "administrator",
    );
  });

  it("deleted: narrowing; last access of the principal and the last of the pair are told", () => {
    const made = plan(
      { ...base, assignments: ["111111111111/Dev/user:jane"] },
      {
        ...base,
        assignments: [
          "111111111111/Dev/user:jane",
          "111111111111/Dev/group:Team",
          "222222222222/Admin/user:jane",
        ],
      },
    );
    expect(changeAt(made, "assignment/111111111111/Dev/group:Team").risk).toEqual({
      direction: "narrowing",
      reasons: ["last-access"],
      accounts: ["111111111111"],
    });
    expect(changeAt(made, "assignment/222222222222/Admin/user:jane").risk).toEqual({
      direction: "narrowing",
      reasons: ["administrator", "last-access", "role-removed"],
      accounts: ["222222222222"],
      administratorAccounts: ["222222222222"],
    });
  });

  it("orphaned: nobody loses anything", () => {
    const made = plan(
      { permissionSets: ["Dev"] },
      { permissionSets: ["Dev"], assignments: ["111111111111/Dev/orphan:9067"] },
    );
    expect(changeAt(made, "assignment/111111111111/Dev/user:9067").risk).toEqual({
      direction: "neutral",
      reasons: ["role-removed"],
    });
  });
});

describe("updates of permission sets", () => {
  const update = (before: Partial<PermissionSet>, after: Partial<PermissionSet>): Risk =>
    changeAt(
      plan(
        {
          groups: ["Team"],
          permissionSets: [{ name: "Dev", ...after }],
          assignments: ["111111111111/Dev/group:Team"],
        },
        {
          groups: ["Team"],
          permissionSets: [{ name: "Dev", ...before }],
          assignments: ["111111111111/Dev/group:Team"],
        },
      ),
      "permissionSet/Dev",
    ).risk;
  const statements = (...list: object[]): Partial<PermissionSet> => ({
    inlinePolicy: policy({ Version: "2012-10-17", Statement: list }),
  });
  const managed = (...names: string[]): Partial<PermissionSet> => ({
    managedPolicies: names.map((name) => `arn:aws:iam::aws:policy/${name}`),
  });
  const read = allow("s3:GetObject");
  const deny = { Effect: "Deny", Action: "iam:*", Resource: "*" };
  const boundary = (name: string): Partial<PermissionSet> => ({
    permissionsBoundary: { managedPolicyArn: `arn:aws:iam::aws:policy/${name}` },
  });

  it.each<[string, Partial<PermissionSet>, Partial<PermissionSet>, Risk["direction"], string[]]>([
    ["policy attached", {}, managed("ReadOnlyAccess"), "broadening", ["policy-added"]],
    [
      "administrator policy attached",
      {},
      managed("AdministratorAccess"),
      "broadening",
      ["administrator", "policy-added"],
    ],
    ["policy detached", managed("ReadOnlyAccess"), {}, "narrowing", []],
    ["denying policy attached", {}, managed("AWSDenyAll"), "narrowing", []],
    ["denying policy detached", managed("AWSDenyAll"), {}, "broadening", ["deny-removed"]],
    [
      "customer managed policy attached",
      {},
      { customerManagedPolicies: [{ name: "P", path: "/" }] },
      "broadening",
      ["customer-policy-unknown", "policy-added"],
    ],
    [
      "statement added",
      statements(read),
      statements(read, allow("s3:*")),
      "broadening",
      ["policy-added", "wildcard-write"],
    ],
    ["statement removed", statements(read, allow("ec2:RunInstances")), statements(read), "narrowing", []],
    ["deny removed", statements(read, deny), statements(read), "broadening", ["deny-removed"]],
    ["deny added", statements(read), statements(read, deny), "narrowing", []],
    ["Sid changed", statements(read), statements({ Sid: "Read", ...read }), "neutral", []],
    [
      "Version changed under a variable",
      {
        inlinePolicy: policy({
          Version: "2008-10-17",
          Statement: allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}"),
        }),
      },
      {
        inlinePolicy: policy({
          Version: "2012-10-17",
          Statement: allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}"),
        }),
      },
      "broadening",
      ["policy-added", "rights-removed"],
    ],
    ["boundary removed", boundary("PowerUserAccess"), {}, "broadening", ["boundary-removed"]],
    [
      "boundary changed",
      boundary("PowerUserAccess"),
      boundary("AdministratorAccess"),
      "broadening",
      ["boundary-changed", "rights-removed"],
    ],
    ["boundary added", {}, boundary("PowerUserAccess"), "narrowing", []],
    [
      "administrator policy detached",
      managed("AdministratorAccess", "ReadOnlyAccess"),
      managed("ReadOnlyAccess"),
      "narrowing",
      ["administrator"],
    ],
    [
      "administrator policy replaced by a smaller one",
      managed("AdministratorAccess"),
      managed("ReadOnlyAccess"),
      "narrowing",
      ["administrator"],
    ],
    [
      "policy attached beside the administrator's",
      managed("AdministratorAccess"),
      managed("AdministratorAccess", "ReadOnlyAccess"),
      "neutral",
      [],
    ],
    [
      "policy detached beside the administrator's",
      managed("AdministratorAccess", "ReadOnlyAccess"),
      managed("AdministratorAccess"),
      "neutral",
      [],
    ],
    [
      "administrator policy kept, a deny gone",
      { ...managed("AdministratorAccess"), ...statements(deny) },
      managed("AdministratorAccess"),
      "broadening",
      ["deny-removed"],
    ],
    ["longer sessions", {}, { sessionDuration: 7200 }, "broadening", ["session-lengthened"]],
    ["shorter sessions", { sessionDuration: 7200 }, {}, "narrowing", []],
    ["description", {}, { description: "New" }, "neutral", []],
    [
      "more and less",
      managed("ReadOnlyAccess"),
      managed("SecurityAudit"),
      "broadening",
      ["policy-added", "rights-removed"],
    ],
  ])("%s", (_, before, after, direction, reasons) => {
    expect(update(before, after)).toMatchObject({ direction, reasons, accounts: ["111111111111"] });
  });

  it("administrator accounts are named where the set comes to allow everything", () => {
    expect(update({}, managed("AdministratorAccess")).administratorAccounts).toEqual(["111111111111"]);
    expect(update({}, managed("ReadOnlyAccess")).administratorAccounts).toBeUndefined();
  });

  it("where it no longer does, who loses that and where is told", () => {
    expect(update(managed("AdministratorAccess"), {})).toEqual({
      direction: "narrowing",
      reasons: ["administrator"],
      accounts: ["111111111111"],
      administratorAccounts: ["111111111111"],
      principals: ["group:Team"],
      reach: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe("a permission set that is replaced", () => {
  const whole = { managedPolicies: admin.managedPolicies };
  const assignments = (set: string): string[] => [`111111111111/${set}/group:Team`];
  const replaced = (before: Partial<PermissionSet>, after: Partial<PermissionSet>) => {
    const made = plan(
      {
        groups: ["Team"],
        permissionSets: [{ name: "New", ...after }],
        assignments: assignments("New"),
        previously: { permissionSets: { New: ["Old"] } },
      },
      { groups: ["Team"], permissionSets: [{ name: "Old", ...before }], assignments: assignments("Old") },
    );
    return [
      "permissionSet/New",
      "assignment/111111111111/New/group:Team",
      "assignment/111111111111/Old/group:Team",
    ].map((address) => changeAt(made, address).risk);
  };

  it("by the same under another name takes and gives nothing", () => {
    expect(replaced(whole, whole).map(({ direction }) => direction)).toEqual([
      "neutral",
      "neutral",
      "neutral",
    ]);
  });

  it("by one that allows more is broadening for those who have it", () => {
    const [set, assigned, removed] = replaced({}, whole);
    expect(set).toEqual({
      direction: "broadening",
      reasons: ["administrator", "policy-added", "role-replaced"],
      accounts: ["111111111111"],
      administratorAccounts: ["111111111111"],
      principals: ["group:Team"],
      reach: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(assigned?.direction).toBe("broadening");
    expect(removed?.direction).toBe("neutral");
  });

  it("by one that allows less is narrowing", () => {
    const [set, , removed] = replaced(whole, {});
    const lost = { direction: "narrowing", reasons: ["administrator", "role-replaced"] };
    expect([set, removed]).toMatchObject([lost, lost]);
  });

  it("by one that is there already: who has both keeps what that allows, and loses the rest", () => {
    const readOnly = { managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] };
    const lost = (before: Partial<PermissionSet>, after: Partial<PermissionSet>) => {
      const New = { name: "New", ...after };
      const wanted = {
        groups: ["Team"],
        permissionSets: [New],
        assignments: assignments("New"),
        previously: { permissionSets: { New: ["Old"] } },
      };
      const there = [...assignments("Old"), ...assignments("New")];
      const sets = [{ name: "Old", ...before }, New];
      const made = plan(wanted, { groups: ["Team"], permissionSets: sets, assignments: there });
      return changeAt(made, "assignment/111111111111/Old/group:Team").risk;
    };
    expect(lost(whole, readOnly)).toEqual({
      direction: "narrowing",
      reasons: ["administrator", "role-replaced"],
      accounts: ["111111111111"],
      administratorAccounts: ["111111111111"],
    });
    expect(lost(readOnly, {}).direction).toBe("narrowing");
    expect(lost(readOnly, whole).direction).toBe("neutral");
    expect(lost(whole, whole).direction).toBe("neutral");
  });
});

it("objects by themselves give nobody anything", () => {
  const made = plan(
    { users: ["jane"], groups: ["Team"], permissionSets: [admin], removed: { users: ["max"] } },
    { users: ["max"] },
  );
  expect(changeAt(made, "user/jane").risk).toEqual({ direction: "neutral", reasons: [] });
  expect(changeAt(made, "group/Team").risk).toEqual({ direction: "neutral", reasons: [] });
  expect(changeAt(made, "permissionSet/Admin").risk).toEqual({
    direction: "neutral",
    reasons: ["administrator"],
  });
  expect(changeAt(made, "user/max").risk).toEqual({ direction: "narrowing", reasons: [] });
});
