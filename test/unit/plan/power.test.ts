import { expect, it } from "vitest";
import { isSurelyAdministrator, powerOf } from "../../../src/plan/power.ts";
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
  [{ ...allow("*"), Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }, ["administrator"]],
  [{ ...allow("*"), Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } }, ["administrator"]],
  [allow("*", "arn:aws:*:*:*:*"), ["administrator"]],
  [allow("*", "arn:aws:s3:*:*:*"), ["wildcard-write"]],
  [allow("*", "arn:aws:iam::*:role/*"), ["administrator"]],
  [allow("*", "arn:aws:iam::111111111111:role/app-*"), ["identity-rights", "wildcard-write"]],
  [allow("iam:*", "arn:aws:iam::*:role/*"), ["administrator"]],
  [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }, ["identity-rights", "wildcard-write"]],
  [{ Effect: "Allow", NotAction: "iam:*", Resource: "arn:aws:s3:::b/*" }, ["wildcard-write"]],
  [
    {
      Effect: "Allow",
      NotAction: ["iam:*", "sso*", "organizations:*", "sts:*", "account:*", "identitystore:*"],
      Resource: "*",
    },
    ["wildcard-write"],
  ],
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
  [{ ...allow("iam:CreatePolicyVersion"), Condition: { Bool: { a: "true" } } }, ["administrator"]],
  [
    {
      ...allow("iam:AttachRolePolicy"),
      Condition: { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/Limit" } },
    },
    ["identity-rights"],
  ],
  [{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }, ["administrator", "wildcard-write"]],
])("%j: %j", (statement, power) => {
  expect(inline(statement)).toEqual(power);
});

it.each([
  ["arn:aws:iam::aws:policy/AdministratorAccess", ["administrator"]],
  ["arn:aws-us-gov:iam::aws:policy/IAMFullAccess", ["administrator"]],
  ["arn:aws:iam::aws:policy/PowerUserAccess", ["wildcard-write"]],
  ["arn:aws:iam::aws:policy/job-function/SystemAdministrator", ["wildcard-write"]],
  ["arn:aws:iam::aws:policy/AdministratorAccess-Amplify", ["administrator"]],
  ["arn:aws:iam::aws:policy/AmazonS3FullAccess", ["wildcard-write"]],
  ["arn:aws:iam::aws:policy/CloudWatchFullAccessV2", ["wildcard-write"]],
  ["arn:aws:iam::aws:policy/AWSLambda_FullAccess", ["identity-rights", "wildcard-write"]],
  ["arn:aws:iam::aws:policy/AWSSSOMasterAccountAdministrator", ["identity-rights"]],
  ["arn:aws:iam::aws:policy/AWSSSOReadOnly", []],
  ["arn:aws:iam::aws:policy/ReadOnlyAccess", []],
])("%s", (arn, power) => {
  expect(powerOf(permissionSet({ name: "Dev", managedPolicies: [arn] }))).toEqual(power);
});

it.each([
  ["Deployer", ["customer-policy-unknown"]],
  ["AdministratorAccess", ["administrator", "customer-policy-unknown"]],
  ["shop-admin", ["administrator", "customer-policy-unknown"]],
])("customer managed policy %s, of which no more is known", (name, power) => {
  const set = permissionSet({ name: "Dev", customerManagedPolicies: [{ name, path: "/" }] });
  expect(powerOf(set)).toEqual(power);
  expect(isSurelyAdministrator(set)).toBe(false);
});

it("whom a condition may shut out is not counted on as an administrator", () => {
  const set = (statement: object) =>
    permissionSet({ name: "Dev", inlinePolicy: policy({ Version: "2012-10-17", Statement: statement }) });
  expect(isSurelyAdministrator(set(allow("*")))).toBe(true);
  const mfa = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
  expect(isSurelyAdministrator(set({ ...allow("*"), Condition: mfa }))).toBe(false);
  expect(isSurelyAdministrator(set(allow("*", "arn:aws:iam::*:role/*")))).toBe(false);
});

it.each([
  ["*", [], false],
  [["arn:aws:s3:::logs/*", "*"], [], false],
  ["arn:aws:*", ["administrator"], false],
  ["arn:aws:iam::*:*", ["administrator"], false],
  ["arn:aws:s3:::logs/*", ["administrator"], true],
  [["arn:aws:s3:::logs/*", "arn:aws:iam::111111111111:role/audit"], ["administrator"], true],
])("everything but %j: %j, and to be counted on: %s", (NotResource, power, sure) => {
  const statement = { Effect: "Allow", Action: "*", NotResource };
  expect(inline(statement)).toEqual(power);
  const inlinePolicy = policy({ Version: "2012-10-17", Statement: statement });
  expect(isSurelyAdministrator(permissionSet({ name: "Dev", inlinePolicy }))).toBe(sure);
});

it("a policy that is no policy has no power that could be told", () => {
  expect(powerOf(permissionSet({ name: "Dev", inlinePolicy: policy("nonsense") }))).toEqual([]);
});
