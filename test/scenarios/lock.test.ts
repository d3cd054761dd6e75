/** Two applies at once, with and without a lock: one waits or refuses, and writes never interleave. */
import { readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { sandboxEnvironment, startReconcile } from "../support/reconcile.ts";
import { describeUnderLock, useTwoRuns } from "../support/two-runs.ts";

const slow = { timeout: 90_000 };
const runs = useTwoRuns();
const { world, gate, prepare, apply, turns, groupsOf, lastFolder } = runs;

it("interleave without a lock, which is what this test would see", slow, async () => {
  const first = await apply("first", {});
  await gate().reached;
  const second = await apply("second", {});
  expect((await second.ended).exitCode).toBe(0);
  gate().open();
  expect((await first.ended).exitCode).toBe(0);
  expect(turns()).toEqual(["first", "second", "first"]);
});

describeUnderLock(runs, ({ place, locked, vanish }) => {
  it("the second refuses at once, and says whom it would disturb", slow, async () => {
    const first = await locked("first");
    await gate().reached;
    const second = await (await locked("second")).ended;
    expect(second.stderr).toContain("error[lock-held]");
    expect(second.stderr).toContain(`first-person on ${hostname()}`);
    expect(second.stderr).toContain("https://github.example/acme/access/actions/runs/first-run");
    expect(second.exitCode).toBe(4);
    gate().open();
    expect((await first.ended).exitCode).toBe(0);
    expect(turns()).toEqual(["first"]);
    expect([groupsOf("first"), groupsOf("second")]).toEqual([4, 0]);
  });

  it("the second waits, and both are applied one after the other", slow, async () => {
    const first = await locked("first");
    await gate().reached;
    const second = await locked("second", "--lock-wait", "10m");
    expect(await second.says("first-person")).toContain("Waiting for the lock, which another run holds");
    gate().open();
    const ends = await Promise.all([first.ended, second.ended]);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(turns()).toEqual(["first", "second"]);
    expect([groupsOf("first"), groupsOf("second")]).toEqual([4, 4]);
  });

  it("a run that is interrupted while it waits has done nothing", slow, async () => {
    const first = await locked("first");
    await gate().reached;
    const second = await locked("second", "--lock-wait", "10m");
    await second.says("Waiting for the lock");
    second.kill("SIGINT");
    const { stderr, exitCode } = await second.ended;
    expect(stderr).toMatch(/\nInterrupted\. Nothing was changed\.\n$/);
    expect(exitCode).toBe(130);
    gate().open();
    expect((await first.ended).exitCode).toBe(0);
    expect(turns()).toEqual(["first"]);
  });

  it("a run that was killed keeps the others out until it is unlocked by its id", slow, async () => {
    const first = await locked("first");
    await gate().reached;
    first.kill("SIGKILL");
    await first.ended;
    const refused = await (await locked("second")).ended;
    expect(refused.exitCode).toBe(4);
    const [, id] = /^ +\| id +(\S+)$/m.exec(refused.stderr) ?? [];
    expect(id, refused.stderr).toBeDefined();
    const env = { ...sandboxEnvironment(world().sandbox.url), ...place().env };
    const other = await startReconcile(["unlock", place().url, "--force-unlock", "another"], { env }).ended;
    expect(other.stderr).toContain("error[lock-id-mismatch]");
    expect((await (await locked("second")).ended).exitCode).toBe(4);
    const unlocked = await startReconcile(["unlock", place().url, "--force-unlock", String(id)], { env })
      .ended;
    expect(unlocked.stdout).toContain(`Unlocked ${place().url}.`);
    expect((await (await locked("second")).ended).exitCode).toBe(0);
    expect(turns()).toEqual(["first", "second"]);
  });

  it.each(["--plan", "--expect"])(
    "a run with %s shows whoever comes which plan it is at",
    slow,
    async (by) => {
      const { folder, env } = await prepare("first");
      const run = { cwd: folder, env: { ...env, ...place().env } };
      const planned = await startReconcile(["plan", "--out", "plan.json", "--format", "json"], run).ended;
      const { digest } = JSON.parse(planned.stdout) as { readonly digest: string };
      const approval = [by, by === "--plan" ? "plan.json" : digest];
      const first = startReconcile(["apply", "--rps", "1000", "--lock", place().url, ...approval], run);
      await gate().reached;
      const second = await (await locked("second")).ended;
      expect(second.stderr).toMatch(new RegExp(`^ +\\| +plan +${digest}$`, "m"));
      gate().open();
      expect((await first.ended).exitCode).toBe(0);
    },
  );

  it("nothing is read or written where the lock cannot be reached", slow, async () => {
    const comeBack = await vanish();
    const run = await (await locked("second")).ended;
    await comeBack();
    expect(run.stderr).toMatch(/error\[[a-z-]+\]: The lock is out of reach\. .*\n {2}= /);
    expect(run.exitCode).toBe(1);
    expect(world().log).toEqual([]);
    expect(await readdir(lastFolder())).toEqual(["access.yaml"]);
  });
});
