import type { ForgeDescription } from "../../../src/forge/description.ts";
import { detectForge } from "../../../src/forge/detect.ts";
import type { ForgeClock } from "../../../src/forge/exchange.ts";
import type { Forge } from "../../../src/forge/forge.ts";
import { openForge } from "../../../src/forge/open-forge.ts";
import type { GitHubServer } from "../../support/github-server.ts";
import type { GitLabServer } from "../../support/gitlab-server.ts";

/** 2026-06-01T12:00:00Z. */
export const noon = Date.UTC(2026, 5, 1, 12);

/** A clock that jumps over every wait and remembers it. */
export const jumpingClock = (): ForgeClock & { readonly waits: number[] } => {
  let time = noon;
  const waits: number[] = [];
  return {
    waits,
    now: () => time,
    random: () => 0,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      time += milliseconds;
    },
  };
};

export const gitHubEnv = (apiUrl: string, more: Record<string, string> = {}): Record<string, string> => ({
  GITHUB_ACTIONS: "true",
  GITHUB_REPOSITORY: "acme/access",
  GITHUB_API_URL: apiUrl,
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_RUN_ID: "123",
  GITHUB_RUN_ATTEMPT: "1",
  GITHUB_TOKEN: "token-of-the-workflow",
  GITHUB_EVENT_NAME: "pull_request",
  GITHUB_REF: "refs/pull/7/merge",
  ...more,
});

export const gitLabEnv = (apiUrl: string, more: Record<string, string> = {}): Record<string, string> => ({
  GITLAB_CI: "true",
  CI_API_V4_URL: apiUrl,
  CI_PROJECT_ID: "42",
  CI_MERGE_REQUEST_IID: "7",
  CI_MERGE_REQUEST_PROJECT_ID: "42",
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "42",
  CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "abc",
  CI_PIPELINE_URL: "https://gitlab.example/acme/access/-/pipelines/9",
  CI_JOB_ID: "77",
  GITLAB_TOKEN: "glpat-project",
  ...more,
});

const described = (env: Record<string, string>): ForgeDescription => {
  const description = detectForge(env);
  if (description === null) throw new Error("no forge in this environment");
  return description;
};

export const gitHub = (
  server: GitHubServer,
  more: Partial<ForgeDescription> = {},
  clock: ForgeClock = jumpingClock(),
): Forge => openForge({ ...described(gitHubEnv(server.apiUrl)), ...more }, { clock });

export const gitLab = (server: GitLabServer, clock: ForgeClock = jumpingClock()): Forge =>
  openForge(described(gitLabEnv(server.apiUrl)), { clock });

/** What a rejected promise was rejected with. */
export const rejection = async (promise: Promise<unknown>): Promise<Record<string, unknown>> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error)
      return { ...Object.fromEntries(Object.entries(error)), message: error.message };
    throw error;
  }
  throw new Error("it was not rejected");
};
