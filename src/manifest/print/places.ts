import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type YAMLMap, type YAMLSeq } from "yaml";

/** Whole lines of a file, from 0: `start` up to, not including, `end`. */
export interface SectionPlace {
  readonly start: number;
  readonly end: number;
  /** By key, or by index in a list; null: they do not each stand on lines of their own. */
  readonly children: ReadonlyMap<string, ChildPlace> | null;
}

export interface ChildPlace {
  readonly start: number;
  readonly end: number;
  /** Blanks before its key, or before the dash. */
  readonly indent: number;
}

/** Where the sections of a manifest file stand, and what is declared in each. */
export const findPlaces = (
  document: Document.Parsed,
  text: string,
  lines: readonly string[],
): ReadonlyMap<string, SectionPlace> => {
  const places = new Map<string, SectionPlace>();
  if (!isMap(document.contents)) return places;
  const lineAt = lineFinder(text);
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key) || key.range === null || key.range === undefined) continue;
    const start = lineAt(key.range[0]);
    const end = endOf(lines, start, indentOf(lines[start] ?? ""), isSeq(value));
    places.set(String(key.value), { start, end, children: childrenOf(value, lines, lineAt) });
  }
  return places;
};

const lineFinder = (text: string): ((offset: number) => number) => {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) counter.addNewLine(at + 1);
  return (offset) => counter.linePos(offset).line - 1;
};

const childrenOf = (
  value: unknown,
  lines: readonly string[],
  lineAt: (offset: number) => number,
): ReadonlyMap<string, ChildPlace> | null => {
  if ((!isMap(value) && !isSeq(value)) || value.flow === true) return null;
  const children = new Map<string, ChildPlace>();
  for (const [id, offset] of isMap(value) ? keysOf(value) : entriesOf(value)) {
    const start = lineAt(offset);
    const line = lines[start] ?? "";
    const indent = indentOf(line);
    children.set(id, { start, end: endOf(lines, start, indent, false), indent });
  }
  return children;
};

const keysOf = ({ items }: YAMLMap): [string, number][] =>
  items.flatMap(({ key }) =>
    isScalar(key) && key.range !== null && key.range !== undefined
      ? [[String(key.value), key.range[0]] as [string, number]]
      : [],
  );

const entriesOf = ({ items }: YAMLSeq): [string, number][] =>
  items.flatMap((item, index) =>
    isNode(item) && item.range !== null && item.range !== undefined
      ? [[String(index), item.range[0]] as [string, number]]
      : [],
  );

/** What is indented further belongs to it; comments and blank lines at its end only where more of it follows. */
const endOf = (lines: readonly string[], start: number, indent: number, dashesToo: boolean): number => {
  let end = start + 1;
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const content = line.trim();
    if (content === "") continue;
    const own = indentOf(line);
    if (content.startsWith("#")) {
      if (own > indent) end = at + 1;
      continue;
    }
    const isDash = dashesToo && own === indent && /^-(\s|$)/.test(content);
    if (own <= indent && !isDash) break;
    end = at + 1;
  }
  return end;
};

const indentOf = (line: string): number => line.length - line.trimStart().length;
