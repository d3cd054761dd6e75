/** Replacements of whole lines of one text, and the patch (unified diff) that makes them. */
export interface LineEdit {
  /** From 0; the lines from `start` up to, not including, `end` are replaced. */
  readonly start: number;
  readonly end: number;
  /** Each with its line break. */
  readonly lines: readonly string[];
}

/** Each with its line break; only the last one may have none. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** One file of a patch; "" where nothing changes. The edits must not overlap. */
export const patchOf = (file: string, lines: readonly string[], edits: readonly LineEdit[]): string => {
  const steps = edits
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .flatMap((edit) => stepsOf(lines, edit));
  const hunks = hunksOf(steps);
  if (hunks.length === 0) return "";
  let shift = 0;
  const texts = hunks.map((hunk) => {
    const text = hunkText(lines, hunk, shift);
    for (const { gone, fresh } of hunk) shift += fresh.length - gone;
    return text;
  });
  return `--- a/${file}\n+++ b/${file}\n${texts.join("")}`;
};

/** At a place, so many lines go and these come. */
interface Step {
  readonly at: number;
  readonly gone: number;
  readonly fresh: readonly string[];
}

/** The fewest lines that have to go and come, by longest common subsequence: an edit is one declaration, not a file. */
const stepsOf = (lines: readonly string[], { start, end, lines: after }: LineEdit): Step[] => {
  const before = lines.slice(start, end);
  const longest = commonLengths(before, after);
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const [fromI, fromJ] = [i, j];
    while (i < before.length || j < after.length) {
      if (i < before.length && j < after.length && before[i] === after[j]) break;
      const skipOld = longest[i + 1]?.[j] ?? -1;
      const skipNew = longest[i]?.[j + 1] ?? -1;
      if (i < before.length && (j >= after.length || skipOld >= skipNew)) i += 1;
      else j += 1;
    }
    steps.push({ at: start + fromI, gone: i - fromI, fresh: after.slice(fromJ, j) });
  }
  return steps;
};

const commonLengths = (a: readonly string[], b: readonly string[]): number[][] => {
  const lengths = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] =
        a[i] === b[j]
          ? (lengths[i + 1]?.[j + 1] ?? 0) + 1
          : Math.max(lengths[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
};

const context = 3;

/** Steps whose surroundings touch stand in one hunk. */
const hunksOf = (steps: readonly Step[]): Step[][] => {
  const hunks: Step[][] = [];
  for (const step of steps) {
    const last = hunks.at(-1)?.at(-1);
    if (last !== undefined && step.at - (last.at + last.gone) <= 2 * context) hunks.at(-1)?.push(step);
    else hunks.push([step]);
  }
  return hunks;
};

const hunkText = (lines: readonly string[], hunk: readonly Step[], shift: number): string => {
  const first = hunk[0]?.at ?? 0;
  const last = hunk.at(-1);
  const from = Math.max(0, first - context);
  const to = Math.min(lines.length, (last === undefined ? first : last.at + last.gone) + context);
  const out: string[] = [];
  let at = from;
  for (const { at: place, gone, fresh } of hunk) {
    out.push(...lines.slice(at, place).map((line) => ` ${line}`));
    out.push(...lines.slice(place, place + gone).map((line) => `-${line}`));
    out.push(...fresh.map((line) => `+${line}`));
    at = place + gone;
  }
  out.push(...lines.slice(at, to).map((line) => ` ${line}`));
  const grown = hunk.reduce((sum, { gone, fresh }) => sum + fresh.length - gone, 0);
  const before = range(from, to - from);
  const after = range(from + shift, to - from + grown);
  return `@@ -${before} +${after} @@\n${out.map(ended).join("")}`;
};

const range = (from: number, count: number): string => `${count === 0 ? from : from + 1},${count}`;

const ended = (line: string): string =>
  line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`;
