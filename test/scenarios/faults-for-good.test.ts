/**
 * Faults that do not pass, however long an apply waits: what failed is told with AWS's words and what to do, nothing
 * but what depends on it is left out, and the next apply, once they are over, does the rest and no more.
 */
import type * as TimersPromises from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ApplyResult } from "../../src/apply/result.ts";
import { openForWriting } from "../../src/aws/writer.ts";
import { defaultSeed } from "../../src/sandbox/seed.ts";
import type { SandboxState } from "../../src/sandbox/state.ts";
import { estate, holdings } from "../support/estate.ts";
import { runInProcess } from "../support/in-process.ts";
import { manyUsers } from "../support/many-users.ts";
import { sandboxEnvironment } from "../support/reconcile.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

// The clock of the AWS clients: as often as ever, without the waits of ten attempts.
vi.mock("node:timers/promises", async (original) => {
  const timers = await original<typeof TimersPromises>();
  return {
    ...timers,
    setTimeout: (milliseconds: number, ...rest: []) => timers.setTimeout(Math.min(milliseconds, 2), ...rest),
  };
});

let world: World;
afterEach(() => world.close());

const open = async (faults: string, seed: SandboxState = defaultSeed()): Promise<void> => {
  world = await createWorld({ seed, ...(faults === "" ? {} : { faults }) });
  await world.write("access.yaml", estate.before);
};

const run = (...args: string[]) => {
  // Ten minutes of waiting for something are over after a few hundred looks at the clock.
  let time = Date.now();
  return runInProcess([...args, "--rps", "1000"], {
    cwd: world.folder,
    url: world.sandbox.url,
    longestSleep: 2,
    now: () => (time += 200),
  });
};

const apply = async () => {
  const done = await run("apply", "--auto-approve", "--format", "json");
  const result: ApplyResult | null = done.stdout === "" ? null : JSON.parse(done.stdout);
  return { ...done, outcomes: result?.outcomes ?? [] };
};

/** The same sandbox, with what it holds and no more faults. */
const openAgain = async (): Promise<void> => {
  await settled(world);
  const { state } = world;
  await world.close();
  await open("", state);
};

/** What a world without faults holds after one apply. */
const expectWholeEstate = async (): Promise<void> => {
  const found = holdings(world);
  await world.close();
  await open("");
  expect((await apply()).exitCode).toBe(0);
  expect(found).toEqual(holdings(world));
};

describe("an apply that meets what does not pass", () => {
  it.each<[string, string, string, string, RegExp]>([
    [
      "throttling",
      "throttle@CreateUser=1",
      "user/",
      "membership/",
      /still throttled the call after 10 attempts/,
    ],
    ["failures of AWS", "error@CreateGroup=1", "group/", "assignment/", /identitystore:CreateGroup/],
    [
      "connections that break",
      "reset@CreatePermissionSet=1",
      "permissionSet/",
      "assignment/",
      /no answer after 10 attempts \(ECONNRESET\)/,
    ],
    [
      "a conflict",
      "conflict@AttachManagedPolicyToPermissionSet=1",
      "permissionSet/",
      "assignment/",
      /missing: managedPolicies/,
    ],
    [
      "a conflict of requests",
      "conflict@CreateAccountAssignment=1",
      "assignment/",
      "-",
      /sso:CreateAccountAssignment/,
    ],
    [
      "a permission that is missing",
      "denied@CreateGroupMembership=1",
      "membership/",
      "-",
      /identitystore:CreateGroupMembership/,
    ],
    ["requests that fail", "async-failed@CreateAccountAssignment=1", "assignment/", "-", /^Could not assign/],
  ])("%s", async (_, faults, failing, skipped, detail) => {
    await open(faults);
    const { exitCode, outcomes, stderr } = await apply();
    expect([exitCode, stderr]).toEqual([6, expect.not.stringContaining("bug in reconcile")]);
    const failed = outcomes.filter(({ status }) => status === "failed");
    expect(failed.length).toBeGreaterThan(0);
    for (const outcome of failed) {
      expect(outcome.address.startsWith(failing)).toBe(true);
      expect(outcome.detail).toMatch(detail);
    }
    const left = outcomes.filter(({ status }) => status === "skipped");
    expect(left.some(({ address }) => address.startsWith(skipped))).toBe(skipped !== "-");
    for (const { address } of left) expect(address).not.toMatch(/^(user|group)\//);

    await openAgain();
    const again = await apply();
    expect([again.exitCode, again.stderr]).toEqual([0, expect.not.stringContaining("error[")]);
    const doneNow = again.outcomes.map(({ address }) => address).sort();
    const notDone = outcomes.filter(({ status }) => status !== "done").map(({ address }) => address);
    expect(doneNow).toEqual(notDone.sort());
    await expectWholeEstate();
  });

  it("replies that are all lost: what was made is found, and made once", async () => {
    await open(
      "lost-reply@CreateGroup=1,lost-reply@CreatePermissionSet=1,lost-reply@CreateGroupMembership=1",
    );
    const { exitCode, outcomes } = await apply();
    expect([exitCode, outcomes.filter(({ status }) => status !== "done")]).toEqual([0, []]);
    await expectWholeEstate();
  });

  it("reads that lag behind for seconds", async () => {
    await open("stale-read=2s");
    const done = await runInProcess(["apply", "--auto-approve", "--rps", "1000"], {
      cwd: world.folder,
      url: world.sandbox.url,
    });
    expect([done.exitCode, done.stderr]).toEqual([0, expect.not.stringContaining("error[")]);
    await expectWholeEstate();
  });
});

describe("a list that fails on its third page", () => {
  it.each(["plan", "drift", "apply"])(
    "ends %s with an error, and nothing is taken for absent",
    async (command) => {
      await open("page@ListUsers=3", manyUsers());
      await world.write("access.yaml", { ...estate.before, mode: "exclusive" });
      const before = structuredClone(world.instance);
      const { exitCode, stdout, stderr } = await run(
        command,
        ...(command === "apply" ? ["--auto-approve"] : []),
      );
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(
        /error\[service-error\]: identitystore:ListUsers: .*\n {2}= AWS failed on its side; run it again/,
      );
      expect(world.instance).toEqual(before);
    },
  );
});

describe("connections that hang", () => {
  it("while something is created: it is given up, sent again, and made once", async () => {
    await open("hang@CreateGroup=0.6,seed=2");
    Object.assign(process.env, sandboxEnvironment(world.sandbox.url));
    const { directory, writer } = await openForWriting({ rps: 1000, answerTimeout: 100 });
    const [listed] = await directory.listInstances();
    if (listed === undefined) throw new Error("The sandbox shows no instance.");
    for (const name of ["a", "b", "c", "d"]) await writer(listed).createGroup(name, null);
    directory.close();
    expect(world.instance.groups.map(({ DisplayName }) => DisplayName).sort()).toEqual(["a", "b", "c", "d"]);
    expect(world.log.some(({ outcome }) => outcome === "hang")).toBe(true);
  });
});
