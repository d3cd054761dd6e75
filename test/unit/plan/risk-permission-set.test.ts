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

describe("a customer managed policy that goes", () => {
  const unseen = { customerManagedPolicies: [{ name: "P", path: "/" }] };
  it("may have denied anything, even beside full access", () => {
    expect(
      update({ ...managed("AdministratorAccess"), ...unseen }, managed("AdministratorAccess")),
    ).toMatchObject({
      direction: "broadening",
      reasons: ["customer-policy-removed"],
      administratorAccounts: ["111111111111"],
    });
  });

  it("may have allowed anything, too", () => {
    expect(update({ ...managed("ReadOnlyAccess"), ...unseen }, managed("ReadOnlyAccess"))).toMatchObject({
      direction: "broadening",
      reasons: ["customer-policy-removed", "rights-removed"],
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

describe("everything but some actions", () => {
  const but = (...names: string[]): Partial<PermissionSet> =>
    statements({ Effect: "Allow", NotAction: names, Resource: "*" });
  const denyBut = (...names: string[]): Partial<PermissionSet> => ({
    ...managed("AdministratorAccess"),
    ...statements({ Effect: "Deny", NotAction: names, Resource: "*" }),
  });
  it.each<[string, Partial<PermissionSet>, Partial<PermissionSet>, string[]]>([
    ["fewer are left out", but("ec2:*", "iam:*", "s3:*"), but("iam:*", "s3:*"), []],
    ["what is left out is less", but("iam:*", "s3:*"), but("iam:*", "s3:Delete*"), []],
    ["nothing is left out", but("iam:*"), statements(allow("*")), ["administrator"]],
    [
      "instead of some",
      statements(allow(["ec2:*", "s3:GetObject"])),
      but("iam:*"),
      ["identity-rights", "wildcard-write"],
    ],
  ])("%s: that only gives, and the reverse only takes", (_, narrow, wide, power) => {
    expect(update(narrow, wide)).toMatchObject({ direction: "broadening" });
    expect(update(narrow, wide).reasons).toEqual(expect.arrayContaining(["policy-added", ...power]));
    expect(update(narrow, wide).reasons).not.toContain("rights-removed");
    expect(update(wide, narrow)).toMatchObject({ direction: "narrowing" });
  });

  it("what is left out of a deny is no longer denied", () => {
    expect(update(denyBut("sts:*"), denyBut("s3:*", "sts:*"))).toMatchObject({
      direction: "broadening",
      reasons: ["deny-removed"],
      administratorAccounts: ["111111111111"],
    });
    expect(update(denyBut("s3:*", "sts:*"), denyBut("sts:*")).direction).toBe("narrowing");
  });

  it("identities are no longer left out: administrator access", () => {
    const risk = update(
      but("iam:*", "organizations:*", "sso:*", "sts:*"),
      but("organizations:*", "sso:*", "sts:*"),
    );
    expect(risk.reasons).toContain("administrator");
    expect(risk.administratorAccounts).toEqual(["111111111111"]);
  });
});

it("all but everything is nothing", () => {
  const nothing = (Effect: string) => statements({ Effect, Action: "*", NotResource: "*" });
  expect(update({}, nothing("Allow"))).toMatchObject({ direction: "neutral", reasons: [] });
  const denied = { ...managed("AdministratorAccess"), ...nothing("Deny") };
  expect(update(denied, managed("AdministratorAccess")).direction).toBe("neutral");
});

describe("a statement that is written in another way", () => {
  const conditional = { ...allow("s3:GetObject"), Condition: { Bool: { "aws:SecureTransport": "true" } } };
  it("split or joined is neutral", () => {
    const joined = statements(allow(["ec2:StartInstances", "s3:GetObject"]));
    const split = statements(allow("ec2:StartInstances"), allow("s3:GetObject"));
    expect(update(joined, split)).toMatchObject({ direction: "neutral", reasons: [] });
    expect(update(split, joined)).toMatchObject({ direction: "neutral", reasons: [] });
  });

  it("without its condition only gives", () => {
    expect(update(statements(conditional), statements(allow("s3:GetObject"))).reasons).toEqual([
      "policy-added",
    ]);
    expect(update(statements(allow("s3:GetObject")), statements(conditional)).direction).toBe("narrowing");
  });

  it.each<[string, Partial<PermissionSet>, Partial<PermissionSet>]>([
    ["Resource", statements(allow("logs:Get*", "a-?")), statements(allow("logs:Get*", "a-*"))],
    [
      "Deny",
      { ...managed("AdministratorAccess"), ...statements({ ...deny, Resource: "a-*" }) },
      { ...managed("AdministratorAccess"), ...statements({ ...deny, Resource: "a-?" }) },
    ],
    ["Action", statements(allow("sso:?")), statements(allow("sso:*"))],
  ])("one character is not any number of them: %s", (_, narrow, wide) => {
    expect(update(narrow, wide).direction).toBe("broadening");
    expect(update(wide, narrow).direction).toBe("narrowing");
  });

  it("any number of characters is more than one", () => {
    expect(update(statements(allow("s3:Get?")), statements(allow("s3:Get*"))).reasons).toContain(
      "policy-added",
    );
  });
});

describe("how far reaches what is given anew", () => {
  const ec2 = allow("ec2:*");
  it.each<[string, object[], string[]]>([
    ["another whole service", [ec2, allow("s3:*")], ["policy-added", "wildcard-write"]],
    ["in the same statement", [allow(["ec2:*", "s3:*"])], ["policy-added", "wildcard-write"]],
    ["a single action beside it", [allow(["ec2:*", "s3:GetObject"])], ["policy-added"]],
    ["rights over identities", [ec2, allow("sts:AssumeRole")], ["identity-rights", "policy-added"]],
  ])("%s", (_, after, reasons) => {
    expect(update(statements(ec2), statements(...after)).reasons).toEqual(reasons);
  });

  it("a second policy of a kind", () => {
    const power = managed("AmazonEC2FullAccess");
    expect(update(power, managed("AmazonEC2FullAccess", "AmazonS3FullAccess")).reasons).toContain(
      "wildcard-write",
    );
    expect(update(power, managed("AmazonEC2FullAccess", "SecurityAudit")).reasons).toEqual(["policy-added"]);
  });

  it("beside full access nothing is", () => {
    const limited = { ...managed("AdministratorAccess"), ...statements(deny) };
    expect(update(limited, managed("AdministratorAccess", "PowerUserAccess")).reasons).toEqual([
      "deny-removed",
    ]);
  });
});
