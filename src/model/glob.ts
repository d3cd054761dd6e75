/**
 * Patterns over names: `*` stands for any characters, `?` for exactly one, everything else for itself, and a match
 * covers the whole name. Account names may hold any character, so nothing else is special and nothing is escaped.
 */
export const isGlob = (pattern: string): boolean => /[*?]/.test(pattern);

/** Case-sensitive. Time is at most (length of the pattern) × (length of the text). */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (!isGlob(pattern)) return (text) => text === pattern;
  const glob = pattern.replace(/\*+/g, "*");
  return glob.includes("?") ? (text) => matches(glob, text) : chunkMatcher(glob.split("*"));
}

/** What stands between the stars: each is looked for after the one before it, which the engine does fastest. */
const chunkMatcher = (chunks: readonly string[]): ((text: string) => boolean) => {
  const first = chunks[0] ?? "";
  const last = chunks.at(-1) ?? "";
  const between = chunks.slice(1, -1);
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
      return false;
    let from = first.length;
    for (const chunk of between) {
      const found = text.indexOf(chunk, from);
      if (found < 0) return false;
      from = found + chunk.length;
    }
    return from <= text.length - last.length;
  };
};

// Only the last star is ever retried: what an earlier one could take instead, the later one can take as well.
function matches(glob: string, text: string): boolean {
  let inGlob = 0;
  let inText = 0;
  let afterStar = -1;
  let starEnd = 0;
  while (inText < text.length) {
    const expected = glob[inGlob];
    if (expected === "*") {
      inGlob += 1;
      afterStar = inGlob;
      starEnd = inText;
    } else if (expected === "?") {
      inGlob += 1;
      inText += characterWidth(text, inText);
    } else if (expected === text[inText]) {
      inGlob += 1;
      inText += 1;
    } else if (afterStar >= 0) {
      starEnd += characterWidth(text, starEnd);
      inText = starEnd;
      inGlob = afterStar;
    } else {
      return false;
    }
  }
  return inGlob === glob.length || (glob[inGlob] === "*" && inGlob + 1 === glob.length);
}

const characterWidth = (text: string, index: number): number =>
  (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
