/**
 * Breaks a line between words so that no part is wider than `width`, where words allow. Never less than 40. An option
 * stays on one line with its value: it is there to be copied.
 */
export const wrap = (text: string, width: number): string[] => {
  const limit = Math.max(40, width);
  if (text.length <= limit) return [text];
  const lines: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    let before = rest.lastIndexOf(" ", limit);
    if (isInOption(rest, before)) before = rest.lastIndexOf(" ", before - 1);
    let at = before > 0 ? before : rest.indexOf(" ", limit);
    if (isInOption(rest, at)) at = rest.indexOf(" ", at + 1);
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  if (rest !== "") lines.push(rest);
  return lines;
};

const isInOption = (text: string, blank: number): boolean =>
  /(^| )--allow$/.test(text.slice(0, Math.max(0, blank)));
