/** Breaks a line between words so that no part is wider than `width`, where words allow. Never less than 40. */
export const wrap = (text: string, width: number): string[] => {
  const limit = Math.max(40, width);
  if (text.length <= limit) return [text];
  const lines: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const before = rest.lastIndexOf(" ", limit);
    const at = before > 0 ? before : rest.indexOf(" ", limit);
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  if (rest !== "") lines.push(rest);
  return lines;
};
