/**
 * From the comment to the apply after the merge: the plan that is made again is known as the reviewed one, or is told
 * from it. The built command as jobs of GitHub Actions and GitLab CI, a sandbox and the forges over loopback.
 */
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runGitHubJob, runGitLabJob, stepFiles } from "../support/forge-job.ts";
import { startGitLab } from "../support/gitlab-server.ts";
import { type GitHubServer, member, startGitHub } from "../support/github-server.ts";
import { createHands } from "../support/hands.ts";
import type { Run } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { teamManifest } from "../support/team-manifest.ts";
import { createWorld, type World } from "../support/world.ts";

const head = "a".repeat(40);
const merged = "c".repeat(40);

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.write("access.yaml", teamManifest(["production"]));
});
afterEach(() => world.close());

describe("on GitHub", () => {
  let github: GitHubServer;
  beforeEach(async () => {
    github = await startGitHub();
    github.addIssue({ isPullRequest: true, head });
  });
  afterEach(() => github.close());

  const job = async (event: "pull_request" | "push", ...args: string[]): Promise<Run> => {
    await world.write(stepFiles.summary, "");
    await world.write(stepFiles.output, "");
    const sha = event === "push" ? merged : "b".repeat(40);
    return runGitHubJob(world, github, { event, head, sha }, ...args);
  };
  const comment = () => job("pull_request", "plan", "--comment");
  const merge = (): void => {
    const [pull] = github.issues;
    if (pull !== undefined) pull.mergedAs = merged;
  };
  const planAgain = () => job("push", "plan", "--reviewed", "--out", "plan.json", "--format", "github");
  const reviewed = async (): Promise<string | undefined> =>
    /^reviewed<<(.*)\n(.*)\n\1$/m.exec(await readFile(`${world.folder}/${stepFiles.output}`, "utf8"))?.[2];
  const summary = () => readFile(`${world.folder}/${stepFiles.summary}`, "utf8");

  it("is the reviewed one where nothing has moved, and is applied as it was shown", async () => {
    expect((await comment()).exitCode).toBe(0);
    merge();
    const again = await planAgain();
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain(
      "Reviewed: exactly this plan was shown on #1 (https://github.com/acme/access/pull/1).\n",
    );
    expect(await reviewed()).toBe("true");
    expect(await summary()).toMatch(
      /\*\*Reviewed:\*\* exactly this plan was shown on .*\(\[look at it\]\(<https:\/\/github\.com\/acme\/access\/pull\/1>\)\)\./,
    );
    expect((await job("push", "apply", "--plan", "plan.json")).exitCode).toBe(0);
    expect(world.instance.assignments).toHaveLength(1);
    expect((await planAgain()).stderr).not.toContain("eviewed");
    expect(await reviewed()).toBe("false");
  });

  it("is another one where access was changed by hand meanwhile, and whoever approves reads so", async () => {
    expect((await job("push", "apply", "--auto-approve")).exitCode).toBe(0);
    await world.write("access.yaml", teamManifest(["production", "development"]));
    expect((await comment()).exitCode).toBe(0);
    await createHands(world).assign("Admin", "333333333333", "GROUP", "Team");
    await settled(world);
    merge();
    expect((await planAgain()).stderr).toContain("Not the reviewed plan: another one was shown on #1;");
    expect(await reviewed()).toBe("false");
    expect(await summary()).toMatch(
      /⚠️ \*\*Not the reviewed plan:\*\* another one was shown on .* Read this plan before you approve it\./,
    );
    expect(await summary()).toContain("press **Review deployments** on the page of this run");
  });

  it("is another one where something else was merged", async () => {
    expect((await comment()).exitCode).toBe(0);
    merge();
    await world.write("access.yaml", teamManifest(["development"]));
    expect((await planAgain()).exitCode).toBe(0);
    expect(await reviewed()).toBe("false");
  });

  it("is not known to be reviewed where a member has edited the comment", async () => {
    expect((await comment()).exitCode).toBe(0);
    const [first] = github.comments;
    if (first !== undefined) first.editedBy = member.id;
    merge();
    expect((await planAgain()).stderr).toContain(
      "Not known to be reviewed: #1: its comment was edited by somebody else (https://github.com/acme/access/pull/1).\n",
    );
    expect(await reviewed()).toBe("false");
  });

  it("of a plan that a guard refused is not reviewed, though it is allowed now", async () => {
    await world.write("access.yaml", teamManifest(["production", "development"]));
    expect((await job("push", "apply", "--auto-approve")).exitCode).toBe(0);
    const guards = { maxRemovals: { percent: 0, floor: 0 } };
    await world.write("access.yaml", { ...teamManifest(["production"]), guards });
    const refused = await comment();
    expect(refused.exitCode, refused.stderr).toBe(4);
    merge();
    const allow = /--allow (\S+)/.exec(refused.stdout)?.[1] ?? "";
    const allowed = await job("push", "plan", "--reviewed", "--allow", allow);
    expect(allowed.exitCode, allowed.stderr).toBe(0);
    expect(allowed.stderr).toContain("#1: its comment shows no plan that could be approved");
    expect(await reviewed()).toBe("false");
  });

  it("can not be asked for before the merge, nor outside of a pipeline", async () => {
    const early = await job("pull_request", "plan", "--reviewed");
    expect(early.exitCode).toBe(3);
    expect(early.stderr).toContain("error[not-merged-yet]");
    const elsewhere = await world.run("plan", "--reviewed");
    expect(elsewhere.exitCode).toBe(3);
    expect(elsewhere.stderr).toContain("error[no-forge]");
    expect(world.log).toEqual([]);
  });
});

it("on GitLab, too, the plan that the merge request showed is known again", async () => {
  const gitlab = await startGitLab();
  gitlab.setHead(head);
  const job = (event: "merge_request_event" | "push", sha: string, ...args: string[]): Promise<Run> =>
    runGitLabJob(world, gitlab, { event, sha }, ...args);
  expect((await job("merge_request_event", head, "plan", "--comment")).exitCode).toBe(0);
  gitlab.merge({ merge_commit_sha: merged });
  const again = await job("push", merged, "plan", "--reviewed");
  await gitlab.close();
  expect(again.exitCode).toBe(0);
  expect(again.stderr).toContain(
    "Reviewed: exactly this plan was shown on !7 (https://gitlab.example/acme/access/-/merge_requests/7).\n",
  );
});
