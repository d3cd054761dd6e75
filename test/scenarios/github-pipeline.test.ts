/**
 * examples/workflows for GitHub: their jobs run step by step as GitHub's runner would, with the action from its files and
 * the built command.
 */
import { CreateGroupCommand } from "@aws-sdk/client-identitystore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import { startForgeServer } from "../support/forge-server.ts";
import type { JobResult, WorkflowRun } from "../support/github-runner.ts";
import type { GitHubServer } from "../support/github-server.ts";
import {
  byHand,
  createGitHubWorld,
  type GitHubWorld,
  main,
  pullRequest,
  schedule,
} from "../support/github-world.ts";
import { createHands } from "../support/hands.ts";
import { settled } from "../support/settled.ts";
import type { WebIdentity } from "../support/web-identity.ts";
import { teamManifest } from "../support/team-manifest.ts";
import type { World } from "../support/world.ts";

let place: GitHubWorld;
let world: World;
let github: GitHubServer;
let aws: WebIdentity;
beforeEach(async () => {
  place = await createGitHubWorld();
  ({ world, github, aws } = place);
});
afterEach(() => place.close());

const expectDone = ({ result, log }: JobResult): void => expect(result, log).toBe("success");

describe("plan.yml", () => {
  it("comments on the pull request, with the role that reads", async () => {
    const run = await place.start("plan.yml", pullRequest);
    expectDone(await run.job("plan"));
    expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining("production")]);
    for (const key of place.signers("ListPermissionSets")) expect(key).toContain("reconcile-read");
    expect(world.instance.groups).toEqual([]);
  });
});

describe("apply.yml", () => {
  /** The pull request that becomes the commit on main shows its plan. */
  const show = async (): Promise<void> =>
    expectDone(await (await place.start("plan.yml", pullRequest)).job("plan"));

  it("applies at once what the pull request has shown", async () => {
    await show();
    place.reviewers = false;
    const run = await place.start("apply.yml", main);
    expectDone(await run.job("plan"));
    const applied = await run.job("apply");
    expectDone(applied);
    expect(applied.environment).toBe("identity-center");
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("asks where access was changed since, and applies what was approved then", async () => {
    const before = await place.start("apply.yml", main);
    await before.job("plan");
    expectDone(await before.job("apply"));
    await world.write("access.yaml", teamManifest(["production", "development"]));
    await show();
    await createHands(world).assign("Admin", "333333333333", "GROUP", "Team");
    await settled(world);
    const run = await place.start("apply.yml", main);
    const planned = await run.job("plan");
    expectDone(planned);
    expect(planned.log).toContain("Not the reviewed plan");
    const applied = await run.job("apply");
    expectDone(applied);
    expect(applied.environment).toBe("identity-center-approval");
    expect(world.instance.assignments).toHaveLength(2);
  });

  it("does nothing that nobody has seen where there is nobody to ask", async () => {
    place.reviewers = false;
    const run = await place.start("apply.yml", main);
    const planned = await run.job("plan");
    expect(planned.result).toBe("failure");
    expect(planned.log).toMatch(
      /^::error::The environment identity-center-approval has no required reviewers/m,
    );
    expect((await run.job("apply")).result).toBe("skipped");
    github.faults.length = 0;
    expect((await (await place.start("apply.yml", main)).job("plan")).result).toBe("failure");
  });

  it("plans again after the merge, and applies just that with the role that writes", async () => {
    const run = await place.start("apply.yml", main);
    expectDone(await run.job("plan"));
    expect(world.instance.assignments).toEqual([]);
    expectDone(await run.job("apply"));
    expect(world.instance.assignments).toHaveLength(1);
    for (const key of place.signers("CreateAccountAssignment")) expect(key).toContain("reconcile-write");
    expect(await run.artifact("audit-1")).toEqual({ "audit.jsonl": expect.stringContaining("Admin") });

    const again = await place.start("apply.yml", main);
    expectDone(await again.job("plan"));
    expect((await again.job("apply")).result).toBe("skipped");
  });

  it("carries on where it broke off when it is run again, and keeps the trail of both", async () => {
    const proxy = await startDenyingProxy(aws.url, "CreateAccountAssignment", "");
    place.awsUrl = proxy.url;
    const run = await place.start("apply.yml", main);
    expectDone(await run.job("plan"));
    expect((await run.job("apply")).result).toBe("failure");
    await proxy.close();
    place.awsUrl = aws.url;
    run.rerun();
    const second = await run.job("apply");
    expectDone(second);
    expect(second.log).toContain("changes of this plan were done by an earlier run");
    expect(world.instance.assignments).toHaveLength(1);
    const [first, both] = [await run.artifact("audit-1"), await run.artifact("audit-2")];
    expect(both["audit.jsonl"]?.startsWith(first["audit.jsonl"] ?? "none")).toBe(true);
    expect(both["audit.jsonl"]).not.toBe(first["audit.jsonl"]);
  });

  it("does nothing where somebody has changed access since the plan", async () => {
    const run = await place.start("apply.yml", main);
    expectDone(await run.job("plan"));
    const { IdentityStoreId } = world.instance;
    await world.store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: "Team" }));
    const stale = await run.job("apply");
    expect(stale.result).toBe("failure");
    expect(stale.log).toContain("group/Team");
    expect(world.instance.assignments).toEqual([]);
  });

  it("needs no other change for a manifest in a folder of its own", async () => {
    await world.write("iam/prod/access.yaml", teamManifest(["development"]));
    const change = (text: string) =>
      text.replaceAll("region: us-east-1", "region: us-east-1\n          working-directory: iam/prod");
    const run = await place.start("apply.yml", main, change);
    expectDone(await run.job("plan"));
    expectDone(await run.job("apply"));
    expect(world.instance.assignments.map(({ AccountId }) => AccountId)).toEqual(["222222222222"]);
    expect(await run.artifact("audit-1")).toEqual({ "audit.jsonl": expect.stringContaining("Admin") });
  });

  it("takes no trail from what is checked out", async () => {
    await world.write(".reconcile/journal.jsonl", "not a journal\n");
    await world.write("reconcile-trail/journal.jsonl", "not a journal\n");
    const run = await place.start("apply.yml", main);
    expectDone(await run.job("plan"));
    expectDone(await run.job("apply"));
  });
});

describe("drift.yml", () => {
  const issues = () => github.issues.filter(({ isPullRequest }) => !isPullRequest);
  const drift = (change?: (text: string) => string): Promise<WorkflowRun> =>
    place.start("drift.yml", schedule, change);
  beforeEach(async () => {
    const apply = await place.start("apply.yml", main);
    await apply.job("plan");
    expectDone(await apply.job("apply"));
  });
  const assignByHand = async (): Promise<void> => {
    await createHands(world).assign("Admin", "222222222222", "GROUP", "Team");
    await settled(world);
  };

  it("keeps one issue, and the run green: the issue tells", async () => {
    expectDone(await (await drift()).job("drift"));
    expect(issues()).toEqual([]);
    await assignByHand();
    expectDone(await (await drift()).job("drift"));
    expectDone(await (await drift()).job("drift"));
    expect(issues().map(({ state }) => state)).toEqual(["open"]);
  });

  it("keeps a patch that accepts it, and apply.yml repairs it once that is approved", async () => {
    await assignByHand();
    const run = await drift();
    expectDone(await run.job("drift"));
    expect(await run.artifact("drift")).toEqual({
      "reconcile-repair.json": expect.stringContaining("222222222222"),
      "accept.patch": expect.stringMatching(/^\+.*(development|222222222222)/m),
    });
    const repair = await place.start("apply.yml", byHand);
    expectDone(await repair.job("plan"));
    const repaired = await repair.job("apply");
    expectDone(repaired);
    expect(repaired.environment).toBe("identity-center-approval");
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("says who did it and tells a chat, as its comments show, and prints nothing of the address", async () => {
    await assignByHand();
    const chat = await startForgeServer(() => ({ status: 200, body: "ok" }));
    place.secrets = { DRIFT_WEBHOOK: `${chat.url}/services/T-secret` };
    const run = await drift((text) => text.replace(/# (who|webhook):/g, "$1:"));
    const { log, result } = await run.job("drift");
    await chat.close();
    expect(result, log).toBe("success");
    expect(chat.log).toEqual(["POST /services/T-secret"]);
    expect(log).toContain("CreateAccountAssignment by");
    expect(log).not.toContain("T-secret");
  });
});
