import { isMap, isNode, isScalar, isSeq, type YAMLMap, YAMLSeq } from "yaml";
import type { LineEdit } from "./line-edits.ts";
import type { ChildPlace, SectionPlace } from "./places.ts";
import { nodeOf, print, printEntry } from "./print-node.ts";

/** What of a section has been touched. */
export interface SectionEdits {
  readonly children: Set<string>;
  readonly entries: Map<number, readonly unknown[]>;
  readonly added: unknown[];
}

/**
 * Lines for what has been touched; a section that is not written as a block, or that is new, is printed as a whole.
 */
export const sectionEdits = (
  section: string,
  edits: SectionEdits,
  root: YAMLMap,
  place: SectionPlace | undefined,
  lines: readonly string[],
): LineEdit[] => {
  const value: unknown = root.get(section);
  if (isMap(value)) return mapEdits(section, value, edits.children, place, lines);
  const entries = isSeq(value) ? value.items : [];
  return listEdits(section, entries, edits, place, lines);
};

const mapEdits = (
  section: string,
  map: YAMLMap,
  touched: ReadonlySet<string>,
  place: SectionPlace | undefined,
  lines: readonly string[],
): LineEdit[] => {
  const whole = map.items.length === 0 ? [] : print(section, map, 0, false);
  if (place === undefined) return [append(lines, whole)];
  // A section without anything would be an empty value.
  if (map.items.length === 0 || place.children === null) return [{ ...place, lines: whole }];
  const { children, end } = place;
  const indent = [...children.values()][0]?.indent ?? 2;
  const inserted: string[] = [];
  const edits = [...touched].flatMap((key): LineEdit[] => {
    const there = children.get(key);
    const pair = map.items.find((item) => keyText(item.key) === key);
    const text = pair === undefined ? [] : print(key, pair.value, indent, isPadded(there, lines));
    if (there !== undefined) return [{ start: there.start, end: there.end, lines: text }];
    inserted.push(...text);
    return [];
  });
  return inserted.length === 0 ? edits : [...edits, insertion(lines, end, inserted)];
};

const listEdits = (
  section: string,
  entries: readonly unknown[],
  edit: SectionEdits,
  place: SectionPlace | undefined,
  lines: readonly string[],
): LineEdit[] => {
  const { entries: replaced, added } = edit;
  const after = listAfter(entries, edit);
  const whole = after.items.length === 0 ? [] : print(section, after, 0, false);
  if (place === undefined) return [append(lines, whole)];
  if (after.items.length === 0 || place.children === null) return [{ ...place, lines: whole }];
  const { children, end } = place;
  const indent = [...children.values()][0]?.indent ?? 2;
  const edits = [...replaced].flatMap(([index, now]): LineEdit[] => {
    const there = children.get(String(index));
    if (there === undefined) return [];
    const text = now.flatMap((entry) => printEntry(entry, indent, isPadded(there, lines)));
    return [{ start: there.start, end: there.end, lines: text }];
  });
  const inserted = added.flatMap((entry) => printEntry(entry, indent, false));
  return inserted.length === 0 ? edits : [...edits, insertion(lines, end, inserted)];
};

export const listAfter = (
  entries: readonly unknown[],
  { entries: replaced, added }: SectionEdits,
): YAMLSeq => {
  const list = new YAMLSeq();
  for (const entry of [...entries.flatMap((each, index) => replaced.get(index) ?? [each]), ...added]) {
    list.add(isNode(entry) ? entry : nodeOf(entry));
  }
  return list;
};

/** `{ a: b }` as the author wrote it, else `{a: b}`. */
const isPadded = (place: ChildPlace | undefined, lines: readonly string[]): boolean =>
  place !== undefined && lines.slice(place.start, place.end).some((line) => line.includes("{ "));

const keyText = (key: unknown): string => String(isScalar(key) ? key.value : key);

/** The text before may end without a line break, which it then gets. */
const insertion = (lines: readonly string[], at: number, inserted: readonly string[]): LineEdit => {
  const before = lines[at - 1];
  return before === undefined || before.endsWith("\n")
    ? { start: at, end: at, lines: inserted }
    : { start: at - 1, end: at, lines: [`${before}\n`, ...inserted] };
};

const append = (lines: readonly string[], text: readonly string[]): LineEdit =>
  insertion(lines, lines.length, lines.length === 0 ? text : ["\n", ...text]);
