import { UsageError } from "../model/errors.ts";
import type { Environment, ForgeDescription, PullRequest } from "./description.ts";
import { positive, requireApiUrl, requireToken, requireVariable } from "./required.ts";

/** CI_JOB_TOKEN, which every job has, may neither write notes nor issues: a token of its own is needed. */
export const detectGitLab = (env: Environment): ForgeDescription => {
  const project = requireVariable(env, "CI_PROJECT_ID");
  const pullRequest = mergeRequestOf(project, env);
  return {
    kind: "gitlab",
    apiUrl: requireApiUrl(env, "CI_API_V4_URL"),
    project: requireId(project, "CI_PROJECT_ID"),
    token: requireToken(env, "GITLAB_TOKEN", tokenHint(pullRequest)),
    pullRequest,
    runUrl: env.CI_PIPELINE_URL || env.CI_JOB_URL || null,
    // A job that is tried again gets a new id, and ids grow.
    attempt: positive(env.CI_JOB_ID),
    readOnlyBecause: pullRequest?.fork === true ? "the merge request comes from a fork" : null,
    summaryFile: null,
  };
};

const tokenHint = (mergeRequest: PullRequest | null): string =>
  mergeRequest?.fork === true
    ? "Pipelines of forks do not get the project's variables: take the Markdown file from the job's artifacts instead"
    : "Make a project access token (role Reporter or higher, scope api) and store it as the masked CI/CD variable GITLAB_TOKEN; CI_JOB_TOKEN may not write comments or issues";

const mergeRequestOf = (project: string, env: Environment): PullRequest | null => {
  const number = env.CI_MERGE_REQUEST_IID;
  if (!number) return null;
  return {
    project: requireId(env.CI_MERGE_REQUEST_PROJECT_ID || project, "CI_MERGE_REQUEST_PROJECT_ID"),
    number: Number(requireId(number, "CI_MERGE_REQUEST_IID")),
    headSha: env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || env.CI_COMMIT_SHA || null,
    fork:
      !!env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID &&
      env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID !== env.CI_MERGE_REQUEST_PROJECT_ID,
  };
};

const requireId = (text: string, name: string): string => {
  if (/^[1-9]\d{0,14}$/.test(text)) return text;
  throw new UsageError("forge-variable", `${name} is ${JSON.stringify(text)}, which is no id`);
};
