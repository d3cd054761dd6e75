import type { CodeInfo } from "./codes.ts";
import type { PathPart } from "./loaded-manifest.ts";

/** What can be wrong with a policy document. The codes are stable, as those of codes.ts. */
export const policyCodes = {
  "policy-type": { severity: "error", description: "A value of another type than the policy element's" },
  "policy-unknown-element": { severity: "error", description: "An element that policies do not have" },
  "policy-missing-element": { severity: "error", description: "An element that must be there" },
  "policy-both-elements": { severity: "error", description: "An element together with its own opposite" },
  "policy-empty": { severity: "error", description: "An empty list or text where there must be something" },
  "policy-version-missing": {
    severity: "warning",
    description: "A policy without Version, which IAM reads by its rules of 2008",
  },
  "policy-version": {
    severity: "error",
    description: "A Version of the policy language that does not exist",
  },
  "policy-effect": { severity: "error", description: "An Effect other than Allow and Deny" },
  "policy-principal": { severity: "error", description: "A principal, in a policy that hangs on one" },
  "policy-sid": { severity: "error", description: "A Sid with other characters than letters and digits" },
  "policy-duplicate-sid": { severity: "error", description: "Two statements with the same Sid" },
  "policy-duplicate-statement": { severity: "warning", description: "Two statements that say the same" },
  "policy-duplicate-item": { severity: "warning", description: "One item twice in the same list" },
  "policy-action": { severity: "error", description: "An action that is not written service:Action" },
  "policy-resource": { severity: "error", description: "A resource that is neither an ARN nor *" },
  "policy-resource-unclear": {
    severity: "warning",
    description: "A resource that IAM may not take: an ARN cut short by a wildcard",
  },
  "policy-operator": { severity: "error", description: "A condition operator that does not exist" },
  "policy-condition-key": { severity: "error", description: "A condition key without its service" },
  "policy-empty-condition": { severity: "warning", description: "A condition that tests nothing" },
} as const satisfies Record<string, CodeInfo>;

export type PolicyCode = keyof typeof policyCodes;

export interface PolicyProblem {
  readonly code: PolicyCode;
  readonly severity: "error" | "warning";
  /** In the document, such as ["Statement", 0, "Action", 1]; that of the holder where something is missing. */
  readonly path: readonly PathPart[];
  /** One sentence without a full stop. */
  readonly message: string;
  readonly hint?: string;
}

/** Takes the problems that a check finds. */
export type ReportProblem = (
  code: PolicyCode,
  path: readonly PathPart[],
  message: string,
  hint?: string,
) => void;

/** A value as it is quoted in a message: short, on one line. */
export const quoted = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
};

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
