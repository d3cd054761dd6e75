import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
  YAMLMap,
  YAMLSeq,
} from "yaml";
import { type LineEdit, linesOf, patchOf } from "./line-edits.ts";
import { type ChildPlace, findPlaces, type SectionPlace } from "./places.ts";

/**
 * A manifest file that is changed declaration by declaration. What is not touched keeps every byte, comments and blank
 * lines included; a declaration that is touched is printed anew, with its comments. A section that is not written as a
 * block (one declaration a line, or more) is printed anew as a whole.
 */
export interface EditableFile {
  readonly name: string;
  has(section: string): boolean;
  /** The declaration, to be changed in place; null: there is none in this file. */
  declaration(section: string, key: string): YAMLMap | null;
  /** At the end of its section. */
  add(section: string, key: string, value: unknown): void;
  remove(section: string, key: string): void;
  /** Takes a text out of the list under a key of the section, and the key with the last one. */
  removeItem(section: string, key: string, item: string): void;
  /** Entries of a section that is a list, by their index in this file as it was. An entry may become several, or none. */
  replaceEntry(section: string, index: number, entries: readonly unknown[]): void;
  addEntry(section: string, entry: unknown): void;
  /** As a unified diff; "" where nothing was changed. */
  patch(): string;
}

/** null: it can not be edited, because anchors and aliases tie its declarations together. */
export const editFile = (name: string, text: string): EditableFile | null => {
  const document = parseDocument(text);
  if (!isMap(document.contents) || hasAnchors(document)) return null;
  const root = document.contents as YAMLMap;
  const lines = linesOf(text);
  const places = findPlaces(document, text, lines);
  const edits = new Map<string, SectionEdits>();
  const editsOf = (section: string): SectionEdits => {
    const known = edits.get(section) ?? { children: new Set(), entries: new Map(), added: [] };
    edits.set(section, known);
    return known;
  };
  return {
    name,
    has: (section) => places.has(section),
    declaration: (section, key) => {
      if (!root.hasIn([section, key])) return null;
      editsOf(section).children.add(key);
      const value: unknown = root.getIn([section, key], true);
      if (isMap(value)) return value;
      // `Auditors:` without anything is a declaration too.
      const made = new YAMLMap();
      root.setIn([section, key], made);
      return made;
    },
    add: (section, key, value) => {
      if (!isMap(root.get(section))) root.set(section, new YAMLMap());
      root.setIn([section, key], nodeOf(value));
      editsOf(section).children.add(key);
    },
    remove: (section, key) => {
      root.deleteIn([section, key]);
      editsOf(section).children.add(key);
    },
    removeItem: (section, key, item) => {
      const list: unknown = root.getIn([section, key], true);
      if (!isSeq(list)) return;
      list.items = list.items.filter((each) => (isScalar(each) ? each.value : each) !== item);
      if (list.items.length === 0) root.deleteIn([section, key]);
      editsOf(section).children.add(key);
    },
    replaceEntry: (section, index, entries) => void editsOf(section).entries.set(index, entries),
    addEntry: (section, entry) => void editsOf(section).added.push(entry),
    patch: () => {
      if (root.flow === true) return patchOf(name, lines, [rewriting(name, document, edits, lines)]);
      const eol = text.includes("\r\n") ? "\r\n" : "\n";
      const all = [...edits].flatMap(([section, edit]) =>
        sectionEdits(section, edit, root, places.get(section), lines),
      );
      return patchOf(
        name,
        lines,
        all.map((edit) => ({ ...edit, lines: edit.lines.map((line) => line.replace(/\r?\n$/, eol)) })),
      );
    },
  };
};

interface SectionEdits {
  readonly children: Set<string>;
  readonly entries: Map<number, readonly unknown[]>;
  readonly added: unknown[];
}

const hasAnchors = (document: Document): boolean => {
  let found = false;
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node) || ("anchor" in node && node.anchor !== undefined)) {
        found = true;
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return found;
};

/** A file in brackets, JSON among them, is printed anew. */
const rewriting = (
  name: string,
  document: Document,
  edits: ReadonlyMap<string, SectionEdits>,
  lines: readonly string[],
): LineEdit => {
  const root = document.contents as unknown as YAMLMap;
  for (const [section, edit] of edits) {
    const value: unknown = root.get(section);
    const after = isMap(value) ? value : listAfter(isSeq(value) ? value.items : [], edit);
    if (after.items.length === 0) root.delete(section);
    else root.set(section, after);
  }
  const text = name.endsWith(".json")
    ? `${JSON.stringify(document.toJS(), null, 2)}\n`
    : document.toString({ lineWidth: 0 });
  return { start: 0, end: edits.size === 0 ? 0 : lines.length, lines: edits.size === 0 ? [] : linesOf(text) };
};

const listAfter = (entries: readonly unknown[], { entries: replaced, added }: SectionEdits): YAMLSeq => {
  const list = new YAMLSeq();
  for (const entry of [...entries.flatMap((each, index) => replaced.get(index) ?? [each]), ...added]) {
    list.add(isNode(entry) ? entry : nodeOf(entry));
  }
  return list;
};

const sectionEdits = (
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

/** `{ a: b }` as the author wrote it, else `{a: b}`. */
const isPadded = (place: ChildPlace | undefined, lines: readonly string[]): boolean =>
  place !== undefined && lines.slice(place.start, place.end).some((line) => line.includes("{ "));

const print = (key: string, value: unknown, indent: number, padded: boolean): string[] => {
  const map = new YAMLMap();
  map.set(key, value);
  return printNode(map, indent, padded);
};

const printEntry = (entry: unknown, indent: number, padded: boolean): string[] => {
  const list = new YAMLSeq();
  const node = isNode(entry) ? entry : nodeOf(entry);
  // What stands before it stays where it is.
  if (node !== null) Object.assign(node, { spaceBefore: false, commentBefore: undefined });
  list.add(node);
  return printNode(list, indent, padded);
};

const printNode = (node: YAMLMap | YAMLSeq, indent: number, padded: boolean): string[] => {
  const document = new Document();
  document.contents = node as never;
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: padded });
  return linesOf(text).map((line) => (line === "\n" ? line : " ".repeat(indent) + line));
};

/** Short lists of plain values stand in brackets, as people write them. */
const nodeOf = (value: unknown): Node | null => {
  const document = new Document(value);
  visit(document, {
    Seq: (_key, list) => {
      const texts = list.items.map((item) => (isScalar(item) ? String(item.value) : null));
      if (texts.length <= 5 && !texts.includes(null) && texts.join().length < 80) list.flow = true;
    },
  });
  return document.contents;
};

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
