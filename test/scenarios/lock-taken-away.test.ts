/** A lock that is lost, or comes too late: nothing is begun, and nothing is said to be well that may not be. */
import { expect, it } from "vitest";
import { runInProcess } from "../support/in-process.ts";
import { describeUnderLock, lastWrite, useTwoRuns } from "../support/two-runs.ts";

const slow = { timeout: 90_000 };
const runs = useTwoRuns();
const { world, gate, holdAt, prepare, turns, groupsOf } = runs;

describeUnderLock(runs, ({ place, locked, unlock }) => {
  it("a run whose lock was taken away begins nothing new, and says who has it", slow, async () => {
    const { folder } = await prepare("first");
    let heard = (_text: string): void => {};
    const running = runInProcess(["apply", "--auto-approve", "--rps", "1000", "--lock", place().url], {
      cwd: folder,
      url: gate().url,
      env: place().env,
      // The lease is looked after every few milliseconds and not every few seconds.
      longestSleep: 5,
      onStderr: (text) => heard(text),
    });
    const stopping = new Promise<void>((resolve) => {
      heard = (text) => {
        if (text.includes("Stopping: nothing new is started")) resolve();
      };
    });
    await gate().reached;
    await unlock();
    await stopping;
    const begun = gate().writes();
    gate().open();
    const first = await running;
    expect(first.stderr).toContain(
      `The lock ${place().url} was unlocked by somebody else.\nStopping: nothing new is started`,
    );
    expect(first.stderr).toMatch(/error\[lock-lost\]: .* was unlocked by somebody else\n {2}= /);
    expect(first.exitCode).toBe(130);
    expect(gate().writes()).toBe(begun);
    expect((await (await locked("second")).ended).exitCode).toBe(0);
  });

  it("a run that was not alone to the end does not say that all is well", slow, async () => {
    await holdAt(lastWrite);
    const first = await locked("first");
    await gate().reached;
    await unlock();
    // It might have taken away what the first has made.
    const second = await locked("second");
    expect((await second.ended).exitCode).toBe(0);
    gate().open();
    const { stdout, stderr, exitCode } = await first.ended;
    expect(stderr).toContain("error[lock-lost]: The lock ");
    expect(stdout).toContain("Done, and not certain to stand: The lock ");
    expect(stdout).toContain("Apply not converged: 9 created");
    expect(exitCode).toBe(7);
    expect(turns()).toEqual(["first", "second", "first"]);
  });

  it("a plan that is no longer valid when its turn has come is not applied", slow, async () => {
    const first = await locked("first");
    await gate().reached;
    const { folder } = await prepare("second");
    const planned = Date.now();
    let now = planned;
    const inTime = (args: readonly string[], onStderr: (text: string) => void = () => {}) =>
      runInProcess(args, {
        cwd: folder,
        url: world().sandbox.url,
        env: place().env,
        longestSleep: 5,
        now: () => now,
        onStderr,
      });
    await inTime(["plan", "--out", "plan.json", "--max-age", "1h", "--rps", "1000"]);
    const second = await inTime(
      ["apply", "--plan", "plan.json", "--lock", place().url, "--lock-wait", "20h"],
      (text) => {
        if (!text.includes("Waiting for the lock") || now > planned) return;
        now += 2 * 3_600_000;
        gate().open();
      },
    );
    expect((await first.ended).exitCode).toBe(0);
    expect(second.stderr).toContain("error[plan-expired]");
    expect(second.exitCode).toBe(5);
    expect(groupsOf("second")).toBe(0);
  });
});
