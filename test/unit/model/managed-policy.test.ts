import { describe, expect, it } from "vitest";
import { isCustomerPolicyArn, toManagedPolicyArn } from "../../../src/model/managed-policy.ts";

describe("toManagedPolicyArn", () => {
  it.each([
    ["AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess"],
    ["job-function/Billing", "arn:aws:iam::aws:policy/job-function/Billing"],
    ["service-role/AWSLambdaRole", "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"],
    ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
    [
      "arn:aws-us-gov:iam::aws:policy/job-function/Billing",
      "arn:aws-us-gov:iam::aws:policy/job-function/Billing",
    ],
    ["arn:aws:iam::111111111111:policy/Mine", null],
    ["arn:aws:iam::aws:role/X", null],
    ["Read Only", null],
    ["/ReadOnlyAccess", null],
    ["job-function/", null],
    ["", null],
  ])("%s: %s", (name, arn) => {
    expect(toManagedPolicyArn(name)).toBe(arn);
  });

  it("puts short names into the partition", () => {
    expect(toManagedPolicyArn("ReadOnlyAccess", "aws-cn")).toBe("arn:aws-cn:iam::aws:policy/ReadOnlyAccess");
  });
});

it("tells customer managed policies by their account", () => {
  expect(isCustomerPolicyArn("arn:aws:iam::111111111111:policy/path/Mine")).toBe(true);
  expect(isCustomerPolicyArn("arn:aws:iam::aws:policy/ReadOnlyAccess")).toBe(false);
});
