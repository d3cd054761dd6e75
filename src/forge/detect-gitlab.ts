import { UsageError } from "../model/errors.ts";
import type { Environment, ForgeDescription, PullRequest } from "./description.ts";
import { positive, requireApiUrl, requireToken, requireVariable } from "./required.ts";

/**
 * CI_JOB_TOKEN, which every job has, may neither write notes nor issues: a token of its own is needed. Pipelines of a
 * fork do not get it, which is no mistake of whoever set this up: there it may be absent.
 */
export const detectGitLab = (env: Environment): ForgeDescription => {
  const project = requireVariable(env, "CI_PROJECT_ID");
  const pullRequest = mergeRequestOf(project, env);
  return {
    kind: "gitlab",
    apiUrl: requireApiUrl(env, "CI_API_V4_URL"),
    project: requireId(project, "CI_PROJECT_ID"),
    token:
      pullRequest?.fork === true && !env.GITLAB_TOKEN ? null : requireToken(env, "GITLAB_TOKEN", tokenHint),
    pullRequest,
    runUrl: env.CI_PIPELINE_URL || env.CI_JOB_URL || null,
    // A job that is tried again gets a new id, and ids grow.
    attempt: positive(env.CI_JOB_ID),
    readOnlyBecause:
      pullRequest?.fork === true
        ? "the merge request comes from a fork, whose pipelines do not get this project's variables"
        : null,
    summaryFile: null,
  };
};

const tokenHint =
  "Make a project access token (role Reporter or higher, scope api) and store it as the CI/CD variable GITLAB_TOKEN: masked, but not protected, since pipelines of unprotected branches do not get protected variables. CI_JOB_TOKEN may not write comments or issues";

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
    url: env.CI_MERGE_REQUEST_PROJECT_URL
      ? `${env.CI_MERGE_REQUEST_PROJECT_URL}/-/merge_requests/${number}`
      : null,
  };
};

const requireId = (text: string, name: string): string => {
  if (/^[1-9]\d{0,14}$/.test(text)) return text;
  throw new UsageError("forge-variable", `${name} is ${JSON.stringify(text)}, which is no id`);
};
