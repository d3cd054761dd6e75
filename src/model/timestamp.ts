/**
 * An RFC 3339 time with its offset (2026-12-31T18:00:00Z, ...+01:00) as epoch milliseconds; null where the text is no
 * such time, or names a day or an hour that does not exist.
 */
export const parseTimestamp = (text: string): number | null => {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Parts;
  const [offsetHour, offsetMinute] = [Number(match[8] ?? 0), Number(match[9] ?? 0)];
  if (!isDate(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  if (offsetHour > 23 || offsetMinute > 59) return null;
  return Date.parse(text.toUpperCase());
};

/** Whether the text is a day that exists, as YYYY-MM-DD. */
export const isDateText = (text: string): boolean => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match !== null && isDate(Number(match[1]), Number(match[2]), Number(match[3]));
};

/** A time of day, HH:MM from 00:00 to 23:59, as minutes since midnight; null where the text is none. */
export const parseTimeOfDay = (text: string): number | null => {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined || minute === undefined ? null : Number(hour) * 60 + Number(minute);
};

type Parts = [year: number, month: number, day: number, hour: number, minute: number, second: number];

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

const isDate = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
