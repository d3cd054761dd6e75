/**
 * ISO 8601 durations, as session durations are written: PT8H, PT90M, PT1H30M, P1D. Years and months have no fixed
 * length and fractions are nothing that AWS takes, so neither is one here.
 */
const pattern = /^P(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/;

/** Seconds; null where the text is no such duration. */
export function parseDuration(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null || text === "P") return null;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = match;
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** The one spelling that is shown and sent: PT8H, PT1H30M. Whole seconds from 0 up. */
export function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), "H"],
    [Math.floor(seconds / 60) % 60, "M"],
    [seconds % 60, "S"],
  ] as const;
  const text = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join("");
  return `PT${text === "" ? "0S" : text}`;
}
