import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../../../src/apply/clock.ts";

/** A clock that jumps to the next sleeper as soon as nothing else runs, so that minutes pass in no time. */
export const createVirtualClock = (): Clock & {
  readonly at: (milliseconds: number, run: () => void) => void;
} => {
  let time = Date.UTC(2026, 0, 1);
  let sleepers: { at: number; wake: () => void }[] = [];
  let pumping = false;

  const pump = async (): Promise<void> => {
    pumping = true;
    while (sleepers.length > 0) {
      // Whatever is runnable now, chains of promises included, comes before time moves on.
      for (let turns = 0; turns < 5; turns += 1) await turn();
      const next = Math.min(...sleepers.map(({ at }) => at));
      time = Math.max(time, next);
      const due = sleepers.filter(({ at }) => at <= time);
      sleepers = sleepers.filter(({ at }) => at > time);
      for (const { wake } of due) wake();
    }
    pumping = false;
  };
  const wakeAt = (at: number, wake: () => void): void => {
    sleepers.push({ at, wake });
    if (!pumping) void pump();
  };
  return {
    now: () => time,
    sleep: (milliseconds) => new Promise((wake) => wakeAt(time + milliseconds, () => wake())),
    random: () => 0.5,
    at: (milliseconds, run) => wakeAt(time + milliseconds, run),
  };
};
