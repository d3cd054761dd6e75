/**
 * The whole loop as a team lives it, with the built command, a sandbox and a GitHub server over loopback: the plan on
 * the pull request, apply of exactly that after the merge, an issue when somebody changes access by hand.
 */
import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { actionsBot, type GitHubServer, startGitHub, stranger } from "../support/github-server.ts";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import { type GitHubJob, runGitHubJob } from "../support/forge-job.ts";
import { createHands } from "../support/hands.ts";
import type { Run } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { teamManifest } from "../support/team-manifest.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let github: GitHubServer;
beforeEach(async () => {
  world = await createWorld();
  github = await startGitHub();
  github.addIssue({ isPullRequest: true });
  commit = firstCommit;
  awsUrl = world.sandbox.url;
});
afterEach(async () => {
  await github.close();
  await world.close();
});

const firstCommit = "a".repeat(40);
const secondCommit = "b".repeat(40);
/** The commit that the jobs of the pull request run for. */
let commit = firstCommit;
let awsUrl = "";

/** A push to the pull request. */
const push = (sha: string): void => {
  const [pull] = github.issues;
  if (pull !== undefined) pull.head = sha;
  commit = sha;
};

/** Runs a command as a job of GitHub Actions would, on this event. */
const job = (event: GitHubJob["event"], ...args: string[]): Promise<Run> =>
  runGitHubJob(world, github, { event, head: commit, awsUrl }, ...args);
const outputs = async (): Promise<string> => readFile(`${world.folder}/output.txt`, "utf8");
const comments = () => github.comments.filter(({ number }) => number === 1);
const driftIssues = () => github.issues.filter(({ isPullRequest }) => !isPullRequest);

describe("a pull request", () => {
  it("has one comment, which follows the plan", async () => {
    await world.write("access.yaml", teamManifest(["production"]));
    const opened = await job("pull_request", "plan", "--comment");
    expect(opened.stderr).toContain("created.");
    expect(opened.exitCode).toBe(0);
    expect(comments().map(({ user }) => user)).toEqual([actionsBot]);
    expect(comments()[0]?.body).toContain("production");
    expect(comments()[0]?.body).not.toContain("development");

    await world.write("access.yaml", teamManifest(["production", "development"]));
    const pushed = await job("pull_request", "plan", "--comment");
    expect(pushed.stderr).toContain("updated.");
    expect(comments()).toHaveLength(1);
    expect(comments()[0]?.body).toContain("development");
    expect(await outputs()).toContain("has-changes");
  });

  it("reads the same from a plan file, names of accounts included", async () => {
    await world.write("access.yaml", {
      ...teamManifest(["dev", "production"]),
      accounts: { dev: "222222222222" },
    });
    expect((await job("pull_request", "plan", "--comment", "--out", "plan.json")).exitCode).toBe(0);
    const { stderr, exitCode } = await job("pull_request", "comment", "--plan", "plan.json");
    // Of the same moment, and word for word: there was nothing to write.
    expect(stderr).toContain("already says this");
    expect(exitCode).toBe(0);
    expect(comments().map(({ body }) => body)).toEqual([
      expect.stringMatching(/dev \(222222222222\)[^]*production \(111111111111\)/) as string,
    ]);
  });

  it("keeps the newer words when an older run comes late", async () => {
    await world.write("access.yaml", teamManifest(["production"]));
    expect((await job("pull_request", "plan", "--out", "old.json")).exitCode).toBe(0);
    await world.write("access.yaml", teamManifest(["development"]));
    expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(0);
    const newer = comments()[0]?.body;
    const late = await job("pull_request", "comment", "--plan", "old.json");
    expect(late.stderr).toContain("left alone");
    expect(comments().map(({ body }) => body)).toEqual([newer]);
  });

  it("keeps the newest commit's words when the workflow of an old one runs again; the same one's may", async () => {
    await world.write("access.yaml", teamManifest(["production"]));
    expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(0);
    expect(comments()[0]?.body).toContain(`commit ${firstCommit}`);
    await world.write("access.yaml", teamManifest(["development"]));
    push(secondCommit);
    expect((await job("pull_request", "plan", "--comment")).stderr).toContain("updated.");
    const newest = comments()[0]?.body;
    expect(newest).toContain(`commit ${secondCommit}`);

    await world.write("access.yaml", teamManifest(["production"]));
    commit = firstCommit;
    const again = await job("pull_request", "plan", "--comment");
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain(
      `left alone, because this run is for commit ${firstCommit}, and the pull request is at ${secondCommit}`,
    );
    expect(comments().map(({ body }) => body)).toEqual([newest]);

    await world.write("access.yaml", teamManifest(["development", "production"]));
    commit = secondCommit;
    expect((await job("pull_request", "plan", "--comment")).stderr).toContain("updated.");
    expect(comments().map(({ body }) => body)).toEqual([expect.stringContaining("production")]);
  });

  it("has one comment in the end where two runs make it at the same time", async () => {
    await world.write("access.yaml", teamManifest(["production"]));
    // Neither is let through before both are about to make one.
    let waiting = 0;
    let letBoth: () => void = () => undefined;
    const both = new Promise<null>((resolve) => {
      letBoth = () => resolve(null);
    });
    github.faults.push((call) => {
      if (call.method !== "POST" || !call.path.endsWith("/issues/1/comments")) return null;
      waiting += 1;
      if (waiting === 2) letBoth();
      return both;
    });
    const runs = await Promise.all([
      job("pull_request", "plan", "--comment"),
      job("pull_request", "plan", "--comment"),
    ]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(github.log.filter((line) => line === "POST /repos/acme/access/issues/1/comments")).toHaveLength(2);
    expect(comments()).toHaveLength(1);
  });

  it("says what is wrong with a manifest, where the plan stood, and the plan again once it is right", async () => {
    await world.write("access.yaml", teamManifest(["production"]));
    expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(0);
    push(secondCommit);
    await world.write("access.yaml", "version: 1\nname: acme\ngroups:\n  Team: {descripton: '@all <b>'}\n");
    const invalid = await job("pull_request", "plan", "--comment");
    expect(invalid.exitCode).toBe(3);
    expect(invalid.stderr).toContain("updated.");
    expect(comments()).toHaveLength(1);
    const body = comments()[0]?.body ?? "";
    expect(body).toContain("\n## The manifest is not valid: 1 error\n");
    expect(body).toContain(
      "**access.yaml:&#8203;4:10** 'descripton' is not a property of a group (`unknown-property`)",
    );
    expect(body).toContain("did you mean 'description'?");
    expect(body).toContain(`commit ${secondCommit}`);
    expect(body).not.toContain("production");
    // Run again, it is the same comment; an old commit's plan does not come back.
    commit = firstCommit;
    await world.write("access.yaml", teamManifest(["production"]));
    await job("pull_request", "plan", "--comment");
    expect(comments()[0]?.body).toBe(body);
    commit = secondCommit;
    expect((await job("pull_request", "plan", "--comment")).stderr).toContain("updated.");
    expect(comments().map((each) => each.body)).toEqual([expect.stringContaining("production")]);
  });

  it("of a manifest without a name is the one that its plan has", async () => {
    const { name: _, ...nameless } = teamManifest(["production"]);
    await world.write("access.yaml", "version: 1\ngroups: 7\n");
    expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(3);
    expect(comments().map(({ body }) => body)).toEqual([expect.stringContaining("is not valid: 1 error")]);
    await world.write("access.yaml", nameless);
    expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(0);
    expect(comments().map(({ body }) => body)).toEqual([expect.stringContaining("production")]);
    // Names that AWS does not know are found later, and told in the same way.
    await world.write("access.yaml", { ...nameless, assignments: teamManifest(["nowhere"]).assignments });
    expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(3);
    expect(comments().map(({ body }) => body)).toEqual([expect.stringContaining("nowhere")]);
  });

  it.each(["ListInstances", "ListPermissionSets"])(
    "says that AWS denied %s, rather than let an old plan stand",
    async (operation) => {
      const { name: _, ...nameless } = teamManifest(["production"]);
      await world.write("access.yaml", nameless);
      expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(0);
      const proxy = await startDenyingProxy(world.sandbox.url, operation, "");
      awsUrl = proxy.url;
      const denied = await job("pull_request", "plan", "--comment");
      await proxy.close();
      expect(denied.exitCode).toBe(1);
      expect(denied.stderr).toContain("updated.");
      expect(denied.stderr).toContain("error[access-denied]");
      expect(comments()).toHaveLength(1);
      expect(comments()[0]?.body).toContain("\n## The plan could not be made\n");
      expect(comments()[0]?.body).toContain(operation);
      expect(comments()[0]?.body).not.toContain("production");
      awsUrl = world.sandbox.url;
      expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(0);
      expect(comments().map(({ body }) => body)).toEqual([expect.stringContaining("production")]);
    },
  );

  it("of a run that failed before it knew anything is that of its manifest", async () => {
    await world.write("access.yaml", teamManifest(["production"]));
    expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(0);
    const proxy = await startDenyingProxy(world.sandbox.url, "ListInstances", "");
    awsUrl = proxy.url;
    // Not even its name can be read.
    await world.write("access.yaml", "version: 1\nname: [acme\n");
    const { exitCode, stderr } = await job("pull_request", "plan", "--comment");
    await proxy.close();
    expect(exitCode).toBe(3);
    expect(stderr).toContain("updated.");
    expect(comments().map(({ body }) => body)).toEqual([expect.stringContaining("is not valid: 1 error")]);
  });

  it("follows a manifest that gets a name, and each of several without one has its own", async () => {
    const { name: _, ...nameless } = teamManifest(["production"]);
    await world.write("access.yaml", nameless);
    await world.write("more.yaml", { ...teamManifest(["development"]), name: undefined });
    expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(0);
    expect((await job("pull_request", "plan", "more.yaml", "--comment")).stderr).toContain("created.");
    await world.write("access.yaml", teamManifest(["production"]));
    expect((await job("pull_request", "plan", "--comment")).stderr).toContain("updated.");
    expect(comments().map(({ body }) => body)).toEqual([
      expect.stringContaining("production"),
      expect.stringContaining("development"),
    ]);
  });

  it("is asked for where there is none, before anything is read", async () => {
    await world.write("access.yaml", teamManifest(["production"]));
    const { exitCode, stderr } = await job("push", "plan", "--comment");
    expect(exitCode).toBe(3);
    expect(stderr).toContain("error[no-pull-request]");
    expect(stderr).not.toContain("Talking to");
  });

  it("is told in the job's summary where the token may not comment", async () => {
    github.users.set("token-of-the-workflow", { user: actionsBot, readOnly: true });
    await world.write("access.yaml", teamManifest(["production"]));
    const { stderr, exitCode } = await job("pull_request", "plan", "--comment");
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^No comment: the token may not write it\..*[^.]\. It is in the job's summary\.$/m,
    );
    expect(comments()).toEqual([]);
    expect(await readFile(`${world.folder}/summary.md`, "utf8")).toContain("production");
  });

  it.each<[string, string, number, RegExp]>([
    ["a plan", stringify(teamManifest(["production"])), 0, /^## Access plan for acme: 3 changes/m],
    ["a mistake", "version: 1\ngroups: 3\n", 3, /^## The manifest is not valid: 1 error$/m],
    [
      "a failure",
      stringify({ ...teamManifest(["production"]), instance: { region: "eu-west-1" } }),
      3,
      /^## .*plan/m,
    ],
  ])(
    "is in the summary once, where the format github has it there already: %s",
    async (_, text, code, title) => {
      github.users.set("token-of-the-workflow", { user: actionsBot, readOnly: true });
      await world.write("access.yaml", text);
      const { stderr, exitCode } = await job("pull_request", "plan", "--comment", "--format", "github");
      expect(exitCode, stderr).toBe(code);
      expect(stderr).toMatch(/^No comment: .* It is in the job's summary\.$/m);
      const summary = await readFile(`${world.folder}/summary.md`, "utf8");
      expect(summary.match(/^## /gm)).toHaveLength(1);
      expect(summary).toMatch(title);
    },
  );

  it("never touches what a stranger wrote, nor lets names become mentions", async () => {
    github.addComment(1, stranger, "<!-- reconcile: mine -->");
    const hostile = {
      ...teamManifest(["production"]),
      groups: { Team: { description: "@everyone <img src=x> | `x`" } },
    };
    await world.write("access.yaml", hostile);
    expect((await job("pull_request", "plan", "--comment")).exitCode).toBe(0);
    expect(comments()).toHaveLength(2);
    expect(comments()[0]?.body).toBe("<!-- reconcile: mine -->");
    // In a fence of code GitHub takes nothing for its own.
    const prose = comments()[1]?.body.replace(/^(\s*)(`{3,})[^]*?^\1\2\s*$/gm, "");
    expect(prose).toContain("Team");
    expect(prose).not.toMatch(/@everyone|<img/);
  });
});

it("after the merge, exactly the reviewed digest is applied, and drift is told once until it is repaired", async () => {
  await world.write("access.yaml", teamManifest(["production"]));
  expect((await job("push", "plan")).exitCode).toBe(0);
  const digest = /\b[0-9a-f]{64}\b/.exec(await outputs())?.[0] ?? "";
  expect((await job("push", "apply", "--expect", digest)).exitCode).toBe(0);
  expect(world.instance.assignments).toHaveLength(1);
  expect((await job("schedule", "drift", "--issue")).exitCode).toBe(0);
  expect(driftIssues()).toEqual([]);

  await createHands(world).assign("Admin", "222222222222", "GROUP", "Team");
  await settled(world);
  expect((await job("schedule", "drift", "--issue")).exitCode).toBe(2);
  expect(driftIssues().map(({ state }) => state)).toEqual(["open"]);
  const { body } = driftIssues()[0] ?? {};
  expect(body).toContain("222222222222");
  const told = github.comments.length;
  expect((await job("schedule", "drift", "--issue")).exitCode).toBe(2);
  expect(driftIssues().map((issue) => issue.body)).toEqual([body]);
  expect(github.comments).toHaveLength(told);
  expect(world.instance.assignments).toHaveLength(2);

  expect((await job("push", "apply", "--auto-approve")).exitCode).toBe(0);
  expect((await job("schedule", "drift", "--issue")).exitCode).toBe(0);
  expect(driftIssues().map(({ state }) => state)).toEqual(["closed"]);
});
