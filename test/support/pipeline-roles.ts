import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { makeStack, type Resource, type Template } from "./cloudformation.ts";
import type { Claims } from "./id-tokens.ts";
import { root } from "./reconcile.ts";

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: Condition;
}
type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A role of examples/aws/roles.yaml. */
export interface PipelineRole {
  readonly statements: readonly Statement[];
  readonly actions: readonly string[];
  /** Whether AWS would give it for a token with these claims, of this provider: "gitlab.com". */
  readonly trusts: (provider: string, claims: Claims) => boolean;
}

/** The roles as they stand after a deployment with these parameters, by their names in AWS. */
export const pipelineRoles = (
  parameters: Readonly<Record<string, string>>,
): ReadonlyMap<string, PipelineRole> => {
  const stack = makeStack(rolesTemplate(), parameters);
  const roles = Object.values(stack).filter(({ Type }) => Type === "AWS::IAM::Role");
  return new Map(roles.map((role) => [String(role.Properties.RoleName), roleOf(role, stack)]));
};

export const rolesTemplate = (): Template =>
  parse(readFileSync(join(root, "examples/aws/roles.yaml"), "utf8")) as Template;

const roleOf = ({ Properties }: Resource, stack: Readonly<Record<string, Resource>>): PipelineRole => {
  const managed = Properties.ManagedPolicyArns as readonly string[];
  const inline = Properties.Policies as readonly Resource["Properties"][];
  const policies = [...managed.map((name) => stack[name]?.Properties ?? {}), ...inline];
  const statements = policies.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
  const [trust] = statementsOf(Properties.AssumeRolePolicyDocument);
  return {
    statements,
    actions: statements.flatMap(({ Action }) => Action),
    trusts: (provider, claims) => holds(trust?.Condition ?? {}, provider, claims),
  };
};

const statementsOf = (document: unknown): readonly Statement[] =>
  (document as { readonly Statement: readonly Statement[] }).Statement;

/** All conditions have to hold, and a claim that is not there holds none. */
const holds = (condition: Condition, provider: string, claims: Claims): boolean =>
  Object.entries(condition).every(([operator, expected]) =>
    Object.entries(expected).every(([key, values]) => {
      if (!key.startsWith(`${provider}:`)) return false;
      const claim = claims[key.slice(provider.length + 1)];
      return claim !== undefined && [values].flat().some((value) => operators[operator]?.(claim, value));
    }),
  );

const operators: Readonly<Record<string, (claim: string, value: string) => boolean>> = {
  StringEquals: (claim, value) => claim === value,
  StringLike: (claim, value) =>
    new RegExp(
      `^${value
        .split("*")
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
        .join(".*")}$`,
    ).test(claim),
};
