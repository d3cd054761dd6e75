/** A piece of a document that can be cut from its end, item by item, or left out. */
export interface Part {
  readonly before: string;
  /** Each ends with a line break. */
  readonly items: readonly Item[];
  readonly after: string;
  /** Parts of a lower rank get room first. */
  readonly rank: number;
  /** How much of the room it may take, from 0 to 1, before all others had their turn. */
  readonly share: number;
  /** What is counted of it. */
  readonly noun: string;
}

export interface Item {
  readonly text: string;
  /** How many of the noun it stands for. */
  readonly counts: number;
}

/** Says how much is missing. Ends with a line break. */
export type Omission = (count: number, noun: string) => string;

/** How many items of each part fit into `room` characters together, with what is said of the rest of a cut part. */
export const fitParts = (parts: readonly Part[], room: number, omission: Omission): number[] => {
  const measures = parts.map((part) => measure(part, omission));
  const kept = parts.map(() => 0);
  const order = parts.map((_, index) => index).sort((a, b) => rankOf(parts, a) - rankOf(parts, b) || a - b);
  let left = room;
  for (const turn of ["share", "rest"] as const) {
    for (const index of order) {
      const [part, size] = [parts[index], measures[index]];
      if (part === undefined || size === undefined) continue;
      const had = size(kept[index] ?? 0);
      const most = had + (turn === "share" ? Math.min(left, Math.floor(room * part.share)) : left);
      const count = largest(part, size, most);
      kept[index] = count;
      left -= size(count) - had;
    }
  }
  return kept;
};

export const countOf = (items: readonly Item[]): number => items.reduce((sum, { counts }) => sum + counts, 0);

export const renderPart = (
  { before, items, after, noun }: Part,
  kept: number,
  omission: Omission,
): string => {
  if (kept === 0) return "";
  const body = items.slice(0, kept).map(({ text }) => text);
  const rest = countOf(items.slice(kept));
  return `${before}${body.join("")}${after}${rest === 0 ? "" : omission(rest, noun)}`;
};

const rankOf = (parts: readonly Part[], index: number): number => parts[index]?.rank ?? 0;

/** The length of the part with its first items, at most. */
const measure = ({ before, items, after, noun }: Part, omission: Omission): ((kept: number) => number) => {
  const frame = before.length + after.length;
  const cut = omission(countOf(items), noun).length;
  const sums = [0];
  for (const { text } of items) sums.push((sums.at(-1) ?? 0) + text.length);
  return (kept) => (kept === 0 ? 0 : frame + (sums[kept] ?? 0) + (kept < items.length ? cut : 0));
};

/** The most items that fit. A part of which nothing that counts would be left is left out. */
const largest = ({ items }: Part, size: (kept: number) => number, most: number): number => {
  if (size(items.length) <= most) return items.length;
  let [low, high] = [0, items.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (size(middle) <= most) low = middle;
    else high = middle - 1;
  }
  return items.slice(0, low).some(({ counts }) => counts > 0) ? low : 0;
};
