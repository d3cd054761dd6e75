import { isCustomerPolicyArn, toManagedPolicyArn } from "../../model/managed-policy.ts";
import { finding, type Report } from "../codes.ts";
import { entriesOf, itemsOf, type LocatedText, property, textOf, textsOf } from "../located.ts";
import { type Place, positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** What IAM lets a role have in an account where nobody has raised the quota. */
const defaultQuota = 10;
/** What a permission set takes, AWS managed and customer managed together. */
const mostPolicies = 25;

export const checkManagedPolicies: Rule = ({ root }, report) => {
  for (const { name, key, value } of entriesOf(root, "permissionSets")) {
    const managed = textsOf(value, "managedPolicies");
    const boundary = textOf(property(value, "permissionsBoundary"), "managedPolicy");
    for (const text of boundary === undefined ? managed : [...managed, boundary])
      checkPolicyName(text, report);
    const customer = itemsOf(value, "customerManagedPolicies").map((item) => ({
      identity: `${textOf(item, "path")?.value ?? "/"}${textOf(item, "name")?.value ?? ""}`,
      place: item.place,
    }));
    checkDuplicates(
      managed.map((text) => ({ identity: toManagedPolicyArn(text.value) ?? text.value, place: text.place })),
      report,
    );
    checkDuplicates(customer, report);
    checkCount(name, managed.length + customer.length, key, report);
  }
};

const checkPolicyName = (text: LocatedText, report: Report): void => {
  const position = positionOf(text.place);
  if (isCustomerPolicyArn(text.value)) {
    report(
      finding("customer-policy-arn", `${text.value} is a customer managed policy`, {
        position,
        hint: `name it without its account: ${customerReference(text.value)}`,
      }),
    );
  } else if (toManagedPolicyArn(text.value) === null) {
    report(
      finding(
        "invalid-managed-policy",
        `'${text.value}' is neither the name nor the ARN of an AWS managed policy`,
        {
          position,
          hint: "write its name (ReadOnlyAccess), with its path where it has one (job-function/Billing), or its ARN",
        },
      ),
    );
  }
};

const customerReference = (arn: string): string => {
  const parts = arn.split(":policy/")[1]?.split("/") ?? [];
  const name = parts.at(-1) ?? "";
  const path = parts.slice(0, -1).join("/");
  const reference = path === "" ? `{name: ${name}}` : `{name: ${name}, path: /${path}/}`;
  return `customerManagedPolicies: [${reference}]`;
};

const checkDuplicates = (policies: readonly { identity: string; place: Place }[], report: Report): void => {
  const seen = new Map<string, Place>();
  for (const { identity, place } of policies) {
    const first = seen.get(identity);
    if (first === undefined) {
      seen.set(identity, place);
      continue;
    }
    report(
      finding("duplicate-policy", "This policy is in the list already", {
        position: positionOf(place),
        related: { message: "first here", position: positionOf(first) },
        hint: "keep one of them",
      }),
    );
  }
};

const checkCount = (name: string, count: number, place: Place, report: Report): void => {
  const position = positionOf(place);
  if (count > mostPolicies) {
    const message = `Permission set '${name}' has ${count} managed policies; the most is ${mostPolicies}`;
    report(
      finding("too-many-policies", message, { position, hint: "put some of them into an inline policy" }),
    );
  } else if (count > defaultQuota) {
    report(
      finding("many-policies", `Permission set '${name}' has ${count} managed policies`, {
        position,
        hint: `IAM's quota is ${defaultQuota} for a role unless raised in every account where the set is assigned`,
      }),
    );
  }
};
