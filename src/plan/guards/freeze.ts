import type { FreezeTime, WeeklyTime } from "../../model/guards.ts";
import { type Zone, zoneOf } from "../../model/zoned-time.ts";
import type { GuardArgs } from "../plan.ts";
import type { GuardInput } from "./guard.ts";

/**
 * In a freeze window nothing is applied: what takes access away is a change, too, and in an emergency there is the
 * override. It ends with the window, and fits no other.
 */
export const checkFreeze = ({ changes, settings, now }: GuardInput): GuardArgs[] => {
  if (now === null || changes.length === 0) return [];
  return settings.freeze.flatMap(({ name, reason, time }) => {
    const until = frozenUntil(time, now);
    return until === null ? [] : [{ count: changes.length, window: name, reason, until: timeText(until) }];
  });
};

const timeText = (epochMilliseconds: number): string =>
  new Date(epochMilliseconds).toISOString().replace(".000Z", "Z");

/** When that ends which holds now, in epoch milliseconds; null: nothing holds. */
export const frozenUntil = (time: FreezeTime, now: number): number | null => {
  if (time.kind === "once") return time.from <= now && now < time.to ? time.to : null;
  const zone = zoneOf(time.timeZone);
  let until = endOf(time, zone, now);
  if (until === null) return null;
  // A weekend is one window, though its days are two. In a week there is a gap (rules of the manifest).
  for (let days = 0; days < 8; days += 1) {
    const next = endOf(time, zone, until);
    if (next === null) break;
    until = next;
  }
  return until;
};

const minute = 60_000;
const day = 24 * 60 * minute;

/** Of the one that began the day before, or today. */
const endOf = ({ days, from, to }: WeeklyTime, zone: Zone, now: number): number | null => {
  const today = Math.floor(zone.wallTime(now) / day) * day;
  const ends = [today - day, today].flatMap((date) => {
    if (!days.includes(new Date(date).getUTCDay())) return [];
    const begin = zone.instants(date + from * minute).first;
    const end = afterLast(zone, date + to * minute + (to > from ? 0 : day) - minute);
    return begin <= now && now < end ? [end] : [];
  });
  return ends.length === 0 ? null : Math.max(...ends);
};

/** When the clock shows more than this wall time for good: where it is put back to the very next minute, before that. */
const afterLast = (zone: Zone, wallTime: number): number => {
  const { last } = zone.instants(wallTime);
  return zone.wallTime(last) === wallTime ? last + minute : last;
};
