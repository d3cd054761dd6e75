import { describe, expect, it } from "vitest";
import type { PermissionSet } from "../../../src/model/access-state.ts";
import type { Risk } from "../../../src/plan/plan.ts";
import { allow, changeAt, plan, policy } from "./builders.ts";

const managed = (...names: string[]): Partial<PermissionSet> => ({
  managedPolicies: names.map((name) => `arn:aws:iam::aws:policy/${name}`),
});
const statements = (...all: object[]): Partial<PermissionSet> => ({
  inlinePolicy: policy({ Version: "2012-10-17", Statement: all }),
});
const deny = { Effect: "Deny", Action: "organizations:LeaveOrganization", Resource: "*" };
const boundary = { permissionsBoundary: { managedPolicyArn: "arn:aws:iam::aws:policy/PowerUserAccess" } };

const update = (before: Partial<PermissionSet>, after: Partial<PermissionSet>): Risk => {
  const assignments = ["111111111111/Dev/group:Team"];
  const made = plan(
    { groups: ["Team"], permissionSets: [{ name: "Dev", ...after }], assignments },
    { groups: ["Team"], permissionSets: [{ name: "Dev", ...before }], assignments },
  );
  return changeAt(made, "permissionSet/Dev").risk;
};

describe("a policy that is swapped for another", () => {
  it.each<[string, Partial<PermissionSet>]>([
    ["under a deny that stays", statements(deny)],
    ["under a boundary that stays", boundary],
  ])("for full access nothing is more, %s", (_, limit) => {
    const risk = update(
      { ...managed("AdministratorAccess"), ...limit },
      { ...managed("ReadOnlyAccess"), ...limit },
    );
    expect(risk).toMatchObject({
      direction: "narrowing",
      reasons: ["administrator"],
      administratorAccounts: ["111111111111"],
    });
  });

  it("what it takes is told beside what it gives", () => {
    expect(update(managed("IAMFullAccess"), managed("ReadOnlyAccess"))).toMatchObject({
      direction: "broadening",
      reasons: ["administrator-removed", "policy-added"],
    });
    expect(update(managed("SecurityAudit"), managed("ReadOnlyAccess"))).toMatchObject({
      direction: "broadening",
      reasons: ["policy-added", "rights-removed"],
    });
  });
});

describe("a statement that is edited", () => {
  const wide = statements(allow(["s3:Get*", "s3:ListBucket"], ["arn:aws:s3:::a/*", "arn:aws:s3:::b"]));
  it.each<[string, Partial<PermissionSet>]>([
    ["an action less", statements(allow("s3:Get*", ["arn:aws:s3:::a/*", "arn:aws:s3:::b"]))],
    ["fewer actions of a pattern", statements(allow("s3:GetObject", ["arn:aws:s3:::a/*", "arn:aws:s3:::b"]))],
    ["a smaller resource", statements(allow(["s3:Get*", "s3:ListBucket"], "arn:aws:s3:::a/x*"))],
  ])("%s only takes, and its reverse only gives", (_, narrow) => {
    expect(update(wide, narrow)).toMatchObject({ direction: "narrowing", reasons: [] });
    expect(update(narrow, wide)).toMatchObject({ direction: "broadening", reasons: ["policy-added"] });
  });

  it("another condition is both", () => {
    const when = (value: string): Partial<PermissionSet> =>
      statements({ ...allow("s3:GetObject"), Condition: { StringEquals: { "aws:RequestedRegion": value } } });
    expect(update(when("eu-west-1"), when("us-east-1")).reasons).toEqual(["policy-added", "rights-removed"]);
  });

  it("a star within a variable stands for itself", () => {
    const on = (resource: string): Partial<PermissionSet> => statements(allow("s3:GetObject", resource));
    expect(update(on("arn:aws:s3:::a/${*}"), on("arn:aws:s3:::a/${x}")).reasons).toContain("policy-added");
  });

  it("a deny that grows only takes", () => {
    const grown = { ...deny, Action: ["organizations:LeaveOrganization", "s3:*"] };
    expect(update(statements(deny), statements(grown))).toMatchObject({
      direction: "narrowing",
      reasons: [],
    });
    expect(update(statements(grown), statements(deny)).reasons).toEqual(["deny-removed"]);
  });
});
