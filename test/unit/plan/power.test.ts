import { expect, it } from "vitest";
import { powerOf } from "../../../src/plan/power.ts";
import { allow, permissionSet, policy } from "./builders.ts";

const inline = (statement: object) =>
  powerOf(
    permissionSet({ name: "Dev", inlinePolicy: policy({ Version: "2012-10-17", Statement: statement }) }),
  );

it.each([
  [allow("*"), ["administrator"]],
  [allow("*:*"), ["administrator"]],
  [allow("iam:*"), ["administrator"]],
  [allow("IAM:*"), ["administrator"]],
  [allow("*", "arn:aws:s3:::bucket/*"), ["wildcard-write"]],
  [{ ...allow("*"), Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }, ["wildcard-write"]],
  [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }, ["wildcard-write"]],
  [allow("s3:*"), ["wildcard-write"]],
  [allow("ec2:Run*"), ["wildcard-write"]],
  [allow(["s3:Get*", "ec2:Describe*", "logs:List*"]), []],
  [allow("s3:PutObject"), []],
  [allow("sts:AssumeRole"), ["identity-rights"]],
  [allow("iam:PassRole"), ["identity-rights"]],
  [allow("organizations:*"), ["identity-rights"]],
  [allow("sso:CreateAccountAssignment"), ["identity-rights"]],
  [allow(["iam:Get*", "organizations:List*"]), []],
  [{ Effect: "Deny", Action: "*", Resource: "*" }, []],
  [{ Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::bucket" }, ["administrator"]],
  [allow("iam:AttachRolePolicy"), ["administrator"]],
  [allow("iam:Put*"), ["administrator"]],
  [allow("iam:*", "arn:aws:iam::111111111111:role/app-*"), ["identity-rights"]],
  [{ ...allow("iam:CreatePolicyVersion"), Condition: { Bool: { a: "true" } } }, ["identity-rights"]],
  [{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }, ["administrator", "wildcard-write"]],
])("%j: %j", (statement, power) => {
  expect(inline(statement)).toEqual(power);
});

it.each([
  ["arn:aws:iam::aws:policy/AdministratorAccess", ["administrator"]],
  ["arn:aws-us-gov:iam::aws:policy/IAMFullAccess", ["administrator"]],
  ["arn:aws:iam::aws:policy/PowerUserAccess", ["wildcard-write"]],
  ["arn:aws:iam::aws:policy/job-function/SystemAdministrator", ["wildcard-write"]],
  ["arn:aws:iam::aws:policy/ReadOnlyAccess", []],
])("%s", (arn, power) => {
  expect(powerOf(permissionSet({ name: "Dev", managedPolicies: [arn] }))).toEqual(power);
});

it("a policy that is no policy has no power that could be told", () => {
  expect(powerOf(permissionSet({ name: "Dev", inlinePolicy: policy("nonsense") }))).toEqual([]);
});
