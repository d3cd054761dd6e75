/** Freeze windows of every week against a clock that is looked at minute by minute, on the days when clocks change. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { WeeklyTime } from "../../src/model/guards.ts";
import { zoneOf } from "../../src/model/zoned-time.ts";
import { frozenUntil } from "../../src/plan/guards/freeze.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/** With a moment when their clocks change. */
const changes: readonly (readonly [string, string])[] = [
  ["Europe/Berlin", "2026-03-29T01:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00Z"],
  ["America/New_York", "2026-11-01T06:00Z"],
  // By half an hour.
  ["Australia/Lord_Howe", "2026-04-04T15:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30Z"],
  // At midnight: a day without its first hour, and one that has its last hour twice.
  ["Asia/Beirut", "2026-03-28T22:00Z"],
  ["Asia/Beirut", "2026-10-24T21:00Z"],
  ["UTC", "2026-11-24T00:00Z"],
];

/** Whether one holds that began on `date`: from when the clock first shows `from`, or more, until it last shows less than `to`. */
const holds = (
  { from, to }: WeeklyTime,
  date: number,
  wall: readonly (readonly [number, number])[],
  now: number,
) => {
  const [begin] = wall.find(([, shown]) => shown >= date + from * minute) ?? [Infinity];
  const end = date + to * minute + (to > from ? 0 : day);
  const [last] = wall.findLast(([, shown]) => shown < end) ?? [-Infinity];
  return begin <= now && now <= last;
};

it("hold when the clocks of their zone say so, and end when they are told to end", () => {
  const clocks = new Map(
    changes.map((change) => {
      const { wallTime } = zoneOf(change[0]);
      const middle = Date.parse(change[1]);
      const minutes = Array.from(
        { length: 8 * 24 * 60 },
        (_, index) => middle + (index - 4 * 24 * 60) * minute,
      );
      return [change, minutes.map((instant) => [instant, wallTime(instant)] as const)];
    }),
  );
  const times = fc.oneof(fc.constantFrom(0, 1, 30, 60, 90, 119, 120, 150, 180, 1380, 1439), fc.nat(1439));
  fc.assert(
    fc.property(
      fc.constantFrom(...changes),
      fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 6 }),
      times,
      times,
      fc.integer({ min: -26 * 60, max: 26 * 60 }),
      (change, days, from, to, offset) => {
        fc.pre(from !== to || from === 0);
        const wall = clocks.get(change) ?? [];
        const window: WeeklyTime = { kind: "weekly", days, from, to, timeZone: change[0] };
        const isFrozen = (now: number): boolean => {
          const today =
            Math.floor((wall.find(([instant]) => instant === now)?.[1] ?? Number.NaN) / day) * day;
          return [today - day, today].some(
            (date) => days.includes(new Date(date).getUTCDay()) && holds(window, date, wall, now),
          );
        };
        const now = Date.parse(change[1]) + offset * minute;
        const until = frozenUntil(window, now);
        expect(until !== null).toBe(isFrozen(now));
        if (until === null || until > now + 2 * day) return;
        for (let each = now; each < until; each += 7 * minute) expect(isFrozen(each)).toBe(true);
        expect([isFrozen(until - minute), isFrozen(until)]).toEqual([true, false]);
      },
    ),
    { numRuns: 400 },
  );
});
