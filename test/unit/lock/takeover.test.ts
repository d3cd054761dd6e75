/** A lock that changes hands: from a run that died, or behind the back of one that has not. */
import { expect, it } from "vitest";
import { acquireLock } from "../../../src/lock/acquire.ts";
import { LockHeldError } from "../../../src/lock/holder.ts";
import type { LockRecord } from "../../../src/lock/record.ts";
import { unlock } from "../../../src/lock/unlock.ts";
import { describeContests, minute } from "./support/contest.ts";
import { eventually } from "./support/fake-time.ts";
import { options } from "./support/options.ts";

const hour = 60 * minute;

describeContests("a lock that changes hands", (contest) => {
  it("takes over when the lease of a holder that died has run out, not before", async () => {
    const { time, open } = contest();
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
      const { time, open } = contest();
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
    const { time, open } = contest();
    await leaveBehind();
    await time.advance(minute + 3000);
    const second = await acquireLock(await open(2, -5 * hour), options());
    expect(second.takenOverFrom).not.toBeNull();
    await second.release();
  });

  it("tells a holder at its next renewal that somebody else has the lock, and leaves that one alone", async () => {
    const { time, open } = contest();
    const first = await acquireLock(await open(1), options());
    await takeBehindItsBack();
    const thief = await acquireLock(await open(9), options({ owner: "john", host: "runner-2" }));
    await time.advance(20_000);
    await eventually(() => first.lost.aborted);
    expect(first.lost.reason).toMatchObject({ code: "lock-lost" });
    expect(String(first.lost.reason)).toContain("john on runner-2");
    await first.release();
    expect((await (await open(6)).read())?.record).toMatchObject({ id: thief.record.id, state: "held" });
    await thief.release();
  });

  it("tells a holder that it was unlocked", async () => {
    const { time, open } = contest();
    const first = await acquireLock(await open(1), options());
    await takeBehindItsBack();
    await time.advance(20_000);
    await eventually(() => first.lost.aborted);
    expect(String(first.lost.reason)).toContain("was unlocked by somebody else");
    await first.release();
  });

  it("unlocks a holder that renewed after it was seen, and nobody who came after that holder", async () => {
    const { time, open } = contest();
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

  /** What a run leaves that was killed. */
  const leaveBehind = async (): Promise<LockRecord> => {
    const { open } = contest();
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
    const { open } = contest();
    const store = await open(8);
    const seen = await store.read();
    expect(seen !== null && (await unlock(store, seen))).toBe(true);
  };
});
