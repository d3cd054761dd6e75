/** `drift --issue` in GitLab, where it is not the plain case of gitlab-pipeline.test.ts. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { runGitLabJob } from "../support/forge-job.ts";
import { type GitLabServer, startGitLab } from "../support/gitlab-server.ts";
import { createHands } from "../support/hands.ts";
import type { Run } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";
import { githubHtml } from "../unit/report/support/github-markdown.ts";
import { gitlabReferencesIn } from "../unit/report/support/gitlab-references.ts";

let world: World;
let gitlab: GitLabServer;
beforeEach(async () => {
  world = await createWorld();
  gitlab = await startGitLab();
  await world.write("access.yaml", { version: 1, name: "acme", groups: { [group]: { description: "x" } } });
  expect((await world.run("apply", "--auto-approve", "--rps", "1000")).exitCode).toBe(0);
  await createHands(world).updateGroup(group, {
    AttributePath: "description",
    AttributeValue: "/close @all [[_TOC_]] ACCESS-12 ~bug",
  });
});
afterEach(async () => {
  await gitlab.close();
  await world.close();
});

const group = "@all #1 ~bug [TOC] ACCESS-12 <b>";
const drift = (...args: readonly string[]): Promise<Run> =>
  runGitLabJob(world, gitlab, job, "drift", "--issue", ...args);
const job = { event: "schedule", variables: { CI_PIPELINE_URL: "https://ci.example.com/9" } } as const;

it("lets no name have an effect, in the title neither", async () => {
  expect((await drift("--environment", "@all #1 ~bug ACCESS-12")).exitCode).toBe(2);
  expect(gitlab.issues).toHaveLength(1);
  const { title = "", description = "" } = gitlab.issues[0] ?? {};
  expect(title).toMatch(/^Access drift in _all _1 _bug ACCESS\u201112 \(ssoins-[0-9a-f]{16}\)$/);
  const instanceId = /[0-9a-f]{16}/;
  expect(gitlabReferencesIn(title.replace(instanceId, ""))).toEqual([]);
  const commit = "a".repeat(40);
  expect(gitlabReferencesIn(githubHtml(description.slice(description.indexOf("\n") + 1)))).toEqual([commit]);
  expect(gitlab.quickActions).toEqual([]);
});

it("opens the issue again that somebody closed by hand, and keeps to one where several runs open it", async () => {
  const runs = await Promise.all([drift(), drift(), drift()]);
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
  const open = () => gitlab.issues.filter(({ state }) => state === "opened");
  expect(open()).toHaveLength(1);
  const [issue] = open();
  if (issue === undefined) throw new Error("no issue");
  issue.state = "closed";
  expect((await drift()).stderr).toContain(": reopened.");
  expect(open()).toHaveLength(1);
});

it("fails, and prints the drift, where the token may not write issues", async () => {
  gitlab.users.set("glpat-project", { id: 900, readOnly: true });
  const { stdout, stderr, exitCode } = await drift();
  expect(exitCode).toBe(1);
  expect(stderr).toContain("error[forge-forbidden]");
  expect(stderr.replace(/\s+/g, " ")).toContain("issues are turned off");
  expect(stdout).toContain("1 changed");
  expect(gitlab.issues).toEqual([]);
});

it("is asked for a token before anything is read", async () => {
  const before = world.log.length;
  const withoutToken = { event: "schedule", variables: { GITLAB_TOKEN: "" } } as const;
  const { stderr, exitCode } = await runGitLabJob(world, gitlab, withoutToken, "drift", "--issue");
  expect(exitCode).toBe(3);
  expect(stderr).toContain("error[forge-token]");
  expect(world.log).toHaveLength(before);
});
