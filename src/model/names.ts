/**
 * The candidate that was most likely meant by a mistyped `name`; undefined where none is close. Case and Unicode
 * form count for nothing, a transposition counts as one edit. Ties go to the first candidate.
 */
export const closestName = (name: string, candidates: Iterable<string>): string | undefined => {
  const wanted = foldName(name);
  if (wanted.length > longestComparable) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const folded = foldName(candidate);
    if (Math.abs(folded.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, folded);
    if (distance < bestDistance && distance < Math.max(wanted.length, folded.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
};

/** Two names that are equal after this look like twins: case and Unicode form are the only difference. */
export const foldName = (name: string): string => name.normalize("NFKC").toLowerCase();

/** Longer names are rarely mistyped copies, and the work grows with the square of the length. */
const longestComparable = 128;

/** Damerau-Levenshtein distance, adjacent transpositions only. */
const editDistance = (a: string, b: string): number => {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforePrevious, j - 2) + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
};

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;
