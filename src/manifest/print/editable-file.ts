import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, visit, YAMLMap } from "yaml";
import { type LineEdit, linesOf, patchOf } from "./line-edits.ts";
import { findPlaces } from "./places.ts";
import { nodeOf } from "./print-node.ts";
import { listAfter, sectionEdits, type SectionEdits } from "./section-edits.ts";

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
