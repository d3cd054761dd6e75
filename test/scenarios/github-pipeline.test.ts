/**
 * examples/workflows for GitHub: their jobs run step by step as GitHub's runner would, with the action from its files,
 * the built command, a sandbox behind an STS that trusts as examples/aws/roles.yaml says, and a GitHub over loopback.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateGroupCommand } from "@aws-sdk/client-identitystore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import {
  type JobResult,
  type Occasion,
  startWorkflow,
  type Workflow,
  type WorkflowRun,
} from "../support/github-runner.ts";
import { actionsBot, type GitHubServer, startGitHub } from "../support/github-server.ts";
import { startForgeServer } from "../support/forge-server.ts";
import { createHands } from "../support/hands.ts";
import { claimsOf, type IdTokens, startIdTokens } from "../support/id-tokens.ts";
import { pipelineRoles } from "../support/pipeline-roles.ts";
import { root } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { startWebIdentity, type WebIdentity } from "../support/web-identity.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let github: GitHubServer;
let idTokens: IdTokens;
let aws: WebIdentity;
let awsUrl: string;
let reviewers: boolean;
let secrets: Readonly<Record<string, string>>;
let protectedEnvironments: Occasion["environments"];
let runs: WorkflowRun[];
beforeEach(async () => {
  world = await createWorld();
  github = await startGitHub();
  github.addIssue({ isPullRequest: true, head, mergedAs: merged });
  reviewers = true;
  secrets = {};
  github.faults.push(({ path }) =>
    path === "/repos/acme/access/environments/identity-center-approval" ? environment() : null,
  );
  idTokens = await startIdTokens();
  const roles = pipelineRoles({ Repository: "acme/access" });
  aws = await startWebIdentity(world.sandbox.url, ({ token, roleArn }) => {
    const role = roles.get(roleArn.split("/").at(-1) ?? "");
    return role?.trusts("token.actions.githubusercontent.com", claimsOf(token)) ?? false;
  });
  awsUrl = aws.url;
  protectedEnvironments = {
    "identity-center": ["refs/heads/main"],
    "identity-center-approval": ["refs/heads/main"],
  };
  runs = [];
  await world.write("access.yaml", manifest(["production"]));
});
afterEach(async () => {
  for (const each of runs) await each.close();
  await aws.close();
  await idTokens.close();
  await github.close();
  await world.close();
});

/** As GitHub tells of one that there is. */
const environment = () => ({
  status: 200,
  body: {
    name: "identity-center-approval",
    protection_rules: [{ type: "branch_policy" }, ...(reviewers ? [{ type: "required_reviewers" }] : [])],
  },
});

const manifest = (accounts: readonly string[]) => ({
  version: 1,
  name: "acme",
  groups: { Team: { description: "The team" } },
  permissionSets: { Admin: { managedPolicies: ["AdministratorAccess"] } },
  assignments: [{ groups: ["Team"], permissionSets: ["Admin"], accounts }],
});

const head = "a".repeat(40);
const merged = "c".repeat(40);
const main = { event: "push", ref: "refs/heads/main", sha: merged } as const;
const pullRequest = {
  event: "pull_request",
  ref: "refs/pull/1/merge",
  sha: "b".repeat(40),
  payload: { pull_request: { number: 1, head: { sha: head, repo: { full_name: "acme/access" } } } },
} as const;
const schedule = { event: "schedule", ref: "refs/heads/main", sha: merged } as const;

/** A run of a workflow, changed first as somebody would who copies it, or who attacks with it. */
const start = async (
  name: string,
  occasion: Pick<Occasion, "event" | "ref" | "sha" | "payload">,
  change = (text: string) => text,
): Promise<WorkflowRun> => {
  const text = change(await readFile(join(root, "examples/workflows", name), "utf8"));
  const run = await startWorkflow(parse(text) as Workflow, {
    ...occasion,
    repository: world.folder,
    environments: protectedEnvironments,
    githubToken: (permissions) => {
      const token = `ghs-of-a-job-${github.users.size}`;
      const mayWrite = ["pull-requests", "issues"].some((each) => permissions[each] === "write");
      github.users.set(token, { user: actionsBot, readOnly: !mayWrite });
      return token;
    },
    idToken: (claims) => idTokens.variablesOf(claims),
    secrets,
    variables: () => ({ AWS_ENDPOINT_URL: awsUrl, GITHUB_API_URL: github.apiUrl, TZ: "UTC" }),
  });
  runs.push(run);
  return run;
};
const expectDone = ({ result, log }: JobResult): void => expect(result, log).toBe("success");
/** The keys that anything was signed with, in the order of their first use. */
const signers = (): string[] => [
  ...new Set(world.log.flatMap((entry) => (entry.event === "request" ? [String(entry.accessKeyId)] : []))),
];
const textsBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  return Promise.all(files.map((file) => readFile(file, "utf8")));
};
const signersOf = (operation: string): string[] => [
  ...new Set(
    world.log.flatMap((entry) =>
      entry.event === "request" && entry.operation === operation ? [String(entry.accessKeyId)] : [],
    ),
  ),
];

describe("plan.yml", () => {
  it("comments on the pull request, with the role that reads", async () => {
    const run = await start("plan.yml", pullRequest);
    expectDone(await run.job("plan"));
    expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining("production")]);
    for (const key of signersOf("ListPermissionSets")) expect(key).toContain("reconcile-read");
    expect(world.instance.groups).toEqual([]);
  });
});

describe("apply.yml", () => {
  /** The pull request that becomes the commit on main shows its plan. */
  const show = async (): Promise<void> =>
    expectDone(await (await start("plan.yml", pullRequest)).job("plan"));

  it("applies at once what the pull request has shown", async () => {
    await show();
    reviewers = false;
    const run = await start("apply.yml", main);
    expectDone(await run.job("plan"));
    const applied = await run.job("apply");
    expectDone(applied);
    expect(applied.environment).toBe("identity-center");
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("asks where access was changed since, and applies what was approved then", async () => {
    const before = await start("apply.yml", main);
    await before.job("plan");
    expectDone(await before.job("apply"));
    await world.write("access.yaml", manifest(["production", "development"]));
    await show();
    await createHands(world).assign("Admin", "333333333333", "GROUP", "Team");
    await settled(world);
    const run = await start("apply.yml", main);
    const planned = await run.job("plan");
    expectDone(planned);
    expect(planned.log).toContain("Not the reviewed plan");
    const applied = await run.job("apply");
    expectDone(applied);
    expect(applied.environment).toBe("identity-center-approval");
    expect(world.instance.assignments).toHaveLength(2);
  });

  it("does nothing that nobody has seen where there is nobody to ask", async () => {
    reviewers = false;
    const run = await start("apply.yml", main);
    const planned = await run.job("plan");
    expect(planned.result).toBe("failure");
    expect(planned.log).toMatch(
      /^::error::The environment identity-center-approval has no required reviewers/m,
    );
    expect((await run.job("apply")).result).toBe("skipped");
    github.faults.length = 0;
    expect((await (await start("apply.yml", main)).job("plan")).result).toBe("failure");
  });

  it("plans again after the merge, and applies just that with the role that writes", async () => {
    const run = await start("apply.yml", main);
    expectDone(await run.job("plan"));
    expect(world.instance.assignments).toEqual([]);
    expectDone(await run.job("apply"));
    expect(world.instance.assignments).toHaveLength(1);
    for (const key of signersOf("CreateAccountAssignment")) expect(key).toContain("reconcile-write");
    expect(await run.artifact("audit-1")).toEqual({ "audit.jsonl": expect.stringContaining("Admin") });

    const again = await start("apply.yml", main);
    expectDone(await again.job("plan"));
    expect((await again.job("apply")).result).toBe("skipped");
  });

  it("carries on where it broke off when it is run again, and keeps the trail of both", async () => {
    const proxy = await startDenyingProxy(aws.url, "CreateAccountAssignment", "");
    awsUrl = proxy.url;
    const run = await start("apply.yml", main);
    expectDone(await run.job("plan"));
    expect((await run.job("apply")).result).toBe("failure");
    await proxy.close();
    awsUrl = aws.url;
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
    const run = await start("apply.yml", main);
    expectDone(await run.job("plan"));
    const { IdentityStoreId } = world.instance;
    await world.store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: "Team" }));
    const stale = await run.job("apply");
    expect(stale.result).toBe("failure");
    expect(stale.log).toContain("group/Team");
    expect(world.instance.assignments).toEqual([]);
  });

  it("needs no other change for a manifest in a folder of its own", async () => {
    await world.write("iam/prod/access.yaml", manifest(["development"]));
    const change = (text: string) =>
      text.replaceAll("region: us-east-1", "region: us-east-1\n          working-directory: iam/prod");
    const run = await start("apply.yml", main, change);
    expectDone(await run.job("plan"));
    expectDone(await run.job("apply"));
    expect(world.instance.assignments.map(({ AccountId }) => AccountId)).toEqual(["222222222222"]);
    expect(await run.artifact("audit-1")).toEqual({ "audit.jsonl": expect.stringContaining("Admin") });
  });

  it("takes no trail from what is checked out", async () => {
    await world.write(".reconcile/journal.jsonl", "not a journal\n");
    await world.write("reconcile-trail/journal.jsonl", "not a journal\n");
    const run = await start("apply.yml", main);
    expectDone(await run.job("plan"));
    expectDone(await run.job("apply"));
  });
});

describe("signing in", () => {
  it("is repeated where keys run out, each time with a new token of the job", async () => {
    const run = await start("apply.yml", main);
    expectDone(await run.job("plan"));
    const before = aws.signIns.length;
    // The SDK wants new keys five minutes before the old ones are no longer good.
    aws.lifetimes.push(60, 60);
    aws.hold = { operation: "CreateGroup", signIns: before + 3 };
    expectDone(await run.job("apply"));
    const tokens = aws.signIns.slice(before).map(({ token }) => token);
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(3);
    const [, first, second] = signers();
    expect([first, second]).toEqual([
      expect.stringMatching(/^ASIA-reconcile-write-/),
      expect.stringMatching(/^ASIA-reconcile-write-/),
    ]);
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("leaves no token and no key in the log or in a file", async () => {
    const run = await start("apply.yml", main);
    for (const job of ["plan", "apply"]) {
      const { log, result } = await run.job(job);
      expect(result, log).toBe("success");
      const left = [log, ...(await textsBelow(run.temp))].join("\n");
      for (const secret of [...idTokens.given, "of-a-role", "bearer-of-job", "ghs-of-a-job", "ASIA"])
        expect(left).not.toContain(secret);
    }
    expect(idTokens.given.length).toBeGreaterThan(1);
  });

  it("is tried again where GitHub gives no token at once", async () => {
    idTokens.failures.push(503);
    expectDone(await (await start("plan.yml", pullRequest)).job("plan"));
  });

  it("says what the job is called where AWS does not trust it", async () => {
    const change = (text: string) => text.replace("reconcile-read", "reconcile-write");
    const { result, log } = await (await start("plan.yml", pullRequest, change)).job("plan");
    expect(result).toBe("failure");
    expect(log).toMatch(
      /^::error title=Signing in to AWS::.*role\/reconcile-write to repo:acme\/access:pull_request: AccessDenied/m,
    );
    expect(world.log.filter(({ event }) => event === "request")).toEqual([]);
  });
});

describe("a workflow that a branch has changed", () => {
  /** plan.yml with the role that writes, in an environment that gets it. */
  const attack = (text: string): string =>
    text
      .replace("reconcile-read", "reconcile-write")
      .replace("    runs-on", "    environment: identity-center\n    runs-on");

  it("gets no role that writes: the environment lets in no other branch", async () => {
    const { result, log } = await (await start("plan.yml", pullRequest, attack)).job("plan");
    expect({ result, log }).toEqual({
      result: "failure",
      log: "not allowed to deploy to this environment",
    });
    expect(idTokens.given).toEqual([]);
  });

  it("nor where nobody has protected the environment: AWS trusts the branch alone", async () => {
    const unprotected = (text: string) =>
      attack(text).replace("identity-center\n", "identity-center-approval\n");
    protectedEnvironments = {};
    const { result, log } = await (await start("plan.yml", pullRequest, unprotected)).job("plan");
    expect(result).toBe("failure");
    expect(log).toContain("AccessDenied");
    expect(idTokens.given.length).toBe(1);
  });

  it("fills no cache that a first attempt would take for its trail", async () => {
    const poison = (text: string) =>
      text.replace(
        "      - uses: actions/upload-artifact",
        [
          '      - run: mkdir "$RUNNER_TEMP/reconcile-trail" && echo "not a journal" > "$RUNNER_TEMP/reconcile-trail/journal.jsonl"',
          "      - uses: actions/cache/save@v4",
          '        with: { path: "${{ runner.temp }}/reconcile-trail", key: "reconcile-${{ github.run_id }}-0" }',
          "      - uses: actions/upload-artifact",
        ].join("\n"),
      );
    const run = await start("apply.yml", main, poison);
    expectDone(await run.job("plan"));
    expectDone(await run.job("apply"));
  });

  it("gets no role at all from a fork, and says so", async () => {
    const payload = {
      pull_request: { number: 1, head: { sha: head, repo: { full_name: "stranger/access" } } },
    };
    const noToken = (text: string) => text.replace("id-token: write", "id-token: none");
    const { log } = await (await start("plan.yml", { ...pullRequest, payload }, noToken)).job("plan");
    expect(log).toContain("::error title=Signing in to AWS::A pull request from a fork, or of Dependabot,");
  });
});

describe("drift.yml", () => {
  const issues = () => github.issues.filter(({ isPullRequest }) => !isPullRequest);
  const drift = (change?: (text: string) => string): Promise<WorkflowRun> =>
    start("drift.yml", schedule, change);
  beforeEach(async () => {
    const apply = await start("apply.yml", main);
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
    const repair = await start("apply.yml", { ...main, event: "workflow_dispatch" });
    expectDone(await repair.job("plan"));
    const repaired = await repair.job("apply");
    expectDone(repaired);
    expect(repaired.environment).toBe("identity-center-approval");
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("says who did it and tells a chat, as its comments show, and prints nothing of the address", async () => {
    await assignByHand();
    const chat = await startForgeServer(() => ({ status: 200, body: "ok" }));
    secrets = { DRIFT_WEBHOOK: `${chat.url}/services/T-secret` };
    const run = await drift((text) => text.replace(/# (who|webhook):/g, "$1:"));
    const { log, result } = await run.job("drift");
    await chat.close();
    expect(result, log).toBe("success");
    expect(chat.log).toEqual(["POST /services/T-secret"]);
    expect(log).toContain("CreateAccountAssignment by");
    expect(log).not.toContain("T-secret");
  });
});
