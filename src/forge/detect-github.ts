import { UsageError } from "../model/errors.ts";
import type { Environment, ForgeDescription, PullRequest } from "./description.ts";
import { fieldsOf, listOf, numberOf, textOf } from "./fields.ts";
import { positive, requireApiUrl, requireToken, requireVariable } from "./required.ts";

export const detectGitHub = (env: Environment, readText: (file: string) => string): ForgeDescription => {
  const project = requireVariable(env, "GITHUB_REPOSITORY");
  if (!/^[\w.-]+\/[\w.-]+$/.test(project)) {
    throw new UsageError(
      "forge-variable",
      `GITHUB_REPOSITORY is ${JSON.stringify(project)}, which is not OWNER/NAME`,
    );
  }
  const pullRequest = pullRequestOf(project, readEvent(env, readText), env.GITHUB_REF);
  const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: run } = env;
  return {
    kind: "github",
    apiUrl: requireApiUrl(env, "GITHUB_API_URL", "https://api.github.com"),
    project,
    token: requireToken(env, "GITHUB_TOKEN", "Give the step `env: {GITHUB_TOKEN: ${{ github.token }}}`"),
    pullRequest,
    runUrl: server && run ? `${server}/${project}/actions/runs/${run}` : null,
    attempt: positive(env.GITHUB_RUN_ATTEMPT),
    readOnlyBecause: readOnly(env, pullRequest),
    summaryFile: env.GITHUB_STEP_SUMMARY || null,
  };
};

/** `pull_request_target` and the rest run on the base branch, with a token that may write. */
const readOnly = (env: Environment, pullRequest: PullRequest | null): string | null => {
  if (env.GITHUB_EVENT_NAME !== "pull_request") return null;
  if (pullRequest?.fork === true)
    return "the pull request comes from a fork, whose runs get a token that can only read";
  return env.GITHUB_ACTOR === "dependabot[bot]"
    ? "Dependabot started this run, which gets a token that can only read"
    : null;
};

const readEvent = (env: Environment, readText: (file: string) => string): unknown => {
  const file = env.GITHUB_EVENT_PATH;
  if (!file) return null;
  try {
    return JSON.parse(readText(file)) as unknown;
  } catch {
    throw new UsageError("forge-event", "The file that GITHUB_EVENT_PATH names can not be read as JSON", {
      hint: "Where the command runs in a container, mount the file at the same path",
    });
  }
};

/** From the event of the pull request, of a comment on it, or of a workflow that ran for it; else from the ref. */
const pullRequestOf = (project: string, event: unknown, ref: string | undefined): PullRequest | null => {
  const { pull_request: direct, issue, workflow_run: run } = fieldsOf(event);
  const commented = fieldsOf(issue).pull_request === undefined ? undefined : issue;
  const chosen = fieldsOf(direct ?? commented ?? listOf(fieldsOf(run).pull_requests)[0]);
  const number = numberOf(chosen.number) ?? numberInRef(ref);
  if (number === null) return null;
  const head = fieldsOf(chosen.head);
  return {
    project,
    number,
    // A workflow that ran for a pull request may have run for an earlier commit than the one it is at.
    headSha: textOf((direct ?? commented) === undefined ? fieldsOf(run).head_sha : head.sha),
    fork:
      direct !== undefined && textOf(fieldsOf(head.repo).full_name)?.toLowerCase() !== project.toLowerCase(),
    url: textOf(chosen.html_url),
  };
};

const numberInRef = (ref: string | undefined): number | null => {
  const digits = /^refs\/pull\/([1-9]\d{0,9})\//.exec(ref ?? "")?.[1];
  return digits === undefined ? null : Number(digits);
};
