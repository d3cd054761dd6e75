/**
 * Two applies at once. Whose writes came when is read from the sandbox's own log: each run signs with a key of its own.
 * The first is held in the middle of its writes for as long as the second does what it does.
 */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type Gate, startGate } from "../support/gate.ts";
import { dynamoDbLockPlace, type LockPlace, s3LockPlace } from "../support/lock-places.ts";
import { runInProcess } from "../support/in-process.ts";
import { type Running, sandboxEnvironment, startReconcile } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

const slow = { timeout: 90_000 };
let world: World;
let gate: Gate;
let folders: string[];

beforeEach(async () => {
  folders = [];
  world = await createWorld();
  gate = await startGate(world.sandbox.url, 3);
});
afterEach(async () => {
  gate.open();
  await gate.close();
  await world.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const holdAt = async (write: number): Promise<void> => {
  gate.open();
  await gate.close();
  gate = await startGate(world.sandbox.url, write);
};

/** Applies groups and an assignment of its own, in a folder of its own. */
const apply = async (who: "first" | "second", env: Record<string, string>, ...args: string[]) => {
  const prepared = await prepare(who);
  return startReconcile(["apply", "--auto-approve", "--rps", "1000", ...args], {
    cwd: prepared.folder,
    env: { ...prepared.env, ...env },
  });
};

const prepare = async (who: "first" | "second") => {
  const folder = await mkdtemp(join(tmpdir(), `reconcile-${who}-`));
  folders.push(folder);
  await writeFile(join(folder, "access.yaml"), stringify(manifestOf(who)));
  const env = {
    ...sandboxEnvironment(who === "first" ? gate.url : world.sandbox.url),
    AWS_ACCESS_KEY_ID: who,
    GITHUB_ACTOR: `${who}-person`,
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: "acme/access",
    GITHUB_RUN_ID: `${who}-run`,
  };
  return { folder, env };
};

const manifestOf = (who: string) => {
  const groups = [1, 2, 3, 4].map((number) => `${who}-${number}`);
  return {
    version: 1,
    groups: Object.fromEntries(groups.map((name) => [name, {}])),
    permissionSets: { [`Set-${who}`]: {} },
    assignments: [{ groups, permissionSets: [`Set-${who}`], accounts: ["development"] }],
  };
};

/** Four groups, a set and four assignments, one after the other in their account. */
const lastWrite = 9;

/** Whose writes they were, in the order of the log; the end of asynchronous work counts as its beginner's. */
const turns = (): string[] => {
  const beginners = new Map<string, string>();
  const all = world.log.flatMap((entry) => {
    if (entry.event === "async-end") return beginners.get(entry.requestId) ?? [];
    if (/^(List|Describe|Get)/.test(entry.operation)) return [];
    if (entry.requestId !== undefined) beginners.set(entry.requestId, entry.accessKeyId ?? "");
    return entry.accessKeyId ?? [];
  });
  return all.filter((who, index) => who !== all[index - 1]);
};
const groupsOf = (who: string): number =>
  world.instance.groups.filter(({ DisplayName }) => DisplayName.startsWith(who)).length;

it("interleave without a lock, which is what this test would see", slow, async () => {
  const first = await apply("first", {});
  await gate.reached;
  const second = await apply("second", {});
  expect((await second.ended).exitCode).toBe(0);
  gate.open();
  expect((await first.ended).exitCode).toBe(0);
  expect(turns()).toEqual(["first", "second", "first"]);
});

describe.each([
  ["S3", s3LockPlace],
  ["DynamoDB", dynamoDbLockPlace],
])("under a lock in %s", (_, openPlace) => {
  let place: LockPlace;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(() => place.close());
  const unlock = async (): Promise<void> => {
    const env = { ...sandboxEnvironment(world.sandbox.url), ...place.env };
    const asked = await startReconcile(["unlock", place.url], { env }).ended;
    const [, id = ""] = /--force-unlock (\S+)/.exec(asked.stderr) ?? [];
    await startReconcile(["unlock", place.url, "--force-unlock", id], { env }).ended;
  };
  const locked = (who: "first" | "second", ...args: string[]): Promise<Running> =>
    apply(who, place.env, "--lock", place.url, ...args);

  it("the second refuses at once, and says whom it would disturb", slow, async () => {
    const first = await locked("first");
    await gate.reached;
    const second = await (await locked("second")).ended;
    expect(second.stderr).toContain("error[lock-held]");
    expect(second.stderr).toContain(`first-person on ${hostname()}`);
    expect(second.stderr).toContain("https://github.example/acme/access/actions/runs/first-run");
    expect(second.exitCode).toBe(4);
    gate.open();
    expect((await first.ended).exitCode).toBe(0);
    expect(turns()).toEqual(["first"]);
    expect([groupsOf("first"), groupsOf("second")]).toEqual([4, 0]);
  });

  it("the second waits, and both are applied one after the other", slow, async () => {
    const first = await locked("first");
    await gate.reached;
    const second = await locked("second", "--lock-wait", "10m");
    expect(await second.says("first-person")).toContain("Waiting for the lock, which another run holds");
    gate.open();
    const ends = await Promise.all([first.ended, second.ended]);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(turns()).toEqual(["first", "second"]);
    expect([groupsOf("first"), groupsOf("second")]).toEqual([4, 4]);
  });

  it("a run that is interrupted while it waits has done nothing", slow, async () => {
    const first = await locked("first");
    await gate.reached;
    const second = await locked("second", "--lock-wait", "10m");
    await second.says("Waiting for the lock");
    second.kill("SIGINT");
    const { stderr, exitCode } = await second.ended;
    expect(stderr).toMatch(/\nInterrupted\. Nothing was changed\.\n$/);
    expect(exitCode).toBe(130);
    gate.open();
    expect((await first.ended).exitCode).toBe(0);
    expect(turns()).toEqual(["first"]);
  });

  it("a run that was killed keeps the others out until it is unlocked by its id", slow, async () => {
    const first = await locked("first");
    await gate.reached;
    first.kill("SIGKILL");
    await first.ended;
    const refused = await (await locked("second")).ended;
    expect(refused.exitCode).toBe(4);
    const [, id] = /^ +\| id +(\S+)$/m.exec(refused.stderr) ?? [];
    expect(id, refused.stderr).toBeDefined();
    const env = { ...sandboxEnvironment(world.sandbox.url), ...place.env };
    const other = await startReconcile(["unlock", place.url, "--force-unlock", "another"], { env }).ended;
    expect(other.stderr).toContain("error[lock-id-mismatch]");
    expect((await (await locked("second")).ended).exitCode).toBe(4);
    const unlocked = await startReconcile(["unlock", place.url, "--force-unlock", String(id)], { env }).ended;
    expect(unlocked.stdout).toContain(`Unlocked ${place.url}.`);
    expect((await (await locked("second")).ended).exitCode).toBe(0);
    expect(turns()).toEqual(["first", "second"]);
  });

  it("a run whose lock was taken away begins nothing new, and says who has it", slow, async () => {
    const folder = await mkdtemp(join(tmpdir(), "reconcile-first-"));
    folders.push(folder);
    await writeFile(join(folder, "access.yaml"), stringify(manifestOf("first")));
    let heard = (_text: string): void => {};
    const running = runInProcess(["apply", "--auto-approve", "--rps", "1000", "--lock", place.url], {
      cwd: folder,
      url: gate.url,
      env: place.env,
      // The lease is looked after every few milliseconds and not every few seconds.
      longestSleep: 5,
      onStderr: (text) => heard(text),
    });
    const stopping = new Promise<void>((resolve) => {
      heard = (text) => {
        if (text.includes("Stopping: nothing new is started")) resolve();
      };
    });
    await gate.reached;
    await unlock();
    await stopping;
    const begun = gate.writes();
    gate.open();
    const first = await running;
    expect(first.stderr).toContain(
      `The lock ${place.url} was unlocked by somebody else.\nStopping: nothing new is started`,
    );
    expect(first.stderr).toMatch(/error\[lock-lost\]: .* was unlocked by somebody else\n {2}= /);
    expect(first.exitCode).toBe(130);
    expect(gate.writes()).toBe(begun);
    expect((await (await locked("second")).ended).exitCode).toBe(0);
  });

  it("a run that was not alone to the end does not say that all is well", slow, async () => {
    await holdAt(lastWrite);
    const first = await locked("first");
    await gate.reached;
    await unlock();
    // It might have taken away what the first has made.
    const second = await locked("second");
    expect((await second.ended).exitCode).toBe(0);
    gate.open();
    const { stdout, stderr, exitCode } = await first.ended;
    expect(stderr).toContain("error[lock-lost]: The lock ");
    expect(stdout).toContain("Done, and not certain to stand: The lock ");
    expect(stdout).toContain("Apply not converged: 9 created");
    expect(exitCode).toBe(7);
    expect(turns()).toEqual(["first", "second", "first"]);
  });

  it.each(["--plan", "--expect"])(
    "a run with %s shows whoever comes which plan it is at",
    slow,
    async (by) => {
      const { folder, env } = await prepare("first");
      const run = { cwd: folder, env: { ...env, ...place.env } };
      const planned = await startReconcile(["plan", "--out", "plan.json", "--format", "json"], run).ended;
      const { digest } = JSON.parse(planned.stdout) as { readonly digest: string };
      const approval = [by, by === "--plan" ? "plan.json" : digest];
      const first = startReconcile(["apply", "--rps", "1000", "--lock", place.url, ...approval], run);
      await gate.reached;
      const second = await (await locked("second")).ended;
      expect(second.stderr).toMatch(new RegExp(`^ +\\| +plan +${digest}$`, "m"));
      gate.open();
      expect((await first.ended).exitCode).toBe(0);
    },
  );

  it("a plan that is no longer valid when its turn has come is not applied", slow, async () => {
    const first = await locked("first");
    await gate.reached;
    const { folder } = await prepare("second");
    const planned = Date.now();
    let now = planned;
    const inTime = (args: readonly string[], onStderr: (text: string) => void = () => {}) =>
      runInProcess(args, {
        cwd: folder,
        url: world.sandbox.url,
        env: place.env,
        longestSleep: 5,
        now: () => now,
        onStderr,
      });
    await inTime(["plan", "--out", "plan.json", "--max-age", "1h", "--rps", "1000"]);
    const second = await inTime(
      ["apply", "--plan", "plan.json", "--lock", place.url, "--lock-wait", "20h"],
      (text) => {
        if (!text.includes("Waiting for the lock") || now > planned) return;
        now += 2 * 3_600_000;
        gate.open();
      },
    );
    expect((await first.ended).exitCode).toBe(0);
    expect(second.stderr).toContain("error[plan-expired]");
    expect(second.exitCode).toBe(5);
    expect(groupsOf("second")).toBe(0);
  });

  it("nothing is read or written where the lock cannot be reached", slow, async () => {
    await place.close();
    const run = await (await locked("second")).ended;
    place = await openPlace();
    expect(run.stderr).toMatch(/error\[[a-z-]+\]: The lock is out of reach\. .*\n {2}= /);
    expect(run.exitCode).toBe(1);
    expect(world.log).toEqual([]);
    expect(await readdir(folders.at(-1) ?? "")).toEqual(["access.yaml"]);
  });
});
