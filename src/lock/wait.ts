/** Milliseconds of 90s, 10m, 1h, or 0; null where the text is no such time, or more than a day. */
export const parseWait = (text: string): number | null => {
  const match = /^(\d{1,6})(s|m|h)$/.exec(text);
  if (match === null) return text === "0" ? 0 : null;
  const milliseconds = Number(match[1]) * (units[match[2] ?? ""] ?? 0);
  return milliseconds <= day ? milliseconds : null;
};

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

const day = 86_400_000;
