/** Runs that want the lock at once: one has it, and the others wait, refuse or go. */
import { expect, it } from "vitest";
import { acquireLock } from "../../../src/lock/acquire.ts";
import { LockHeldError } from "../../../src/lock/holder.ts";
import type { LockRecord } from "../../../src/lock/record.ts";
import type { LockStore } from "../../../src/lock/store.ts";
import { describeContests, minute } from "./support/contest.ts";
import { eventually } from "./support/fake-time.ts";
import { options } from "./support/options.ts";

const shown = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(".000", "");

describeContests("two runs and one lock", (contest) => {
  it("lets one in, and refuses the other with who it is, since when, until when, and what to do", async () => {
    const { time, place, open } = contest();
    const first = await acquireLock(await open(1), options());
    expect(first.takenOverFrom).toBeNull();
    await time.advance(5000);

    const error = await acquireLock(await open(2), options({ owner: "john" })).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LockHeldError);
    expect(error).toMatchObject({
      code: "lock-held",
      holder: { owner: "jane", host: "runner-1", runUrl: "https://ci.example/runs/1" },
    });
    const { message, hint = "" } = error as LockHeldError;
    expect(message.split("\n")).toEqual([
      `Another run holds the lock ${place.url}`,
      "owner  jane on runner-1",
      "run    https://ci.example/runs/1",
      `since  ${shown(time.now() - 5000)} (5 s ago)`,
      `lease  until ${shown(time.now() + 55_000)} (for 55 s more, unless it renews it)`,
      `id     ${first.record.id}`,
    ]);
    expect(hint).toContain("--lock-wait 10m");
    expect(hint).toContain(`reconcile unlock ${place.url}`);
    await first.release();
  });

  it("is free again after a release, with another fence", async () => {
    const { open } = contest();
    const first = await acquireLock(await open(1), options());
    const { fence } = first;
    await first.release();
    const second = await acquireLock(await open(2), options({ owner: "john", planDigest: "abc" }));
    expect(second.takenOverFrom).toBeNull();
    expect(second.fence).not.toBe(fence);
    const there = await (await open(6)).read();
    expect(there?.record).toMatchObject({ state: "held", owner: "john", planDigest: "abc" });
    expect(there?.fence).toBe(second.fence);
    await second.release();
  });

  it("lets in exactly one of many that come at once", async () => {
    const { time, open } = contest();
    const runs = await Promise.all([1, 2, 3, 4, 5].map(async (seed) => open(seed)));
    const taking = Promise.allSettled(runs.map((store) => acquireLock(store, options())));
    const progress = { settled: false };
    void taking.finally(() => {
      progress.settled = true;
    });
    while (!progress.settled) {
      // Beyond the two of the holder: those that met somebody else's write.
      await eventually(() => progress.settled || time.sleepers() > 2);
      await time.advance(500);
    }
    const results = await taking;
    const held = results.filter((result) => result.status === "fulfilled");
    expect(held).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(LockHeldError);
    }
    await held[0]?.value.release();
  });

  it("waits, says once for whom, and takes the lock when it is released", async () => {
    const { time, open } = contest();
    const first = await acquireLock(await open(1), options());
    const waitedFor: LockRecord[] = [];
    const waiting = acquireLock(
      await open(2),
      options({ owner: "john", wait: 10 * minute, onWaiting: (holder) => waitedFor.push(holder) }),
    );
    // Two of the holder, and the one that waits.
    await eventually(() => time.sleepers() === 3);
    await time.advance(5000);
    await eventually(() => time.sleepers() === 3);
    expect(waitedFor.map(({ owner }) => owner)).toEqual(["jane"]);

    await first.release();
    await time.advance(5000);
    const second = await waiting;
    expect(second.record.owner).toBe("john");
    await second.release();
  });

  it("refuses when the time to wait is over", async () => {
    const { time, open } = contest();
    const first = await acquireLock(await open(1), options());
    const waiting = acquireLock(await open(2), options({ wait: 7000 })).catch((e: unknown) => e);
    await eventually(() => time.sleepers() === 3);
    await time.advance(5000);
    await eventually(() => time.sleepers() === 3);
    await time.advance(2000);
    expect(await waiting).toBeInstanceOf(LockHeldError);
    await first.release();
  });

  it("stops waiting when it is interrupted", async () => {
    const { time, open } = contest();
    const first = await acquireLock(await open(1), options());
    const interrupt = new AbortController();
    const waiting = acquireLock(await open(2), options({ wait: minute, signal: interrupt.signal }));
    await eventually(() => time.sleepers() === 3);
    const reason = new Error("SIGINT");
    interrupt.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await first.release();
  });

  it("renews the lease while it is held, so that nobody takes it over", async () => {
    const { time, open } = contest();
    const store = await open(1);
    const first = await acquireLock(store, options());
    const fences = new Set([first.fence]);
    for (let beat = 1; beat <= 6; beat += 1) {
      await time.advance(20_000);
      await eventually(() => first.fence !== [...fences].at(-1));
      fences.add(first.fence);
    }
    expect(fences.size).toBe(7);
    expect(first.record.until).toBe(time.now() + minute);
    expect(first.lost.aborted).toBe(false);
    await expect(acquireLock(await open(2), options())).rejects.toBeInstanceOf(LockHeldError);
    await first.release();
    expect((await store.read())?.record.state).toBe("released");
  });

  it("gives the lock back where it was interrupted while taking it", async () => {
    const { open } = contest();
    const interrupt = new AbortController();
    const store = await open(1);
    const { write } = store;
    const slow: LockStore = {
      ...store,
      write: async (...args) => {
        const fence = await write(...args);
        interrupt.abort(new Error("SIGINT"));
        return fence;
      },
    };
    await expect(acquireLock(slow, options({ signal: interrupt.signal }))).rejects.toThrow("SIGINT");
    expect((await store.read())?.record.state).toBe("released");
  });

  it("releases once, however often it is called", async () => {
    const { open } = contest();
    const first = await acquireLock(await open(1), options());
    await Promise.all([first.release(), first.release()]);
    const second = await acquireLock(await open(2), options());
    await first.release();
    expect((await (await open(6)).read())?.record).toMatchObject({ id: second.record.id, state: "held" });
    await second.release();
  });
});
