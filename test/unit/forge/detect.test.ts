import { inspect } from "node:util";
import { expect, test } from "vitest";
import { requirePullRequest } from "../../../src/forge/description.ts";
import { detectForge } from "../../../src/forge/detect.ts";
import { UsageError } from "../../../src/model/errors.ts";
import { gitHubEnv, gitLabEnv } from "./support.ts";

const api = "https://api.github.com";

const withEvent = (event: unknown, more: Record<string, string> = {}) =>
  detectForge(
    gitHubEnv(api, { GITHUB_EVENT_PATH: "/event.json", GITHUB_REF: "refs/heads/main", ...more }),
    (file) => {
      expect(file).toBe("/event.json");
      return JSON.stringify(event);
    },
  );

const pullRequest = (repository: string | null) => ({
  pull_request: {
    number: 12,
    head: { sha: "abc", repo: repository === null ? null : { full_name: repository } },
  },
});

test("there is no forge outside of a pipeline", () => {
  expect(detectForge({ GITHUB_TOKEN: "t", CI: "true" })).toBeNull();
});

test("GitHub Actions: all that the environment tells", () => {
  const found = withEvent(pullRequest("acme/access"), {
    GITHUB_STEP_SUMMARY: "/summary.md",
    GITHUB_RUN_ATTEMPT: "3",
  });
  expect(found).toMatchObject({
    kind: "github",
    apiUrl: api,
    project: "acme/access",
    pullRequest: { project: "acme/access", number: 12, headSha: "abc", fork: false },
    runUrl: "https://github.com/acme/access/actions/runs/123",
    attempt: 3,
    readOnlyBecause: null,
    summaryFile: "/summary.md",
  });
});

test("the API's URL is github.com's by default, and GHES's without its last slash", () => {
  expect(detectForge(gitHubEnv(""))?.apiUrl).toBe(api);
  expect(detectForge(gitHubEnv("https://ghes.example/api/v3/"))?.apiUrl).toBe("https://ghes.example/api/v3");
});

test.each([
  ["a comment on a pull request", { issue: { number: 5, pull_request: {} } }, 5],
  ["a comment on an issue", { issue: { number: 5 } }, null],
  ["a workflow that ran for a pull request", { workflow_run: { pull_requests: [{ number: 6 }] } }, 6],
  ["a push", { ref: "refs/heads/main" }, null],
])("the pull request of %s", (_, event, number) => {
  expect(withEvent(event)?.pullRequest?.number ?? null).toBe(number);
});

test("a workflow that ran for a pull request ran for a commit of its own", () => {
  const event = {
    workflow_run: { head_sha: "earlier", pull_requests: [{ number: 6, head: { sha: "newest" } }] },
  };
  expect(withEvent(event)?.pullRequest).toMatchObject({ number: 6, headSha: "earlier" });
});

test("without an event, the ref tells the pull request", () => {
  expect(detectForge(gitHubEnv(api))?.pullRequest).toMatchObject({ number: 7, headSha: null, fork: false });
});

test.each([
  ["a fork", "mallory/access", {}, /fork/],
  ["a fork that is gone", null, {}, /fork/],
  ["a fork, on the base branch", "mallory/access", { GITHUB_EVENT_NAME: "pull_request_target" }, null],
  ["Dependabot", "acme/access", { GITHUB_ACTOR: "dependabot[bot]" }, /Dependabot/],
  ["a branch, whatever its case", "Acme/Access", {}, null],
])("whether the token can only read: %s", (_, repository, more, expected) => {
  const because = withEvent(pullRequest(repository), more)?.readOnlyBecause ?? null;
  if (expected === null) expect(because).toBeNull();
  else expect(because).toMatch(expected);
});

test("GitLab: all that the environment tells; a fork's notes go to the project that it came from", () => {
  expect(detectForge(gitLabEnv("https://gitlab.example/api/v4"))).toMatchObject({
    kind: "gitlab",
    apiUrl: "https://gitlab.example/api/v4",
    project: "42",
    pullRequest: { project: "42", number: 7, headSha: "abc", fork: false },
    runUrl: "https://gitlab.example/acme/access/-/pipelines/9",
    attempt: 77,
    summaryFile: null,
  });
  const fork = { CI_PROJECT_ID: "99", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99" };
  expect(detectForge(gitLabEnv("https://gitlab.example/api/v4", fork))).toMatchObject({
    project: "99",
    pullRequest: { project: "42", fork: true },
  });
});

test.each([
  ["of a branch", { CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "" }, "merge"],
  ["of what the merge will be", { CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "head" }, "head"],
])("GitLab: the head of a merge request, in a pipeline %s", (_, more, head) => {
  const env = gitLabEnv("https://gitlab.example/api/v4", { CI_COMMIT_SHA: "merge", ...more });
  expect(detectForge(env)?.pullRequest?.headSha).toBe(head);
});

test("GitLab: a merge request's page, where the pipeline tells it", () => {
  const page = (more: Record<string, string>) =>
    detectForge(gitLabEnv("https://gitlab.example/api/v4", more))?.pullRequest?.url;
  expect(page({ CI_MERGE_REQUEST_PROJECT_URL: "https://gitlab.example/acme/access" })).toBe(
    "https://gitlab.example/acme/access/-/merge_requests/7",
  );
  expect(page({})).toBeNull();
});

test("GitLab: a fork's pipeline has no token, which is nobody's mistake", () => {
  const fork = { CI_PROJECT_ID: "99", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99", GITLAB_TOKEN: "" };
  expect(detectForge(gitLabEnv("https://gitlab.example/api/v4", fork))).toMatchObject({
    token: null,
    readOnlyBecause: expect.stringContaining("fork"),
  });
});

test.each([
  ["GITHUB_REPOSITORY", gitHubEnv(api, { GITHUB_REPOSITORY: "" }), "forge-variable"],
  ["GITHUB_REPOSITORY", gitHubEnv(api, { GITHUB_REPOSITORY: "acme/../x" }), "forge-variable"],
  ["GITHUB_TOKEN", gitHubEnv(api, { GITHUB_TOKEN: " " }), "forge-token"],
  ["GITHUB_API_URL", gitHubEnv("http://ghes.example/api/v3"), "forge-api-url"],
  ["GITHUB_API_URL", gitHubEnv("https://user:word@ghes.example"), "forge-api-url"],
  ["GITHUB_EVENT_PATH", gitHubEnv(api, { GITHUB_EVENT_PATH: "/nonexistent/event.json" }), "forge-event"],
  ["CI_API_V4_URL", gitLabEnv(""), "forge-variable"],
  ["CI_PROJECT_ID", gitLabEnv("https://gitlab.example/api/v4", { CI_PROJECT_ID: "../1" }), "forge-variable"],
  [
    "CI_MERGE_REQUEST_IID",
    gitLabEnv("https://gitlab.example/api/v4", { CI_MERGE_REQUEST_IID: "x" }),
    "forge-variable",
  ],
  ["GITLAB_TOKEN", gitLabEnv("https://gitlab.example/api/v4", { GITLAB_TOKEN: "" }), "forge-token"],
])("what is missing or wrong is named: %s", (name, env, code) => {
  expect(() => detectForge(env)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(name) }),
  );
  expect(() => detectForge(env)).toThrow(UsageError);
});

test("the job token of GitLab is not enough, and the hint says what is", () => {
  const env = gitLabEnv("https://gitlab.example/api/v4", { GITLAB_TOKEN: "", CI_JOB_TOKEN: "job" });
  expect(() => detectForge(env)).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(/not protected.*CI_JOB_TOKEN/) }),
  );
});

test("a token is never shown: not printed, not as JSON, not by the error that refuses it", () => {
  const found = detectForge(gitHubEnv(api, { GITHUB_TOKEN: "s3cret" }));
  expect(`${inspect(found, { depth: 9 })}${JSON.stringify(found)}${String(found?.token)}`).not.toContain(
    "s3cret",
  );
  expect(found?.token?.reveal()).toBe("s3cret");
  const broken = { GITHUB_TOKEN: "s3cret\nwith a line break" };
  expect(() => detectForge(gitHubEnv(api, broken))).toThrow(
    expect.objectContaining({ code: "forge-token", message: expect.not.stringContaining("s3cret") }),
  );
});

test("a run without a pull request is told where to run", () => {
  for (const [env, event] of [
    [gitHubEnv(api, { GITHUB_REF: "refs/heads/main" }), "pull_request event"],
    [gitLabEnv("https://gitlab.example/api/v4", { CI_MERGE_REQUEST_IID: "" }), "merge_request_event"],
  ] as const) {
    const found = detectForge(env);
    if (found === null) throw new Error("no forge");
    expect(() => requirePullRequest(found)).toThrow(
      expect.objectContaining({ code: "no-pull-request", hint: expect.stringContaining(event) }),
    );
  }
});
