/**
 * How the jobs of examples/workflows sign in to AWS, and what those get who change a workflow on a branch of theirs: the
 * jobs run step by step, and AWS trusts as examples/aws/roles.yaml says.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDenyingProxy } from "../support/denying-proxy.ts";
import type { JobResult, WorkflowRun } from "../support/github-runner.ts";
import { createGitHubWorld, type GitHubWorld, main, pullRequest } from "../support/github-world.ts";
import type { IdTokens } from "../support/id-tokens.ts";
import { teamManifest } from "../support/team-manifest.ts";
import type { WebIdentity } from "../support/web-identity.ts";
import type { World } from "../support/world.ts";

let place: GitHubWorld;
let world: World;
let idTokens: IdTokens;
let aws: WebIdentity;
beforeEach(async () => {
  place = await createGitHubWorld();
  ({ world, idTokens, aws } = place);
});
afterEach(() => place.close());

const expectDone = ({ result, log }: JobResult): void => expect(result, log).toBe("success");

const textsBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  return Promise.all(files.map((file) => readFile(file, "utf8")));
};

describe("signing in", () => {
  it("is repeated where keys run out, each time with a new token of the job", async () => {
    const run = await place.start("apply.yml", main);
    expectDone(await run.job("plan"));
    const before = aws.signIns.length;
    // The SDK wants new keys five minutes before the old ones are no longer good.
    aws.lifetimes.push(60, 60);
    aws.hold = { operation: "CreateGroup", until: aws.signedIn(before + 3) };
    expectDone(await run.job("apply"));
    const tokens = aws.signIns.slice(before).map(({ token }) => token);
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(3);
    const [, first, second] = place.signers();
    expect([first, second]).toEqual([
      expect.stringMatching(/^ASIA-reconcile-write-/),
      expect.stringMatching(/^ASIA-reconcile-write-/),
    ]);
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("leaves no token and no key in the log or in a file", async () => {
    const run = await place.start("apply.yml", main);
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
    idTokens.statuses.push(503);
    expectDone(await (await place.start("plan.yml", pullRequest)).job("plan"));
  });

  it("says why it could not be repeated, where the run then fails", async () => {
    const run = await place.start("apply.yml", main);
    expectDone(await run.job("plan"));
    aws.lifetimes.push(60, 60);
    const refused = idTokens.refuse(2);
    aws.hold = { operation: "ListGroups", until: refused };
    const proxy = await startDenyingProxy(aws.url, "CreateGroup", "");
    place.awsUrl = proxy.url;
    const { result, log } = await run.job("apply");
    await proxy.close();
    expect(result).toBe("failure");
    expect(log).toContain("::error title=Signing in to AWS::GitHub gave no OpenID Connect token (403).");
  });

  it("says what the job is called where AWS does not trust it", async () => {
    const change = (text: string) => text.replace("reconcile-read", "reconcile-write");
    const { result, log } = await (await place.start("plan.yml", pullRequest, change)).job("plan");
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
    const { result, log } = await (await place.start("plan.yml", pullRequest, attack)).job("plan");
    expect({ result, log }).toEqual({
      result: "failure",
      log: "not allowed to deploy to this environment",
    });
    expect(idTokens.given).toEqual([]);
  });

  it("nor where nobody has protected the environment: AWS trusts the branch alone", async () => {
    const unprotected = (text: string) =>
      attack(text).replace("identity-center\n", "identity-center-approval\n");
    place.environments = {};
    const { result, log } = await (await place.start("plan.yml", pullRequest, unprotected)).job("plan");
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
    const run = await place.start("apply.yml", main, poison);
    expectDone(await run.job("plan"));
    expectDone(await run.job("apply"));
  });

  it("gets no role at all from a fork, and says so", async () => {
    const payload = {
      pull_request: { number: 1, head: { sha: "d".repeat(40), repo: { full_name: "stranger/access" } } },
    };
    const noToken = (text: string) => text.replace("id-token: write", "id-token: none");
    const { log } = await (await place.start("plan.yml", { ...pullRequest, payload }, noToken)).job("plan");
    expect(log).toContain("::error title=Signing in to AWS::A pull request from a fork, or of Dependabot,");
  });
});

describe("an old run that is run again", () => {
  it("brings back nothing that was taken away since", async () => {
    const apply = async (accounts: readonly string[], sha: string): Promise<WorkflowRun> => {
      await world.write("access.yaml", teamManifest(accounts));
      place.latest = sha;
      const run = await place.start("apply.yml", { ...main, sha });
      expectDone(await run.job("plan"));
      expectDone(await run.job("apply"));
      return run;
    };
    await apply(["production"], "1".repeat(40));
    const old = await apply(["production", "development"], "2".repeat(40));
    await apply(["production"], "3".repeat(40));
    expect(world.instance.assignments).toHaveLength(1);
    old.rerun();
    await world.write("access.yaml", teamManifest(["production", "development"]));
    const { result, log } = await old.job("apply");
    expect(world.instance.assignments).toHaveLength(1);
    expect(result).toBe("failure");
    expect(log).toContain("::error title=Overtaken::main is at another commit by now, 333333333333");
  });
});
