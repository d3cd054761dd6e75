import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { acquireLock } from "../../../src/lock/acquire.ts";
import { LockHeldError } from "../../../src/lock/holder.ts";
import type { LockRecord } from "../../../src/lock/record.ts";
import type { LockStore } from "../../../src/lock/store.ts";
import { unlock } from "../../../src/lock/unlock.ts";
import { createFakeTime, eventually, type FakeTime } from "./support/fake-time.ts";
import { options } from "./support/options.ts";
import { dynamoDbPlace, type Place, s3Place } from "./support/stores.ts";

const shown = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(".000", "");

const minute = 60_000;
const hour = 60 * minute;

describe.each([
  ["S3", s3Place],
  ["DynamoDB", dynamoDbPlace],
] as const)("two runs and one lock in %s", (_name, start) => {
  let time: FakeTime;
  let place: Place;
  let stores: LockStore[];

  const open = async (seed: number, ahead = 0): Promise<LockStore> => {
    const store = await place.open(time.machine(seed, ahead));
    stores.push(store);
    return store;
  };

  beforeEach(async () => {
    time = createFakeTime();
    place = await start(time.now);
    stores = [];
  });

  afterEach(async () => {
    for (const store of stores) store.close();
    await place.close();
    vi.unstubAllEnvs();
  });

  it("lets one in, and refuses the other with who it is, since when, until when, and what to do", async () => {
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
    const first = await acquireLock(await open(1), options());
    const { fence } = first;
    await first.release();
    const second = await acquireLock(await open(2), options({ owner: "john", planDigest: "abc" }));
    expect(second.takenOverFrom).toBeNull();
    expect(second.fence).not.toBe(fence);
    const there = await stores[0]?.read();
    expect(there?.record).toMatchObject({ state: "held", owner: "john", planDigest: "abc" });
    expect(there?.fence).toBe(second.fence);
    await second.release();
  });

  it("lets in exactly one of many that come at once", async () => {
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

  it("takes over when the lease of a holder that died has run out, not before", async () => {
    const dead = await leaveBehind();
    await time.advance(minute + 1000);
    await expect(acquireLock(await open(2), options())).rejects.toBeInstanceOf(LockHeldError);
    await time.advance(2000);
    const second = await acquireLock(await open(3), options({ owner: "john" }));
    expect(second.takenOverFrom).toMatchObject({ id: dead.id, owner: "jane" });
    await second.release();
  });

  it.each([
    ["behind", -5 * hour],
    ["ahead", 5 * hour],
  ])(
    "does not take a lock that is held by a machine, or for one, whose clock is %s",
    async (_where, ahead) => {
      const first = await acquireLock(await open(1, ahead), options());
      await expect(acquireLock(await open(2), options())).rejects.toBeInstanceOf(LockHeldError);
      expect(first.record.until).toBe(time.now() + minute);
      await first.release();
      const right = await acquireLock(await open(3), options());
      await expect(acquireLock(await open(4, ahead), options())).rejects.toBeInstanceOf(LockHeldError);
      await right.release();
    },
  );

  it("takes over at the right time with a wrong clock", async () => {
    await leaveBehind();
    await time.advance(minute + 3000);
    const second = await acquireLock(await open(2, -5 * hour), options());
    expect(second.takenOverFrom).not.toBeNull();
    await second.release();
  });

  it("tells a holder at its next renewal that somebody else has the lock, and leaves that one alone", async () => {
    const first = await acquireLock(await open(1), options());
    await takeBehindItsBack();
    const thief = await acquireLock(await open(9), options({ owner: "john", host: "runner-2" }));
    await time.advance(20_000);
    await eventually(() => first.lost.aborted);
    expect(first.lost.reason).toMatchObject({ code: "lock-lost" });
    expect(String(first.lost.reason)).toContain("john on runner-2");
    await first.release();
    expect((await stores[0]?.read())?.record).toMatchObject({ id: thief.record.id, state: "held" });
    await thief.release();
  });

  it("tells a holder that it was unlocked", async () => {
    const first = await acquireLock(await open(1), options());
    await takeBehindItsBack();
    await time.advance(20_000);
    await eventually(() => first.lost.aborted);
    expect(String(first.lost.reason)).toContain("was unlocked by somebody else");
    await first.release();
  });

  it("unlocks a holder that renewed after it was seen, and nobody who came after that holder", async () => {
    const store = await open(1);
    const first = await acquireLock(store, options());
    const other = await open(2);
    const seen = await other.read();
    await time.advance(20_000);
    await eventually(() => first.fence !== seen?.fence);
    expect(seen !== null && (await unlock(other, seen))).toBe(true);
    const next = await acquireLock(await open(3), options({ owner: "john" }));
    expect(seen !== null && (await unlock(other, seen))).toBe(false);
    expect((await other.read())?.record).toMatchObject({ id: next.record.id, state: "held" });
    await next.release();
    await time.advance(20_000);
    await eventually(() => first.lost.aborted);
    await first.release();
  });

  it("gives the lock back where it was interrupted while taking it", async () => {
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
    const first = await acquireLock(await open(1), options());
    await Promise.all([first.release(), first.release()]);
    const second = await acquireLock(await open(2), options());
    await first.release();
    expect((await stores[0]?.read())?.record).toMatchObject({ id: second.record.id, state: "held" });
    await second.release();
  });

  /** What a run leaves that was killed. */
  const leaveBehind = async (): Promise<LockRecord> => {
    const store = await open(7);
    const held = await acquireLock(store, options());
    const { record } = held;
    const { fence } = held;
    await held.release();
    const released = await store.read();
    expect(
      await store.write({ ...record, write: fence.replaceAll('"', "") }, released?.fence ?? null),
    ).not.toBeNull();
    return record;
  };

  const takeBehindItsBack = async (): Promise<void> => {
    const store = await open(8);
    const seen = await store.read();
    expect(seen !== null && (await unlock(store, seen))).toBe(true);
  };
});
