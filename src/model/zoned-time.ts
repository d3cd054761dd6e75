/**
 * Clocks on the wall of a time zone. A wall time is what such a clock shows, as epoch milliseconds of the same digits
 * in UTC: then days and hours are plain arithmetic, and only here a zone's rules are asked for.
 */
export interface Zone {
  readonly wallTime: (instant: number) => number;
  /**
   * When the clock shows a wall time: twice where it is put back over it, and where it is put forward over it, the
   * moment when that is done. In epoch milliseconds, to the minute.
   */
  readonly instants: (wallTime: number) => { readonly first: number; readonly last: number };
}

/** Whether it is the name of a time zone, such as Europe/Berlin. */
export const isTimeZone = (name: string): boolean => {
  // Offsets would be taken by newer versions of Node.js only.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
};

/** Throws RangeError where there is no such time zone. */
export const zoneOf = (name: string): Zone => {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const wallTime = (instant: number): number => {
    const shown = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
    return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  };
  return { wallTime, instants: (wanted) => instantsOf(wanted, wallTime) };
};

const minute = 60_000;
const day = 24 * 60 * minute;

/** Zones are within a day of UTC, and do not change their clocks twice within two. */
const instantsOf = (
  wanted: number,
  wallTime: Zone["wallTime"],
): { readonly first: number; readonly last: number } => {
  const candidates = [wanted - day, wanted + day].map((instant) => wanted - (wallTime(instant) - instant));
  const shown = candidates.filter((instant) => wallTime(instant) === wanted);
  if (shown.length > 0) return { first: Math.min(...shown), last: Math.max(...shown) };
  const jump = firstMinute(
    Math.min(...candidates),
    Math.max(...candidates),
    (instant) => wallTime(instant) > wanted,
  );
  return { first: jump, last: jump };
};

/** The first minute from `low` to `high` of which `holds` is true, where it is true of all that follow. */
const firstMinute = (low: number, high: number, holds: (instant: number) => boolean): number => {
  let [before, after] = [low, high];
  while (after - before > minute) {
    const middle = before + Math.floor((after - before) / (2 * minute)) * minute;
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return holds(before) ? before : after;
};
