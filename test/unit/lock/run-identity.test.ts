import { expect, it } from "vitest";
import { runIdentity } from "../../../src/lock/run-identity.ts";

const machine = { user: "jane", host: "laptop" };

it("is the person and the machine", () => {
  expect(runIdentity({}, machine)).toEqual({ owner: "jane", host: "laptop", runUrl: null });
});

it("is the actor and the run on GitHub", () => {
  const env = {
    GITHUB_ACTOR: "octocat",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "acme/access",
    GITHUB_RUN_ID: "42",
  };
  expect(runIdentity(env, machine)).toEqual({
    owner: "octocat",
    host: "laptop",
    runUrl: "https://github.com/acme/access/actions/runs/42",
  });
  expect(runIdentity({ ...env, GITHUB_RUN_ID: "" }, machine).runUrl).toBeNull();
});

it("is the user and the job on GitLab, and the build on Jenkins", () => {
  expect(
    runIdentity({ GITLAB_USER_LOGIN: "tanuki", CI_JOB_URL: "https://gitlab.example/1" }, machine),
  ).toEqual({
    owner: "tanuki",
    host: "laptop",
    runUrl: "https://gitlab.example/1",
  });
  expect(runIdentity({ BUILD_URL: "https://jenkins.example/1" }, machine).runUrl).toBe(
    "https://jenkins.example/1",
  );
});
