import type { Position } from "../model/finding.ts";
import type { PathPart } from "./loaded-manifest.ts";
import { type Place, positionOf } from "./source.ts";

/**
 * What a YAML or JSON file says, each value with its place. Files are merged, checked and reported on in this form,
 * so that no stage has to look a position up. An alias shares the value that its anchor holds.
 */
export type Located = LocatedScalar | LocatedMap | LocatedList;

export interface LocatedScalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** As written, where it stands without quotes: what was meant before it became a number. */
  readonly plain: string | null;
  readonly place: Place;
}

export interface LocatedMap {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, LocatedEntry>;
  readonly place: Place;
}

export interface LocatedEntry {
  readonly key: Place;
  readonly value: Located;
}

export interface LocatedList {
  readonly kind: "list";
  readonly items: readonly Located[];
  readonly place: Place;
}

/** Plain JSON. Keys that objects give a meaning of their own never get this far (unsafe-key). */
export const toPlain = (node: Located): unknown => {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(toPlain);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
};

/** Place of the value at `path`, or of its nearest ancestor: see LoadedManifest.position. */
export const locate = (root: Located, path: readonly PathPart[], part?: "key" | "value"): Position => {
  let node = root;
  let key: Place | null = null;
  let reached = 0;
  for (const step of path) {
    const next = child(node, step);
    if (next === undefined) break;
    node = next.value;
    key = next.key;
    reached += 1;
  }
  const wanted = reached === path.length ? part : undefined;
  const byKey = (wanted ?? (node.kind === "scalar" ? "value" : "key")) === "key";
  return positionOf(byKey && key !== null ? key : node.place);
};

const child = (node: Located, step: PathPart): { key: Place | null; value: Located } | undefined => {
  if (node.kind === "map") return node.entries.get(String(step));
  const value = node.kind === "list" ? node.items[Number(step)] : undefined;
  return value === undefined ? undefined : { key: null, value };
};

/** What the value at `path` is; undefined where there is none. */
export const valueAt = (root: Located, path: readonly PathPart[]): Located | undefined => {
  let node: Located | undefined = root;
  for (const step of path) node = node === undefined ? undefined : child(node, step)?.value;
  return node;
};

/*
 * Lenient access for the rules: a value of another type than expected counts as absent, because the schema has
 * reported it already.
 */

/** A property of a map. */
export const property = (node: Located | undefined, name: string): Located | undefined =>
  node?.kind === "map" ? node.entries.get(name)?.value : undefined;

/** The entries of a property that is a map. */
export const entriesOf = (node: Located | undefined, name: string): readonly NamedEntry[] => {
  const value = property(node, name);
  if (value?.kind !== "map") return [];
  return Array.from(value.entries, ([entryName, entry]) => ({ name: entryName, ...entry }));
};

export interface NamedEntry extends LocatedEntry {
  readonly name: string;
}

/** The items of a property that is a list. */
export const itemsOf = (node: Located | undefined, name: string): readonly Located[] => {
  const value = property(node, name);
  return value?.kind === "list" ? value.items : [];
};

/** The items of a property that is a list, those that are text. */
export const textsOf = (node: Located | undefined, name: string): readonly LocatedText[] =>
  itemsOf(node, name).filter(isText);

/** A property that is text. */
export const textOf = (node: Located | undefined, name: string): LocatedText | undefined => {
  const value = property(node, name);
  return value !== undefined && isText(value) ? value : undefined;
};

export interface LocatedText extends LocatedScalar {
  readonly value: string;
}

const isText = (node: Located): node is LocatedText =>
  node.kind === "scalar" && typeof node.value === "string";

export const isTrue = (node: Located | undefined): boolean => node?.kind === "scalar" && node.value === true;

/** Place of one character of a text, where it stands in the file as it is; else of the whole text. */
export const placeOfCharacter = (node: LocatedText | { place: Place }, character: string): Place => {
  const { source, start, end } = node.place;
  const index = source.text.slice(start, end).indexOf(character);
  return index < 0 ? node.place : { source, start: start + index, end: start + index + character.length };
};
