import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { type Occasion, startWorkflow, type Workflow, type WorkflowRun } from "./github-runner.ts";
import { actionsBot, type GitHubServer, startGitHub } from "./github-server.ts";
import { claimsOf, type IdTokens, startIdTokens } from "./id-tokens.ts";
import { pipelineRoles } from "./pipeline-roles.ts";
import { root } from "./reconcile.ts";
import { teamManifest } from "./team-manifest.ts";
import { startWebIdentity, type WebIdentity } from "./web-identity.ts";
import { createWorld, type World } from "./world.ts";

/**
 * A repository on GitHub whose pipeline is examples/workflows: with a pull request that was merged, a sandbox behind an
 * STS that trusts as examples/aws/roles.yaml says, and a GitHub over loopback. What can be set is for the next job.
 */
export interface GitHubWorld {
  readonly world: World;
  readonly github: GitHubServer;
  readonly idTokens: IdTokens;
  readonly aws: WebIdentity;
  /** Where jobs find AWS. */
  awsUrl: string;
  /** The commit that main is at. */
  latest: string;
  /** Whether the environment identity-center-approval has any. */
  reviewers: boolean;
  secrets: Readonly<Record<string, string>>;
  /** By name, the refs whose jobs may name them. */
  environments: ReturnType<Occasion["environments"]>;
  /** A run of a workflow, changed first as somebody would who copies it, or who attacks with it. */
  readonly start: (
    name: string,
    event: Pick<Occasion, "event" | "ref" | "sha" | "payload">,
    change?: (text: string) => string,
  ) => Promise<WorkflowRun>;
  /** The keys that signed such requests, or any, in the order of their first use. */
  readonly signers: (operation?: string) => string[];
  readonly close: () => Promise<void>;
}

const head = "a".repeat(40);
const merged = "c".repeat(40);
export const main = { event: "push", ref: "refs/heads/main", sha: merged } as const;
export const schedule = { ...main, event: "schedule" } as const;
export const byHand = { ...main, event: "workflow_dispatch" } as const;
export const pullRequest = {
  event: "pull_request",
  ref: "refs/pull/1/merge",
  sha: "b".repeat(40),
  payload: { pull_request: { number: 1, head: { sha: head, repo: { full_name: "acme/access" } } } },
} as const;

export const createGitHubWorld = async (): Promise<GitHubWorld> => {
  const world = await createWorld();
  await world.write("access.yaml", teamManifest(["production"]));
  const github = await startGitHub();
  github.addIssue({ isPullRequest: true, head, mergedAs: merged });
  const idTokens = await startIdTokens();
  const roles = pipelineRoles({ Repository: "acme/access" });
  const aws = await startWebIdentity(world.sandbox.url, ({ token, roleArn }) => {
    const role = roles.get(roleArn.split("/").at(-1) ?? "");
    return role?.trusts("token.actions.githubusercontent.com", claimsOf(token)) ?? false;
  });
  const runs: WorkflowRun[] = [];

  const start: GitHubWorld["start"] = async (name, event, change = (text) => text) => {
    const text = change(await readFile(join(root, "examples/workflows", name), "utf8"));
    const run = await startWorkflow(parse(text) as Workflow, {
      ...event,
      repository: world.folder,
      environments: () => made.environments,
      githubToken: (permissions) => {
        const token = `ghs-of-a-job-${github.users.size}`;
        const mayWrite = ["pull-requests", "issues"].some((each) => permissions[each] === "write");
        github.users.set(token, { user: actionsBot, readOnly: !mayWrite });
        return token;
      },
      idToken: (claims) => idTokens.variablesOf(claims),
      secrets: () => made.secrets,
      variables: () => ({ AWS_ENDPOINT_URL: made.awsUrl, GITHUB_API_URL: github.apiUrl, TZ: "UTC" }),
    });
    runs.push(run);
    return run;
  };
  const signers: GitHubWorld["signers"] = (operation) => [
    ...new Set(
      world.log.flatMap((entry) =>
        entry.event === "request" && (operation === undefined || entry.operation === operation)
          ? [String(entry.accessKeyId)]
          : [],
      ),
    ),
  ];
  const close = async (): Promise<void> => {
    for (const each of runs) await each.close();
    await aws.close();
    await idTokens.close();
    await github.close();
    await world.close();
  };

  const branches = ["refs/heads/main"];
  const made: GitHubWorld = {
    world,
    github,
    idTokens,
    aws,
    start,
    signers,
    close,
    awsUrl: aws.url,
    latest: merged,
    reviewers: true,
    secrets: {},
    environments: { "identity-center": branches, "identity-center-approval": branches },
  };
  github.faults.push(({ path }) =>
    path.endsWith("/environments/identity-center-approval") ? environment(made.reviewers) : null,
  );
  github.faults.push(({ path }) =>
    path.endsWith("/commits/heads/main") ? { status: 200, body: made.latest } : null,
  );
  return made;
};

/** As GitHub tells of one that there is. */
const environment = (reviewers: boolean) => ({
  status: 200,
  body: {
    name: "identity-center-approval",
    protection_rules: [{ type: "branch_policy" }, ...(reviewers ? [{ type: "required_reviewers" }] : [])],
  },
});
