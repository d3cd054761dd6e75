/** The contract with pipelines: each exit code, brought about as it comes about. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultSeed } from "../../src/sandbox/seed.ts";
import { createHands } from "../support/hands.ts";
import { runInProcess } from "../support/in-process.ts";
import { sandboxEnvironment, startReconcile } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

const manifest = {
  version: 1,
  groups: { Team: { description: "A team" } },
  permissionSets: { Reader: { managedPolicies: ["ReadOnlyAccess"] } },
  assignments: [{ groups: ["Team"], permissionSets: ["Reader"], accounts: ["111111111111", "222222222222"] }],
};

let world: World;
const start = async (options: Parameters<typeof createWorld>[0] = {}): Promise<void> => {
  await world.close();
  world = await createWorld(options);
  await world.write("access.yaml", manifest);
};
beforeEach(async () => {
  world = await createWorld();
  await world.write("access.yaml", manifest);
});
afterEach(() => world.close());

const run = (command: string, ...args: string[]) => world.run(command, "--rps", "1000", ...args);
const apply = () => run("apply", "--auto-approve");

describe("exit code", () => {
  it("0 and 2: plan --detailed-exitcode tells whether there is something to do", async () => {
    expect((await run("plan")).exitCode).toBe(0);
    const before = await run("plan", "--detailed-exitcode");
    expect(before.exitCode).toBe(2);
    expect(before.stdout).toMatch(/^Plan: 4 to create, 0 to update, 0 to delete\.\n$/m);
    const applied = await apply();
    expect(applied.exitCode).toBe(0);
    expect(applied.stdout).toContain("Apply complete: 4 created, 0 updated, 0 deleted.");
    const after = await run("plan", "--detailed-exitcode");
    expect(after.exitCode).toBe(0);
    expect(after.stdout).toMatch(/No changes\.\n$/);
  });

  it("1: AWS is not as it has to be", async () => {
    world.state.instances.splice(0);
    const { stdout, stderr, exitCode } = await run("plan");
    expect(stderr).toContain("error[no-instance]");
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  });

  it("3: the manifest is not valid against what is there", async () => {
    await world.write("access.yaml", {
      ...manifest,
      assignments: [{ groups: ["Team"], permissionSets: ["Reader"], accounts: ["prodction"] }],
    });
    const { stdout, stderr, exitCode } = await run("plan");
    expect(stderr).toMatch(/access\.yaml:\d+:\d+: error\[/);
    expect(stderr).toContain("production");
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
  });

  it("4: a guard refuses, after the plan was shown; its own words let it through", async () => {
    expect((await apply()).exitCode).toBe(0);
    await world.write("access.yaml", {
      ...manifest,
      assignments: [],
      guards: { maxRemovals: { percent: 0, floor: 0 } },
    });
    const refused = await apply();
    expect(refused.exitCode).toBe(4);
    expect(refused.stdout).toContain("2 to delete");
    expect(world.instance.assignments).toHaveLength(2);

    const overrides = [...refused.stdout.matchAll(/--allow (\S+=\S+)/g)].map(([, words = ""]) => words);
    expect(overrides).not.toEqual([]);
    const allowed = await run("apply", "--auto-approve", ...overrides.flatMap((words) => ["--allow", words]));
    expect(allowed.exitCode).toBe(0);
    expect(world.instance.assignments).toEqual([]);
  });

  it("5: what would be done is not what was reviewed", async () => {
    expect((await run("plan", "--out", "plan.json")).exitCode).toBe(0);
    const { digest } = JSON.parse(await readFile(join(world.folder, "plan.json"), "utf8"));
    await world.write("access.yaml", { ...manifest, groups: { Team: { description: "Another team" } } });
    for (const reviewed of [
      ["--plan", "plan.json"],
      ["--expect", digest],
    ]) {
      const { stdout, stderr, exitCode } = await run("apply", ...reviewed, "--auto-approve");
      expect(stderr).toMatch(/^error\[(stale-plan|manifest-changed)\]/m);
      expect(stdout).not.toContain("Apply complete");
      expect(exitCode).toBe(5);
    }
    expect(world.instance.groups).toEqual([]);

    await world.write("access.yaml", manifest);
    expect((await run("apply", "--plan", "plan.json")).exitCode).toBe(0);
    expect(world.instance.groups).toHaveLength(1);
  });

  it("3: a plan file that was tampered with", async () => {
    expect((await run("plan", "--out", "plan.json")).exitCode).toBe(0);
    const file = join(world.folder, "plan.json");
    await writeFile(file, (await readFile(file, "utf8")).replaceAll("222222222222", "333333333333"));
    const { stderr, exitCode } = await run("apply", "--plan", "plan.json");
    expect(stderr).toContain("was changed after it was made");
    expect(exitCode).toBe(3);
    expect(world.instance.groups).toEqual([]);
  });

  it("6: AWS could not carry out a part; the rest stands, and the reason is told", async () => {
    const seed = defaultSeed();
    const production = seed.organization?.accounts.find(({ Id }) => Id === "111111111111");
    production?.customerManagedPolicies.push("/platform/Reader");
    await start({ seed });
    await world.write("access.yaml", {
      ...manifest,
      permissionSets: { Reader: { customerManagedPolicies: [{ name: "Reader", path: "/platform/" }] } },
    });
    const { stdout, exitCode } = await apply();
    // In AWS's words.
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "Not supported policy arn:aws:iam::222222222222:policy/platform/Reader.",
    );
    expect(exitCode).toBe(6);
    expect(world.instance.groups).toHaveLength(1);
    expect(world.instance.assignments).toHaveLength(1);
  });

  it("7: what is read back is not what was written", async () => {
    // Reads stay behind for as long as apply asks again: its clock goes a second for every look at it.
    await start({ faults: "stale-read=600s" });
    let time = Date.now();
    const { stdout, exitCode } = await runInProcess(["apply", "--auto-approve", "--rps", "1000"], {
      cwd: world.folder,
      url: world.sandbox.url,
      longestSleep: 1,
      now: () => {
        time += 1000;
        return time;
      },
    });
    expect(stdout).toContain("not as planned");
    expect(exitCode).toBe(7);
    expect(world.instance.groups).toHaveLength(1);
  });

  it("130: interrupted; what was under way has ended, nothing new was started", async () => {
    await start({ speed: "real" });
    // One account gets one after the other, so that the second half has not begun.
    await world.write("access.yaml", {
      ...manifest,
      permissionSets: { ...manifest.permissionSets, Writer: { managedPolicies: ["PowerUserAccess"] } },
      assignments: [{ groups: ["Team"], permissionSets: ["Reader", "Writer"], accounts: "*" }],
    });
    const running = startReconcile(["apply", "--auto-approve"], {
      cwd: world.folder,
      env: sandboxEnvironment(world.sandbox.url),
    });
    while (!world.instance.requests.some(({ Status }) => Status === "IN_PROGRESS")) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    running.kill("SIGINT");
    const { stdout, exitCode } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/interrupted/i);
    // Nothing is left that nobody looks after.
    expect(world.instance.requests.filter(({ Status }) => Status === "IN_PROGRESS")).toEqual([]);
    expect(world.instance.assignments.length).toBeLessThan(14);
  });
});

describe("--format json", () => {
  it("prints one JSON document on stdout, whatever is told on stderr", async () => {
    const plan = await run("plan", "--format", "json");
    expect(JSON.parse(plan.stdout)).toMatchObject({ formatVersion: 1, counts: { create: 4 } });
    expect(plan.stderr).toContain("Talking to");

    const applied = await run("apply", "--auto-approve", "--format", "json");
    expect(JSON.parse(applied.stdout)).toMatchObject({ formatVersion: 1 });
    expect(applied.stderr).toContain("4 to create");

    const nothing = await run("apply", "--auto-approve", "--format", "json");
    expect(JSON.parse(nothing.stdout)).toMatchObject({ formatVersion: 1 });
    expect(nothing.exitCode).toBe(0);
  });
});

it("apply without approval changes nothing, and asks AWS nothing", async () => {
  const { stdout, stderr, exitCode } = await run("apply");
  expect(stderr).toContain("error[no-approval]");
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
  expect(world.log).toEqual([]);
});

it("no command prints an escape code where it is not on a terminal", async () => {
  const runs = [await run("plan"), await apply()];
  await createHands(world).attach("Reader", "arn:aws:iam::aws:policy/AdministratorAccess");
  runs.push(await run("plan"), await run("plan", "--format", "markdown"));
  for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toContain("\u001b");
});
