import { setImmediate } from "node:timers/promises";
import type { LockClock } from "../../../../src/lock/store.ts";

/** One time for several machines, which may each have it wrong. It passes only when told to. */
export interface FakeTime {
  /** The true time, epoch milliseconds. */
  readonly now: () => number;
  /** A machine whose clock is ahead by so many milliseconds. */
  machine(seed: number, ahead?: number): LockClock;
  /** Lets time pass; whoever sleeps wakes up in order. */
  advance(milliseconds: number): Promise<void>;
  /** The machines are suspended for so long: time passes, and what is left of every sleep stays as it was. */
  suspend(milliseconds: number): void;
  /** How many sleep now. */
  sleepers(): number;
}

/** Starts with the whole second that it is: where a reply's Date is far off, the SDK tries again, and really waits. */
export const createFakeTime = (): FakeTime => {
  let time = Math.floor(Date.now() / 1000) * 1000;
  const sleeping = new Set<{ at: number; readonly wake: () => void }>();
  return {
    now: () => time,
    sleepers: () => sleeping.size,
    machine: (seed, ahead = 0) => ({
      now: () => time + ahead,
      random: randomFrom(seed),
      sleep: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          const stop = (): void => {
            sleeping.delete(sleeper);
            reject(new Error("aborted"));
          };
          const wake = (): void => {
            sleeping.delete(sleeper);
            signal?.removeEventListener("abort", stop);
            resolve();
          };
          const sleeper = { at: time + milliseconds, wake };
          if (signal?.aborted === true) return reject(new Error("aborted"));
          sleeping.add(sleeper);
          signal?.addEventListener("abort", stop, { once: true });
        }),
    }),
    suspend: (milliseconds) => {
      time += milliseconds;
      for (const sleeper of sleeping) sleeper.at += milliseconds;
    },
    advance: async (milliseconds) => {
      const end = time + milliseconds;
      for (;;) {
        await setImmediate();
        const [next] = [...sleeping].sort((a, b) => a.at - b.at);
        if (next === undefined || next.at > end) break;
        time = Math.max(time, next.at);
        next.wake();
      }
      time = end;
      await setImmediate();
    },
  };
};

/** Resolves when the condition holds. What is waited for is real: a call over the loopback. */
export const eventually = async (condition: () => boolean): Promise<void> => {
  const giveUpAt = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > giveUpAt) throw new Error(`It never came: ${condition.toString()}`);
    await setImmediate();
  }
};

const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};
