/**
 * The note with the plan on a GitLab merge request: the built command in the environment of a GitLab job, a sandbox and
 * a GitLab server over loopback. gitlab-pipeline.test.ts has the loop around it.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runGitLabJob } from "../support/forge-job.ts";
import { type GitLabServer, rateLimited, startGitLab } from "../support/gitlab-server.ts";
import type { Run } from "../support/reconcile.ts";
import { teamManifest } from "../support/team-manifest.ts";
import { createWorld, type World } from "../support/world.ts";
import { githubHtml } from "../unit/report/support/github-markdown.ts";
import { gitlabReferencesIn } from "../unit/report/support/gitlab-references.ts";

let world: World;
let gitlab: GitLabServer;
beforeEach(async () => {
  world = await createWorld();
  gitlab = await startGitLab();
  gitlab.setHead(commits.first);
});
afterEach(async () => {
  await gitlab.close();
  await world.close();
});

const commits = { first: "a".repeat(40), second: "b".repeat(40), merged: "c".repeat(40) };

/** Runs a command in a job of the merge request's pipeline. */
const job = (
  args: readonly string[],
  { sha = commits.first, env = {} }: { sha?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Run> =>
  runGitLabJob(world, gitlab, { event: "merge_request_event", sha, variables: env }, ...args);
const plan = (options?: Parameters<typeof job>[1]) =>
  job(["plan", "--comment", "--out", "plan.json"], options);
const comment = (options?: Parameters<typeof job>[1]) => job(["comment", "--plan", "plan.json"], options);
const bodies = () => gitlab.notes.map(({ body }) => body);
const writes = () => gitlab.log.filter((line) => /^(POST|PUT|DELETE) /.test(line));
const [theNotes, theUser] = ["/api/v4/projects/42/merge_requests/7/notes", "/api/v4/user"];

describe("a merge request", () => {
  beforeEach(() => world.write("access.yaml", teamManifest(["production"])));

  it("has one note, which follows the plan, and is left where it says the same", async () => {
    gitlab.addNote("merge_requests/7", 900, "changed the description", true);
    gitlab.addNote("merge_requests/7", 7, "<!-- reconcile:comment key=acme --> I wrote this");
    const opened = await plan();
    expect(opened.stderr).toMatch(
      /^Comment \(https:\/\/gitlab\.example\/acme\/access\/-\/merge_requests\/7#note_\d+\): created\.$/m,
    );
    expect(opened.exitCode).toBe(0);
    expect(bodies()).toHaveLength(3);
    expect(bodies()[2]).toContain("production");
    expect(bodies()[2]).toContain(`commit ${commits.first}`);
    expect(bodies()[2]).toContain("https://gitlab.example/acme/access/-/pipelines/9");

    const before = writes();
    expect((await comment()).stderr).toContain("already says this.");
    expect(writes()).toEqual(before);

    await world.write("access.yaml", teamManifest(["production", "development"]));
    gitlab.setHead(commits.second);
    expect((await plan({ sha: commits.second })).stderr).toContain("updated.");
    expect(bodies()).toHaveLength(3);
    expect(bodies()[2]).toContain("development");
    expect(gitlab.notes.map(({ author }) => author)).toEqual([900, 7, 900]);
  });

  it("keeps the newest words: not an older plan's, nor a plan's of an older commit", async () => {
    expect((await job(["plan", "--out", "plan.json"])).exitCode).toBe(0);
    await world.write("access.yaml", teamManifest(["development"]));
    expect((await job(["plan", "--comment"])).exitCode).toBe(0);
    const newest = bodies();
    const late = await comment();
    expect(late.stderr).toContain("left alone, because a newer run has written it");
    expect(late.exitCode).toBe(0);

    gitlab.setHead(commits.second);
    const old = await plan();
    expect(old.stderr).toContain(
      `this run is for commit ${commits.first}, and the merge request is at ${commits.second}`,
    );
    expect(old.exitCode).toBe(0);
    expect(bodies()).toEqual(newest);
  });

  it("is at its branch's commit, though the pipeline is of what the merge will be", async () => {
    const env = {
      CI_MERGE_REQUEST_EVENT_TYPE: "merged_result",
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: commits.first,
    };
    expect((await plan({ sha: commits.merged, env })).stderr).toContain("created.");
    expect(bodies()).toEqual([expect.stringContaining(`commit ${commits.first}`)]);
  });

  it("has one note in the end where two jobs make it at the same time", async () => {
    let waiting = 0;
    let letBoth: () => void = () => undefined;
    const both = new Promise<null>((resolve) => {
      letBoth = () => resolve(null);
    });
    gitlab.faults.push((call) => {
      if (call.method !== "POST" || call.path !== theNotes) return null;
      waiting += 1;
      if (waiting === 2) letBoth();
      return both;
    });
    const runs = await Promise.all([job(["plan", "--comment"]), job(["plan", "--comment"])]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(writes().filter((line) => line === `POST ${theNotes}`)).toHaveLength(2);
    expect(bodies()).toHaveLength(1);
  });

  it("gets its note through a rate limit, a bad gateway and a lost reply, and only one", async () => {
    const faults = [rateLimited(1), { status: 502, body: "<html></html>" }, "lost"] as const;
    let met = 0;
    gitlab.faults.push(({ path, method }) => {
      if (path !== theNotes || method !== "POST") return null;
      met += 1;
      return faults[met - 1] ?? null;
    });
    const { exitCode, stderr } = await plan();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("created.");
    expect(bodies()).toHaveLength(1);
    expect(met).toBe(3);
  });

  it("has its note found again on the third page", async () => {
    for (let count = 0; count < 230; count += 1) gitlab.addNote("merge_requests/7", 7, `note ${count}`);
    expect((await plan()).stderr).toContain("created.");
    expect((await comment()).stderr).toContain("already says this.");
    expect(bodies()).toHaveLength(231);
  });

  it("is told what is wrong with the manifest, where the plan stood", async () => {
    expect((await plan()).exitCode).toBe(0);
    await world.write("access.yaml", "version: 1\nname: acme\ngroups:\n  Team: {descripton: '@all'}\n");
    const { exitCode, stderr } = await plan();
    expect(exitCode).toBe(3);
    expect(stderr).toContain("updated.");
    expect(bodies()).toEqual([expect.stringContaining("## The manifest is not valid: 1 error")]);
  });
});

describe("names and texts have no effect", () => {
  const hostile = [
    "<img src=x onerror=alert(1)> @all",
    '~bug ~"two words" %v1 !1 &1 $1 GL-1 #1',
    "[[_TOC_]] [TOC]",
    "ACCESS-12 %{project_path} {+ added +}",
    "[issue:1] *iteration:1 acme/access>",
  ];

  // githubHtml takes any other link for one that a name has made.
  const env = { CI_PIPELINE_URL: "https://ci.example.com/9" };
  /** What is found in the note, less the run's own commit. */
  const found = (): readonly string[] => {
    expect(bodies()).toHaveLength(1);
    const [body = ""] = bodies();
    return gitlabReferencesIn(githubHtml(body.slice(body.indexOf("\n") + 1))).filter(
      (each) => each !== commits.first,
    );
  };

  it.each([...hostile, "/close", "/merge"])("%j", async (name) => {
    await world.write("access.yaml", {
      ...teamManifest(["production"], name),
      groups: { [name]: { description: `\n/close\n/merge\n${name}` } },
      users: { jane: { givenName: name, familyName: "/close", displayName: "/merge" } },
    });
    const { exitCode, stderr } = await plan({ env });
    expect(exitCode, stderr).toBe(0);
    expect(found()).toEqual([]);
    expect(gitlab.quickActions).toEqual([]);
  });

  it("not in what is said of a manifest that is not valid either", async () => {
    const name = `/close\n/merge ${hostile.join(" ")}`;
    await world.write("access.yaml", { version: 1, name: "acme", groups: { [name]: { [name]: "@all" } } });
    expect((await plan({ env })).exitCode).toBe(3);
    expect(found()).toEqual([]);
    expect(gitlab.quickActions).toEqual([]);
  });
});

describe("where no note can be kept", () => {
  beforeEach(() => world.write("access.yaml", teamManifest(["production"])));

  it("the plan is in the log, and why, if the token may not write it: no failure", async () => {
    gitlab.users.set("glpat-project", { id: 900, readOnly: true });
    const { stdout, stderr, exitCode } = await plan();
    expect(exitCode).toBe(0);
    expect(bodies()).toEqual([]);
    expect(stderr).toMatch(
      /^No comment: the token may not write it\. It needs the scope api and the role Reporter or higher\..* It is only in the log\.$/m,
    );
    expect(stdout).toContain("create Team");
    // A plan that is only in its file is printed.
    const later = await comment();
    expect(later.exitCode).toBe(0);
    expect(later.stdout).toMatch(/^## .*\n[^]*production/);
  });

  it("the same in the pipeline of a fork, which has no token", async () => {
    const env = { GITLAB_TOKEN: "", CI_PROJECT_ID: "43", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "43" };
    const { stdout, stderr, exitCode } = await plan({ env });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      "No comment: the merge request comes from a fork, whose pipelines do not get this project's variables. It is only in the log.",
    );
    expect(stdout).toContain("create Team");
    expect(gitlab.log).toEqual([]);
    await world.write("access.yaml", "version: 1\nname: acme\ngroups: 7\n");
    const invalid = await plan({ env });
    expect(invalid.exitCode).toBe(3);
    expect(invalid.stderr).toContain("No comment: the merge request comes from a fork");
  });

  it("a token that is missing is asked for before anything is read", async () => {
    const { stdout, stderr, exitCode } = await plan({ env: { GITLAB_TOKEN: "" } });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
    expect(stderr).toMatch(/error\[forge-token\].*GITLAB_TOKEN is not set/);
    expect(stderr.replace(/\s+/g, " ")).toContain("not protected");
    expect(world.log.filter(({ event }) => event === "request")).toEqual([]);
  });

  it.each([
    ["401: it has expired", theUser, 401, "forge-unauthorized"],
    ["404: it may not see the merge request", theNotes, 404, "forge-not-found"],
  ])("%s, which is for somebody to mend", async (_, path, status, code) => {
    gitlab.faults.push((call) => (call.path === path ? { status, body: { message: "no" } } : null));
    const { stdout, stderr, exitCode } = await plan();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`error[${code}]`);
    expect(stdout).toContain("create Team");
    expect(stderr + stdout).not.toContain("glpat-project");
  });

  it("a branch's pipeline belongs to no merge request", async () => {
    const { stderr, exitCode } = await plan({ env: { CI_MERGE_REQUEST_IID: "" } });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("error[no-pull-request]");
    expect(stderr).toContain("merge_request_event");
  });
});
