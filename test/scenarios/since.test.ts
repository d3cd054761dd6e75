/**
 * plan --since: what this branch changes, apart from what stands there already. The built command, a sandbox, and a
 * repository whose main is applied.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRepository, type GitRepository } from "../support/git-repository.ts";
import { createHands, type Hands } from "../support/hands.ts";
import type { Run } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let repository: GitRepository;
let hands: Hands;
beforeEach(async () => {
  world = await createWorld();
  repository = await createRepository(world.folder);
  hands = createHands(world);
});
afterEach(() => world.close());

const read = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource: "*" }] };
const base = {
  version: 1,
  users: {
    "jane.doe": { givenName: "Jane", familyName: "Doe" },
    "rob.roe": { givenName: "Rob", familyName: "Roe" },
  },
  groups: { Devs: { members: ["jane.doe"] }, Ops: { members: [] } },
  permissionSets: { Read: { inlinePolicy: "read.json" }, Audit: { managedPolicies: ["SecurityAudit"] } },
  assignments: [
    { groups: ["Devs"], permissionSets: ["Read"], accounts: ["development"] },
    { groups: ["Ops"], permissionSets: ["Audit"], accounts: ["production"] },
  ],
};
const run = async (...args: string[]): Promise<Run> => {
  await settled(world);
  return world.run(...args, "--rps", "1000");
};
/** main is committed and applied; then somebody adds a member by hand, and takes a policy away. */
const applied = async (manifest: object = base): Promise<void> => {
  await world.write("access.yaml", manifest);
  await world.write("read.json", JSON.stringify(read));
  repository.commit();
  const done = await run("apply", "--auto-approve", "--audit", ".git/audit", "--journal", ".git/journal");
  expect(done.exitCode, done.stderr).toBe(0);
  await hands.addMember("Ops", "rob.roe");
  await hands.detach("Audit", "arn:aws:iam::aws:policy/SecurityAudit");
};
interface PlanJson {
  readonly changes: readonly { readonly action: string; readonly address: string }[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}
const changes = async (...args: string[]): Promise<readonly string[]> => {
  const { stdout, stderr, exitCode } = await run("plan", "--format", "json", ...args);
  expect(exitCode, stderr).toBe(0);
  return (JSON.parse(stdout) as PlanJson).changes.map(({ action, address }) => `${action} ${address}`);
};
const drift = ["update permissionSet/Audit", "delete membership/Ops/rob.roe"];
const withMember = { ...base, groups: { Devs: { members: ["jane.doe", "rob.roe"] }, Ops: { members: [] } } };
const lasting = (text: string): string =>
  text.replaceAll(/\b[0-9a-f]{64}\b/g, "DIGEST").replaceAll(/main \([0-9a-f&#;]+\)/g, "main (COMMIT)");

describe("of a branch, with drift that stands there already", () => {
  beforeEach(() => applied());

  it("shows only the branch's changes, in text and in Markdown", async () => {
    await world.write("access.yaml", withMember);
    expect([...(await changes())].sort()).toEqual(["create membership/Devs/rob.roe", ...drift].sort());
    const plan = await run(
      "plan",
      "--since",
      "main",
      "--format",
      "text",
      "--format",
      "markdown=.git/plan.md",
    );
    expect(plan.exitCode, plan.stderr).toBe(0);
    await expect(lasting(plan.stdout)).toMatchFileSnapshot("golden/since.plan.golden.txt");
    const markdown = await readFile(join(world.folder, ".git/plan.md"), "utf8");
    await expect(lasting(markdown).replaceAll(/AWS as of [^·]+/g, "AWS as of TIME ")).toMatchFileSnapshot(
      "golden/since.plan.golden.md",
    );
  });

  it("is applied by the same words, and leaves the rest as it is; then nothing of the branch is left", async () => {
    await world.write("access.yaml", withMember);
    await run("plan", "--since", "main", "--out", ".git/plan.json");
    const whole = await run("apply", "--plan", ".git/plan.json");
    expect(whole.exitCode).toBe(5);
    expect(whole.stderr).toContain("The plan was made with --only or --since: give apply the same.");
    const files = ["--audit", ".git/audit", "--journal", ".git/journal"];
    const done = await run("apply", "--plan", ".git/plan.json", "--since", "main", ...files);
    expect(done.exitCode, done.stderr).toBe(0);
    expect(world.instance.memberships).toHaveLength(3);
    const after = await run("plan", "--since", "main", "--detailed-exitcode");
    expect(after.exitCode).toBe(0);
    expect(after.stdout).toContain("There are no changes of this branch: all 2 are left out");
    expect(after.stdout.trimEnd().split("\n").at(-1)).toBe("No changes.");
    expect([...(await changes())].sort()).toEqual([...drift].sort());
  });

  it("follows a selector to all that it comes to", async () => {
    const [first, second] = base.assignments;
    await world.write("access.yaml", { ...base, assignments: [{ ...first, accounts: ["*"] }, second] });
    const all = await changes("--since", "main");
    expect(all.length).toBeGreaterThan(1);
    expect(
      all.every((change) => change.startsWith("create assignment/") && change.endsWith("/Read/group:Devs")),
    ).toBe(true);
  });

  it("follows a policy file", async () => {
    const wider = { ...read, Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
    await world.write("read.json", JSON.stringify(wider));
    expect(await changes("--since", "main")).toEqual(["update permissionSet/Read"]);
  });

  it("deletes what the branch removes or no longer declares, with all that hangs on it", async () => {
    const [first] = base.assignments;
    await world.write("access.yaml", { ...base, assignments: [first] });
    expect(await changes("--since", "main")).toEqual([
      expect.stringMatching(/^delete assignment\/\d+\/Audit\/group:Ops$/),
    ]);
    const { Read } = base.permissionSets;
    const gone = { groups: ["Ops"], permissionSets: ["Audit"] };
    const { Devs } = base.groups;
    const without = {
      ...base,
      groups: { Devs },
      permissionSets: { Read },
      assignments: [first],
      removed: gone,
    };
    await world.write("access.yaml", without);
    expect(await changes("--since", "main")).toEqual([
      expect.stringMatching(/^delete assignment\/\d+\/Audit\/group:Ops$/),
      "delete membership/Ops/rob.roe",
      "delete permissionSet/Audit",
      "delete group/Ops",
    ]);
  });

  it("renames", async () => {
    const { Devs } = base.groups;
    const [first, second] = base.assignments;
    const groups = { Devs, Operators: { members: [], previously: ["Ops"] } };
    const assignments = [first, { ...second, groups: ["Operators"] }];
    await world.write("access.yaml", { ...base, groups, assignments });
    expect(await changes("--since", "main")).toEqual([
      "update group/Operators",
      "delete membership/Operators/rob.roe",
    ]);
  });

  it("takes everything for new where there was no manifest", async () => {
    repository.git("checkout", "--quiet", "--orphan", "empty");
    repository.git("rm", "--quiet", "--cached", "access.yaml");
    repository.git("commit", "--quiet", "--message", "nothing yet");
    const plan = await run("plan", "--since", "empty");
    expect(plan.stdout).toContain("There is no manifest at empty (");
    expect([...(await changes("--since", "empty"))].sort()).toEqual([...drift].sort());
  });
});

describe("refuses, before AWS is asked", () => {
  beforeEach(async () => {
    await world.write("access.yaml", base);
    await world.write("read.json", JSON.stringify(read));
    repository.commit();
  });

  const refused = async (code: string, ...args: string[]): Promise<void> => {
    for (const command of ["plan", "apply"]) {
      const approval = command === "apply" ? ["--auto-approve"] : [];
      const { exitCode, stderr } = await run(command, ...args, ...approval);
      expect(stderr).toContain(`error[${code}]`);
      expect(exitCode).toBe(3);
    }
    expect(world.log).toEqual([]);
  };

  it("what is no commit", async () => {
    await refused("since-unknown-ref", "--since", "origin/nowhere");
    await refused("since-bad-ref", "--since", "--output=x");
    await refused("since-bad-ref", "--since=--output=x");
  });

  it("a manifest that was not valid there", async () => {
    await world.write("access.yaml", { ...base, group: {} });
    repository.commit();
    await world.write("access.yaml", base);
    await refused("since-invalid", "--since", "HEAD");
  });

  it("a shallow clone", async () => {
    repository.commit();
    repository.git("clone", "--quiet", "--depth=1", `file://${world.folder}`, "clone");
    await refused("since-shallow", "clone/access.yaml", "--since", "HEAD~1");
  });

  it("a folder that is in no repository", async () => {
    await rm(join(world.folder, ".git"), { recursive: true });
    await refused("since-no-repository", "--since", "HEAD");
  });
});

it("refuses an earlier manifest that cannot be resolved any more, and says what", async () => {
  const [first, second] = base.assignments;
  await world.write("access.yaml", {
    ...base,
    assignments: [{ ...first, accounts: ["no-such-account"] }, second],
  });
  await world.write("read.json", JSON.stringify(read));
  repository.commit();
  await world.write("access.yaml", base);
  const { exitCode, stderr } = await run("plan", "--since", "HEAD");
  expect(exitCode).toBe(3);
  expect(stderr).toContain("error[since-invalid]");
  expect(stderr).toContain("There is no account 'no-such-account'");
});
