import { type Event, variablesOf } from "./gitlab-runner.ts";
import type { GitHubServer } from "./github-server.ts";
import type { GitLabServer } from "./gitlab-server.ts";
import { type Run, reconcile, sandboxEnvironment } from "./reconcile.ts";
import type { World } from "./world.ts";

type Variables = Readonly<Record<string, string>>;

export interface GitHubJob {
  readonly event: "pull_request" | "push" | "schedule";
  /** Commit that pull request 1 is at. */
  readonly head?: string;
  /** Commit that is checked out. Default: none is told. */
  readonly sha?: string;
  /** Default: that of the world's sandbox. */
  readonly awsUrl?: string;
}

/** The built command as a step of a job of GitHub Actions; what it leaves in the world's folder is in stepFiles. */
export const runGitHubJob = async (
  world: World,
  github: GitHubServer,
  { event, head = "a".repeat(40), sha, awsUrl = world.sandbox.url }: GitHubJob,
  ...args: readonly string[]
): Promise<Run> => {
  const pull = { pull_request: { number: 1, head: { sha: head, repo: { full_name: "acme/access" } } } };
  await world.write(stepFiles.event, JSON.stringify(event === "pull_request" ? pull : {}));
  return reconcile(withRate(args), {
    cwd: world.folder,
    env: {
      ...sandboxEnvironment(awsUrl),
      ...gitHubVariables(event, github.apiUrl),
      GITHUB_EVENT_PATH: `${world.folder}/${stepFiles.event}`,
      GITHUB_STEP_SUMMARY: `${world.folder}/${stepFiles.summary}`,
      GITHUB_OUTPUT: `${world.folder}/${stepFiles.output}`,
      ...(sha === undefined ? {} : { GITHUB_SHA: sha }),
    },
  });
};

export const stepFiles = { event: "event.json", summary: "summary.md", output: "output.txt" } as const;

/** What GitHub sets in every step of a job, for pull request 1 of acme/access; and the token that the job hands on. */
export const gitHubVariables = (event: GitHubJob["event"], apiUrl: string): Variables => ({
  GITHUB_ACTIONS: "true",
  GITHUB_REPOSITORY: "acme/access",
  GITHUB_API_URL: apiUrl,
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_TOKEN: "token-of-the-workflow",
  GITHUB_EVENT_NAME: event,
  GITHUB_REF: event === "pull_request" ? "refs/pull/1/merge" : "refs/heads/main",
  GITHUB_RUN_ID: "42",
  GITHUB_RUN_ATTEMPT: "1",
});

export interface GitLabJob {
  readonly event: Event;
  /** Commit that the pipeline is for. */
  readonly sha?: string;
  readonly variables?: Variables;
}

/** The built command in a job of GitLab CI. */
export const runGitLabJob = (
  world: World,
  gitlab: GitLabServer,
  { event, sha = "a".repeat(40), variables = {} }: GitLabJob,
  ...args: readonly string[]
): Promise<Run> =>
  reconcile(withRate(args), {
    cwd: world.folder,
    env: {
      ...sandboxEnvironment(world.sandbox.url),
      ...variablesOf(event, gitlab.apiUrl, sha),
      CI_PROJECT_DIR: world.folder,
      CI_JOB_ID: "100",
      CI_JOB_URL: "https://gitlab.example/acme/access/-/jobs/100",
      ...variables,
    },
  });

/** The sandbox runs without quotas; comment calls no AWS. */
const withRate = (args: readonly string[]): readonly string[] =>
  args[0] === "comment" ? args : [...args, "--rps", "1000"];
