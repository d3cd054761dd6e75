/**
 * examples/aws: the roles of a pipeline, as they stand once CloudFormation has made them of their parameters: what they allow is what is called, whom they trust is whom they are for.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { calledActions, calledByLock, calledToAskWho, isRead, isStatus } from "../support/called-actions.ts";
import { makeStack } from "../support/cloudformation.ts";
import { pipelineRoles, type PipelineRole, rolesTemplate } from "../support/pipeline-roles.ts";
import { root } from "../support/reconcile.ts";

const roleOf = (name: string, parameters: Readonly<Record<string, string>> = {}): PipelineRole => {
  const role = pipelineRoles({ Repository: "acme/access", ...parameters }).get(name);
  if (role === undefined) throw new Error(`There is no role ${name}.`);
  return role;
};
interface Statement {
  readonly Action: string[];
  readonly Resource: string;
}
const statementsIn = (file: string): readonly Statement[] =>
  (JSON.parse(readFileSync(join(root, file), "utf8")) as { readonly Statement: readonly Statement[] })
    .Statement;
const policyActions = (name: string): string[] =>
  statementsIn(`examples/iam/${name}-policy.json`).flatMap(({ Action }) => Action);

/** AWS takes no other resource for a list, and lets nothing else pass with it. */
const listOfProviders = { allowed: ["iam:ListSAMLProviders"], Resource: "*" };

describe("what they allow", () => {
  it("reading: each call of a plan, as examples/iam has it, and nothing else", () => {
    const { actions } = roleOf("reconcile-read");
    const needed = calledActions().filter((action) => isRead(action) && !isStatus(action));
    expect(actions).toEqual(expect.arrayContaining(needed));
    expect(actions.toSorted()).toEqual(policyActions("read").toSorted());
    expect(actions.filter((action) => !isRead(action))).toEqual([]);
  });

  it("writing: each call of an apply, and IAM only where the management account is managed", () => {
    const { actions } = roleOf("reconcile-write");
    expect(actions).toEqual(expect.arrayContaining([...calledActions()]));
    expect(actions.filter((action) => !/^(sso|identitystore|organizations):/.test(action))).toEqual([]);
    const all = roleOf("reconcile-write", { ManagementAccount: "true" });
    expect(all.actions.toSorted()).toEqual(policyActions("write").toSorted());
    for (const { Action, Resource } of all.statements) {
      const allowed = [Action].flat();
      if (!allowed.some((action) => action.startsWith("iam:"))) continue;
      if (allowed.includes("iam:ListSAMLProviders")) expect({ allowed, Resource }).toEqual(listOfProviders);
      else expect(Resource).toMatch(/^arn:aws:iam::\*:(saml-provider\/AWSSSO|role\/aws-reserved\/sso)/);
    }
  });

  it("lists providers in write-policy.json of examples/iam by the resource that AWS takes", () => {
    const list = statementsIn("examples/iam/write-policy.json").filter(({ Action }) =>
      Action.includes("iam:ListSAMLProviders"),
    );
    expect(list.map(({ Action: allowed, Resource }) => ({ allowed, Resource }))).toEqual([listOfProviders]);
  });

  it.each([
    ["s3", { LockBucket: "locks" }, ["arn:aws:s3:::locks/reconcile.lock", "arn:aws:s3:::locks"]],
    ["dynamodb", { LockTable: "locks" }, ["arn:aws:dynamodb:*:111122223333:table/locks"]],
  ] as const)(
    "the lock in %s: its calls, on it alone, for the role that writes",
    (service, lock, resources) => {
      const { statements } = roleOf("reconcile-write", lock);
      const ofLock = statements.filter(({ Action }) => [Action].flat()[0]?.startsWith(`${service}:`));
      const needed = calledByLock(service);
      expect(needed.length).toBeGreaterThan(1);
      expect(ofLock.flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining([...needed]));
      expect(ofLock.map(({ Resource }) => Resource)).toEqual(resources);
      expect(roleOf("reconcile-read", lock).actions).toEqual(roleOf("reconcile-read").actions);
      const other = service === "s3" ? "dynamodb" : "s3";
      expect(JSON.stringify(statements)).not.toContain(`${other}:`);
    },
  );

  it("--who: CloudTrail's events, for the role that reads", () => {
    const needed = calledToAskWho();
    expect(needed).not.toEqual([]);
    const { actions } = roleOf("reconcile-read", { Who: "true" });
    expect(actions.filter((action) => action.startsWith("cloudtrail:"))).toEqual(needed);
    expect(roleOf("reconcile-write", { Who: "true" }).actions).toEqual(roleOf("reconcile-write").actions);
  });
});

const github = "token.actions.githubusercontent.com";
/** The claims of a job in an environment, on the protected branch, unless told otherwise. */
const claims = (sub: string, more: Readonly<Record<string, string>> = {}) => ({
  aud: "sts.amazonaws.com",
  ref: "refs/heads/main",
  sub: `repo:acme/access:${sub}`,
  ...more,
});

describe("whom they trust", () => {
  it.each(["identity-center", "identity-center-approval"])(
    "writing: a job of the branch in the environment %s, and no other",
    (name) => {
      const { trusts } = roleOf("reconcile-write");
      const sub = `environment:${name}`;
      expect(trusts(github, claims(sub))).toBe(true);
      const strangers = [
        claims(sub, { ref: "refs/heads/feature" }),
        claims(sub, { ref: "refs/pull/7/merge" }),
        claims(sub, { aud: "https://github.com/acme" }),
        claims(sub, { sub: `repo:acme/other:${sub}` }),
        claims(`${sub}-2`),
        claims("pull_request"),
        claims("ref:refs/heads/main"),
        { aud: "sts.amazonaws.com", sub: `repo:acme/access:${sub}` },
      ];
      expect(strangers.filter((stranger) => trusts(github, stranger))).toEqual([]);
      expect(trusts("gitlab.com", claims(sub))).toBe(false);
    },
  );

  it("writing: the environments and the branch that are named in the parameters", () => {
    const { trusts } = roleOf("reconcile-write", {
      Branch: "trunk",
      ReviewedEnvironment: "reviewed",
      ApprovalEnvironment: "asked",
    });
    const ref = "refs/heads/trunk";
    expect(trusts(github, claims("environment:reviewed", { ref }))).toBe(true);
    expect(trusts(github, claims("environment:asked", { ref }))).toBe(true);
    expect(trusts(github, claims("environment:identity-center", { ref }))).toBe(false);
    expect(trusts(github, claims("environment:asked"))).toBe(false);
  });

  it("reading: any job of the repository, and no other", () => {
    const { trusts } = roleOf("reconcile-read");
    expect(trusts(github, claims("pull_request", { ref: "refs/pull/7/merge" }))).toBe(true);
    expect(trusts(github, claims("ref:refs/heads/main"))).toBe(true);
    expect(trusts(github, claims("", { sub: "repo:acme/access-2:pull_request" }))).toBe(false);
    expect(trusts(github, claims("pull_request", { aud: "other" }))).toBe(false);
  });

  it("a repository whose tokens name it with ids, by just these", () => {
    const { trusts } = roleOf("reconcile-write", { Repository: "acme@12/access@34" });
    const sub = ":environment:identity-center";
    expect(trusts(github, claims("", { sub: `repo:acme@12/access@34${sub}` }))).toBe(true);
    expect(trusts(github, claims("", { sub: `repo:acme@13/access@34${sub}` }))).toBe(false);
    expect(trusts(github, claims("environment:identity-center"))).toBe(false);
  });

  it("GitLab: reading any branch, writing the protected one", () => {
    const gitlab = { Forge: "GitLab", Repository: "acme/platform/access" };
    const of = (branch: string) => ({
      aud: "https://gitlab.com",
      sub: `project_path:acme/platform/access:ref_type:branch:ref:${branch}`,
    });
    const [read, write] = [roleOf("reconcile-read", gitlab), roleOf("reconcile-write", gitlab)];
    expect([read, write].map(({ trusts }) => trusts("gitlab.com", of("main")))).toEqual([true, true]);
    expect([read, write].map(({ trusts }) => trusts("gitlab.com", of("feature")))).toEqual([true, false]);
    const tag = { ...of("main"), sub: "project_path:acme/platform/access:ref_type:tag:ref:main" };
    expect([read, write].map(({ trusts }) => trusts("gitlab.com", tag))).toEqual([false, false]);
    expect(read.trusts(github, claims("pull_request"))).toBe(false);
  });

  it.each([
    [{}, "https://token.actions.githubusercontent.com", "sts.amazonaws.com"],
    [{ Forge: "GitLab" }, "https://gitlab.com", "https://gitlab.com"],
  ])("by a provider that is made unless it is given: %j", (parameters, url, audience) => {
    const given = { Repository: "acme/access", ...parameters };
    expect(makeStack(rolesTemplate(), given).Provider?.Properties).toEqual({
      Url: url,
      ClientIdList: [audience],
    });
    const stack = makeStack(rolesTemplate(), { ...given, ProviderArn: "arn:of-it" });
    expect(stack.Provider).toBeUndefined();
    expect(JSON.stringify(stack.ReadRole)).toContain('{"Federated":"arn:of-it"}');
  });

  it.each(["", "acme", "acme/*", "acme/access:ref"])("refuses the repository %j", (Repository) => {
    expect(() => pipelineRoles({ Repository })).toThrow(/Repository/);
  });
});

it("has only resources and properties that CloudFormation knows", () => {
  const known: Readonly<Record<string, readonly string[]>> = {
    "AWS::IAM::OIDCProvider": ["Url", "ClientIdList"],
    "AWS::IAM::ManagedPolicy": ["ManagedPolicyName", "PolicyDocument"],
    "AWS::IAM::Role": ["RoleName", "AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies"],
  };
  for (const { Type, Properties } of Object.values(makeStack(rolesTemplate(), { Repository: "a/b" })))
    expect(Object.keys(Properties).filter((name) => !known[Type]?.includes(name))).toEqual([]);
});
