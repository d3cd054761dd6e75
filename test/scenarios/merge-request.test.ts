/**
 * The loop of examples/workflows/gitlab-ci.yml, its own lines run by a shell as GitLab's runner would: the built command,
 * a sandbox and a GitLab server over loopback.
 */
import { spawn } from "node:child_process";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateGroupCommand } from "@aws-sdk/client-identitystore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type GitLabServer, startGitLab } from "../support/gitlab-server.ts";
import { createHands } from "../support/hands.ts";
import { cleanEnvironment, root, type Run, sandboxEnvironment } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
}
const pipeline = parse(await readFile(join(root, "examples/workflows/gitlab-ci.yml"), "utf8")) as {
  readonly default: { readonly before_script: readonly string[] };
  readonly plan: Job;
  readonly apply: Job;
  readonly drift: Job;
};

let world: World;
let gitlab: GitLabServer;
beforeEach(async () => {
  world = await createWorld();
  gitlab = await startGitLab();
  gitlab.setHead(commits.first);
  await mkdir(join(world.folder, "bin"));
  const command = await world.write(
    "bin/reconcile",
    `#!/bin/sh\nexec ${process.execPath} ${join(root, "dist/reconcile.js")} "$@"\n`,
  );
  await chmod(command, 0o755);
});
afterEach(async () => {
  await gitlab.close();
  await world.close();
});

const commits = { first: "a".repeat(40), second: "b".repeat(40) };
const manifest = (accounts: readonly string[], group = "Team") => ({
  version: 1,
  name: "acme",
  groups: { [group]: { description: "The team" } },
  permissionSets: { Admin: { managedPolicies: ["AdministratorAccess"] } },
  assignments: [{ groups: [group], permissionSets: ["Admin"], accounts }],
});

/** Runs a job of the pipeline, in the environment of a merge request's, a push's or a schedule's pipeline. */
const run = async (
  job: "plan" | "apply" | "drift",
  source: "merge_request_event" | "push" | "schedule",
  { sha = commits.first, env = {} }: { sha?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Run> => {
  const { variables, script } = pipeline[job];
  const lines = [...pipeline.default.before_script, ...script].filter(
    (line) => !line.startsWith("npm install "),
  );
  const child = spawn("sh", ["-e", "-c", lines.join("\n")], {
    cwd: world.folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...cleanEnvironment(),
      ...sandboxEnvironment(world.sandbox.url),
      ...variables,
      PATH: `${join(world.folder, "bin")}:${process.env.PATH ?? ""}`,
      AWS_TOKEN: "token-of-the-job",
      GITLAB_TOKEN: "glpat-project",
      CI: "true",
      GITLAB_CI: "true",
      CI_API_V4_URL: gitlab.apiUrl,
      CI_SERVER_URL: "https://gitlab.example",
      CI_PROJECT_ID: "42",
      CI_PROJECT_DIR: world.folder,
      CI_PIPELINE_SOURCE: source,
      CI_PIPELINE_URL: "https://gitlab.example/acme/access/-/pipelines/9",
      CI_JOB_URL: "https://gitlab.example/acme/access/-/jobs/99",
      CI_JOB_TOKEN: "token-that-may-not-write-notes",
      CI_COMMIT_SHA: sha,
      ...(source === "merge_request_event"
        ? { CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: sha }
        : { CI_COMMIT_BRANCH: "main", CI_DEFAULT_BRANCH: "main" }),
      ...env,
    },
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { exitCode, ...texts };
};
const notes = () => gitlab.notes.filter(({ thread }) => thread === "merge_requests/7");
const bodies = () => notes().map(({ body }) => body);

describe("a merge request", () => {
  it("has one note, which follows the plan, is left where it says the same, and never becomes older", async () => {
    await world.write("access.yaml", manifest(["production"]));
    const opened = await run("plan", "merge_request_event");
    expect(opened.stderr).toContain("created.");
    expect(opened.exitCode).toBe(0);
    expect(bodies()).toEqual([expect.stringMatching(/production/)]);
    expect(bodies()[0]).toContain("https://gitlab.example/acme/access/-/pipelines/9");

    await world.write("access.yaml", manifest(["production", "development"]));
    gitlab.setHead(commits.second);
    expect((await run("plan", "merge_request_event", { sha: commits.second })).stderr).toContain("updated.");
    const newest = bodies();
    expect(newest).toEqual([expect.stringContaining("development")]);

    await world.write("access.yaml", manifest(["production"]));
    const old = await run("plan", "merge_request_event");
    expect(old.stderr).toContain(`this run is for commit ${commits.first}`);
    expect(old.exitCode).toBe(0);
    expect(bodies()).toEqual(newest);
  });

  it("does what no name says: no quick action, no mention, no HTML", async () => {
    const group = "<img src=x onerror=alert(1)> @all ~bug !1 %v1 [[_TOC_]]";
    await world.write("access.yaml", {
      ...manifest(["production"], group),
      users: { jane: { givenName: "/merge", familyName: "/close", displayName: "x" } },
      groups: { [group]: { description: "\n/close\n/merge\n@all" } },
    });
    const planned = await run("plan", "merge_request_event");
    expect(planned.exitCode, planned.stderr).toBe(0);
    expect(gitlab.quickActions).toEqual([]);
    const prose = bodies()[0]?.replace(/^(\s*)(`{3,})[^]*?^\1\2\s*$/gm, "") ?? "";
    expect(prose).toContain("onerror");
    expect(prose).not.toMatch(/<img|@all|\[\[_TOC_/);
  });

  it("has its plan in the log where the token may not write, which is no failure", async () => {
    gitlab.users.set("glpat-project", { id: 900, readOnly: true });
    await world.write("access.yaml", manifest(["production"]));
    const { stdout, stderr, exitCode } = await run("plan", "merge_request_event");
    expect(exitCode).toBe(0);
    expect(notes()).toEqual([]);
    expect(stderr).toMatch(/^No comment: the token may not write it/m);
    expect(stdout).toContain("create Team");
  });

  it("is told what a token must be where there is none", async () => {
    await world.write("access.yaml", manifest(["production"]));
    const { stderr, exitCode } = await run("plan", "merge_request_event", { env: { GITLAB_TOKEN: "" } });
    expect(stderr).toContain("GITLAB_TOKEN");
    expect(notes()).toEqual([]);
    expect(exitCode).toBe(3);
  });
});

it("a merge request from a fork is told why there is no token for it", async () => {
  await world.write("access.yaml", manifest(["production"]));
  const env = {
    GITLAB_TOKEN: "",
    CI_MERGE_REQUEST_PROJECT_ID: "42",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "43",
  };
  const { stderr, exitCode } = await run("plan", "merge_request_event", { env });
  expect(exitCode).toBe(3);
  expect(stderr).toContain("Pipelines of forks do not get the project's variables");
  expect(notes()).toEqual([]);
});

it("after the merge the job's own plan is applied, and drift is one issue until it is gone", async () => {
  await world.write("access.yaml", manifest(["production"]));
  expect((await run("plan", "push")).exitCode).toBe(0);
  expect(notes()).toEqual([]);
  const applied = await run("apply", "push");
  expect(applied.exitCode, applied.stderr).toBe(0);
  expect(world.instance.assignments).toHaveLength(1);
  expect((await run("drift", "schedule")).exitCode).toBe(0);
  expect(gitlab.issues).toEqual([]);

  await createHands(world).assign("Admin", "222222222222", "GROUP", "Team");
  await settled(world);
  expect((await run("drift", "schedule")).exitCode).toBe(2);
  expect(gitlab.issues.map(({ state }) => state)).toEqual(["opened"]);
  expect(gitlab.issues[0]?.description).toContain("222222222222");
  const writes = () => gitlab.log.filter((line) => /^(POST|PUT|DELETE)/.test(line)).length;
  const before = writes();
  expect((await run("drift", "schedule")).exitCode).toBe(2);
  expect(writes()).toBe(before);
  expect(world.instance.assignments).toHaveLength(2);

  expect((await run("plan", "push")).exitCode).toBe(0);
  expect((await run("apply", "push")).exitCode).toBe(0);
  expect((await run("drift", "schedule")).exitCode).toBe(0);
  expect(gitlab.issues.map(({ state }) => state)).toEqual(["closed"]);
});

it("a plan of before somebody changed access is not applied", async () => {
  await world.write("access.yaml", manifest(["production"]));
  expect((await run("plan", "push")).exitCode).toBe(0);
  const { IdentityStoreId } = world.instance;
  await world.store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: "Team" }));
  const { exitCode, stderr } = await run("apply", "push");
  expect(stderr).toContain("error[stale-plan]");
  expect(exitCode).toBe(5);
  expect(world.instance.assignments).toEqual([]);
});
