import { Document, isNode, isScalar, type Node, visit, YAMLMap, YAMLSeq } from "yaml";
import { linesOf } from "./line-edits.ts";

/** A declaration as lines, each with its line break. `padded`: `{ a: b }` as the author wrote it, else `{a: b}`. */
export const print = (key: string, value: unknown, indent: number, padded: boolean): string[] => {
  const map = new YAMLMap();
  map.set(key, value);
  return printNode(map, indent, padded);
};

/** The same of an entry of a list. */
export const printEntry = (entry: unknown, indent: number, padded: boolean): string[] => {
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
export const nodeOf = (value: unknown): Node | null => {
  const document = new Document(value);
  visit(document, {
    Seq: (_key, list) => {
      const texts = list.items.map((item) => (isScalar(item) ? String(item.value) : null));
      if (texts.length <= 5 && !texts.includes(null) && texts.join().length < 80) list.flow = true;
    },
  });
  return document.contents;
};
