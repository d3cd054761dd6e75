/**
 * examples/workflows/gitlab-ci.yml: that GitLab would take it, and its jobs run line by line as GitLab's runner would,
 * with the built command, a sandbox behind an STS that takes OpenID Connect tokens, and a GitLab server over loopback.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import { parse } from "yaml";
import {
  type Event,
  type Job,
  type Pipeline,
  type PipelineFile,
  startPipeline,
  type Variables,
  variablesOf,
} from "../support/gitlab-runner.ts";
import { type GitLabServer, startGitLab } from "../support/gitlab-server.ts";
import { createHands } from "../support/hands.ts";
import { root } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { teamManifest } from "../support/team-manifest.ts";
import { startWebIdentity, type WebIdentity } from "../support/web-identity.ts";
import { createWorld, type World } from "../support/world.ts";

const text = await readFile(join(root, "examples/workflows/gitlab-ci.yml"), "utf8");
const {
  stages,
  default: byDefault,
  ...jobs
} = parse(text) as Omit<PipelineFile, "jobs"> & {
  readonly [job: string]: unknown;
};
const file: PipelineFile = { stages, default: byDefault, jobs: jobs as unknown as PipelineFile["jobs"] };

let world: World;
let gitlab: GitLabServer;
let aws: WebIdentity;
let pipelines: Pipeline[];
beforeEach(async () => {
  world = await createWorld();
  gitlab = await startGitLab();
  gitlab.setHead(sha);
  gitlab.merge({ merge_commit_sha: sha });
  // As the roles' trust policies would have it: the one that writes is for the job that applies.
  aws = await startWebIdentity(
    world.sandbox.url,
    ({ token, roleArn }) =>
      token === `https://gitlab.com ${roleArn.endsWith("-write") ? "apply" : token.split(" ")[1]}`,
  );
  pipelines = [];
  await world.write("access.yaml", teamManifest(["production"]));
});
afterEach(async () => {
  for (const each of pipelines) await each.close();
  await aws.close();
  await gitlab.close();
  await world.close();
});

const sha = "a".repeat(40);

const start = async (event: Event, more: Variables = {}): Promise<Pipeline> => {
  const variables = { ...variablesOf(event, gitlab.apiUrl, sha), AWS_ENDPOINT_URL: aws.url, ...more };
  const pipeline = await startPipeline(file, { repository: world.folder, variables });
  pipelines.push(pipeline);
  return pipeline;
};
/** The keys that signed such requests, without the numbers of their signing in. */
const signersOf = (operation: string): unknown[] => [
  ...new Set(
    world.log.flatMap((entry) =>
      entry.event === "request" && entry.operation === operation
        ? [String(entry.accessKeyId).replace(/-\d+$/, "")]
        : [],
    ),
  ),
];

it("has only keywords that GitLab knows, and stages that there are", () => {
  expect(Object.keys(byDefault)).toEqual(["image", "id_tokens", "before_script"]);
  for (const { aud } of Object.values(byDefault.id_tokens)) expect(aud).toMatch(/^https:/);
  for (const [name, job] of Object.entries<Job>(file.jobs)) {
    expect(stages, name).toContain(job.stage);
    for (const key of Object.keys(job)) expect(keywords.get(key), `${name}: ${key}`).toBeDefined();
    for (const [key, value] of Object.entries(job))
      expect(shapeOf(value), `${name}: ${key}`).toBe(keywords.get(key));
    for (const { if: condition, ...rule } of job.rules) {
      expect(condition).toMatch(/^\$/);
      expect(Object.entries(rule).filter(([key, value]) => key !== "when" || value !== "manual")).toEqual([]);
    }
    for (const line of [...byDefault.before_script, ...job.script]) expect(typeof line).toBe("string");
  }
});

const keywords: ReadonlyMap<string, string> = new Map([
  ["stage", "string"],
  ["rules", "array"],
  ["variables", "object"],
  ["script", "array"],
  ["artifacts", "object"],
  ["cache", "object"],
  ["environment", "string"],
  ["resource_group", "string"],
  ["allow_failure", "object"],
]);

const shapeOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);

it.each([
  ["merge_request_event", ["plan"]],
  ["push", ["plan", "apply"]],
  ["web", ["plan", "apply"]],
  ["schedule", ["drift"]],
] as const)("%s runs %j", async (event, expected) => {
  expect((await start(event)).jobs).toEqual(expected);
});

it("the push of a branch, which has a pipeline of its merge request, runs nothing", async () => {
  for (const event of ["push", "web"] as const)
    expect((await start(event, { CI_COMMIT_BRANCH: "feature" })).jobs).toEqual([]);
});

describe("its jobs", () => {
  it("plan for the merge request with the role that reads, which AWS gives for GitLab's token", async () => {
    const pipeline = await start("merge_request_event");
    const { stderr, exitCode } = await pipeline.run("plan");
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(
      /^Comment \(https:\/\/gitlab\.example\/acme\/access\/-\/merge_requests\/7#note_\d+\): created\.$/m,
    );
    expect(gitlab.notes.map(({ body }) => body)).toEqual([expect.stringContaining("production")]);
    expect(new Set(aws.signIns.map((each) => JSON.stringify(each)))).toEqual(
      new Set([
        JSON.stringify({
          token: "https://gitlab.com plan",
          roleArn: "arn:aws:iam::111122223333:role/reconcile-read",
          sessionName: "reconcile-9",
        }),
      ]),
    );
    expect(signersOf("ListPermissionSets")).toEqual(["ASIA-reconcile-read"]);
    expect(world.instance.groups).toEqual([]);
  });

  it("apply, after the merge, the plan of the job before, with the role that writes", async () => {
    const pipeline = await start("push");
    const planned = await pipeline.run("plan");
    expect(planned.exitCode, planned.stderr).toBe(0);
    expect(planned.stderr).toContain("Not known to be reviewed: !7: the merge request has no comment");
    const applied = await pipeline.run("apply");
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(world.instance.assignments).toHaveLength(1);
    expect(signersOf("CreateAccountAssignment")).toEqual(["ASIA-reconcile-write"]);
    const again = await pipeline.run("apply");
    expect(again.exitCode, again.stderr).toBe(0);
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("say after the merge whether the plan is the one that the merge request showed", async () => {
    expect((await (await start("merge_request_event")).run("plan")).exitCode).toBe(0);
    const { stderr } = await (await start("push")).run("plan");
    expect(stderr).toContain("Reviewed: exactly this plan was shown on !7");
    expect(gitlab.notes).toHaveLength(1);
  });

  it("carry on where they are retried: what was done before is in the cache", async () => {
    const pipeline = await start("push");
    await pipeline.run("plan");
    const proxy = await startDenyingProxy(aws.url, "CreateAccountAssignment", "");
    const broken = await pipeline.run("apply", { AWS_ENDPOINT_URL: proxy.url });
    await proxy.close();
    expect(broken.exitCode, broken.stderr).toBe(6);
    const { exitCode, stdout, stderr } = await pipeline.run("apply");
    expect(exitCode, stderr).toBe(0);
    expect(`${stdout}${stderr}`).toContain("changes of this plan were done by an earlier run");
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("do not apply a plan that somebody's change has overtaken, nor one for which there is no file", async () => {
    const pipeline = await start("push");
    expect((await pipeline.run("apply")).exitCode).toBe(3);
    expect((await pipeline.run("plan")).exitCode).toBe(0);
    await world.write("access.yaml", teamManifest(["production", "development"]));
    expect((await (await start("push")).run("plan")).exitCode).toBe(0);
    const other = await start("push");
    await other.run("plan");
    expect((await other.run("apply")).exitCode).toBe(0);
    const stale = await pipeline.run("apply");
    expect(stale.stderr).toContain("error[");
    expect(stale.exitCode).toBe(5);
  });

  it("keep one issue as long as there is drift, and mark the job with the exit code that may be", async () => {
    const pipeline = await start("push");
    await pipeline.run("plan");
    expect((await pipeline.run("apply")).exitCode).toBe(0);
    const drift = async () => {
      const { exitCode, stderr } = await (await start("schedule")).run("drift");
      return { exitCode, told: /^Issue.*: (\w+)\.$/m.exec(stderr)?.[1] };
    };
    expect(await drift()).toEqual({ exitCode: 0, told: "nothing" });
    expect(gitlab.issues).toEqual([]);

    const hands = createHands(world);
    await hands.assign("Admin", "222222222222", "GROUP", "Team");
    await settled(world);
    const { exit_codes: marked } = file.jobs.drift?.allow_failure ?? {};
    expect(await drift()).toEqual({ exitCode: marked, told: "opened" });
    expect(gitlab.issues).toMatchObject([
      {
        state: "opened",
        labels: ["access-drift"],
        title: expect.stringMatching(/^Access drift in acme \(ssoins-/),
      },
    ]);
    expect(gitlab.issues[0]?.description).toContain("222222222222");

    const writes = () => gitlab.log.filter((line) => /^(POST|PUT|DELETE)/.test(line)).length;
    const before = writes();
    expect(await drift()).toEqual({ exitCode: marked, told: "untouched" });
    expect(writes()).toBe(before);
    expect(world.instance.assignments).toHaveLength(2);

    await hands.updateGroup("Team", { AttributePath: "description", AttributeValue: "other" });
    expect(await drift()).toEqual({ exitCode: marked, told: "updated" });
    expect(gitlab.notes).toMatchObject([
      { thread: "issues/1", body: expect.stringContaining("The drift has changed") },
    ]);

    const repair = await start("push");
    await repair.run("plan");
    expect((await repair.run("apply")).exitCode).toBe(0);
    expect(await drift()).toEqual({ exitCode: 0, told: "closed" });
    expect(gitlab.issues.map(({ state }) => state)).toEqual(["closed"]);

    await hands.assign("Admin", "222222222222", "GROUP", "Team");
    await settled(world);
    expect(await drift()).toEqual({ exitCode: marked, told: "reopened" });
    expect(gitlab.issues.map(({ state }) => state)).toEqual(["opened"]);
    expect(gitlab.quickActions).toEqual([]);
  });

  it("sign in again with the token of the job where keys run out: it lives as long as the job may run", async () => {
    const pipeline = await start("push");
    expect((await pipeline.run("plan")).exitCode).toBe(0);
    // The SDK wants new keys five minutes before the old ones are no longer good.
    aws.lifetimes.push(60);
    const before = aws.signIns.length;
    aws.hold = { operation: "CreateGroup", until: aws.signedIn(before + 2) };
    const applied = await pipeline.run("apply");
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(aws.signIns.slice(before).map(({ token }) => token)).toEqual([
      "https://gitlab.com apply",
      "https://gitlab.com apply",
    ]);
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("fail where nothing is to change because something could not be read", async () => {
    await world.write("access.yaml", teamManifest(["production", "development"]));
    const first = await start("push");
    await first.run("plan");
    expect((await first.run("apply")).exitCode).toBe(0);
    const proxy = await startDenyingProxy(aws.url, "ListAccountAssignments", "222222222222");
    const unread = await (await start("push")).run("plan", { AWS_ENDPOINT_URL: proxy.url });
    await proxy.close();
    expect(unread.stdout).toContain("No changes in what could be read.");
    expect(unread.stderr).toMatch(/Exit code 1: not everything could be read/);
    expect(unread.exitCode).toBe(1);
    expect((await (await start("push")).run("plan")).exitCode).toBe(0);
  });

  it("leave a patch that keeps the drift, and undo it in a pipeline that is started by hand", async () => {
    const first = await start("push");
    await first.run("plan");
    expect((await first.run("apply")).exitCode).toBe(0);
    await createHands(world).assign("Admin", "222222222222", "GROUP", "Team");
    await settled(world);
    const drift = await start("schedule");
    expect((await drift.run("drift")).exitCode).toBe(2);
    expect(await readFile(join(drift.artifactsOf("drift"), "accept.patch"), "utf8")).toMatch(
      /^\+.*(development|222222222222)/m,
    );
    const undo = await start("web");
    await undo.run("plan");
    expect((await undo.run("apply")).exitCode).toBe(0);
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("apply nothing of an old pipeline, once the branch has moved on", async () => {
    const pipeline = await start("push");
    expect((await pipeline.run("plan")).exitCode).toBe(0);
    const { exitCode, stdout } = await pipeline.run("apply", { LATEST_COMMIT: "b".repeat(40) });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 5,
      stdout: "main is at another commit by now, so that nothing is applied.\n",
    });
    expect(world.instance.groups).toEqual([]);
  });

  it("say that AWS takes no token where the role does not trust it", async () => {
    const pipeline = await start("merge_request_event", { AWS_ENDPOINT_URL: aws.url });
    const { stderr, exitCode } = await pipeline.run("plan", {
      AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/reconcile-write",
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("AssumeRoleWithWebIdentity");
    expect(world.log.filter(({ event }) => event === "request")).toEqual([]);
  });

  it("print neither a token nor the key of a role", async () => {
    const pipeline = await start("push");
    const runs = [
      await pipeline.run("plan"),
      await pipeline.run("apply"),
      await (await start("schedule")).run("drift"),
    ];
    for (const { stdout, stderr } of runs)
      expect(stdout + stderr).not.toMatch(
        /glpat|token-that|https:\/\/gitlab\.com plan|ASIA|of-a-role|\u001b/,
      );
  });
});
