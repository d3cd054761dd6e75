import { finding, type Report } from "./codes.ts";
import type { Located, LocatedEntry, LocatedList, LocatedMap } from "./located.ts";
import { positionOf } from "./source.ts";

/**
 * One manifest out of several files, in their order: maps are united by name, lists are joined, and every other
 * property may stand in one file only. What has the wrong type is left out; the schema reports it.
 */
export const mergeFiles = (roots: readonly LocatedMap[], report: Report): LocatedMap => {
  const [first] = roots;
  if (first === undefined) throw new Error("A manifest has at least one file");
  if (roots.length === 1) return first;
  const entries = new Map<string, LocatedEntry>();
  for (const root of roots) {
    for (const [name, entry] of root.entries) {
      const before = entries.get(name);
      entries.set(
        name,
        before === undefined ? entry : { key: before.key, value: unite(name, before, entry, report) },
      );
    }
  }
  return { kind: "map", entries, place: first.place };
};

const unite = (name: string, before: LocatedEntry, entry: LocatedEntry, report: Report): Located => {
  const [a, b] = [before.value, entry.value];
  if (a.kind === "list" && b.kind === "list" && joinedLists.has(name)) return join(a, b);
  if (a.kind === "map" && b.kind === "map") {
    if (name === "removed") return uniteRemoved(a, b);
    if (name in unitedMaps) return uniteNames(unitedMaps[name] ?? "name", a, b, report);
  }
  if (name !== "version" && !joinedLists.has(name) && !(name in unitedMaps) && name !== "removed") {
    report(
      finding("set-twice", `'${name}' is set in two files`, {
        position: positionOf(entry.key),
        related: { message: "first here", position: positionOf(before.key) },
        hint: "keep it in one of them",
      }),
    );
  }
  return a;
};

const joinedLists: ReadonlySet<string> = new Set(["assignments", "ignore"]);

/** And what each of their entries is called in a message. */
const unitedMaps: Readonly<Record<string, string>> = {
  accounts: "account",
  users: "user",
  groups: "group",
  permissionSets: "permission set",
};

const join = (a: LocatedList, b: LocatedList): LocatedList => ({
  kind: "list",
  items: [...a.items, ...b.items],
  place: a.place,
});

const uniteRemoved = (a: LocatedMap, b: LocatedMap): LocatedMap => {
  const entries = new Map(a.entries);
  for (const [kind, entry] of b.entries) {
    const before = entries.get(kind);
    if (before === undefined) entries.set(kind, entry);
    else if (before.value.kind === "list" && entry.value.kind === "list") {
      entries.set(kind, { key: before.key, value: join(before.value, entry.value) });
    }
  }
  return { kind: "map", entries, place: a.place };
};

const uniteNames = (noun: string, a: LocatedMap, b: LocatedMap, report: Report): LocatedMap => {
  const entries = new Map(a.entries);
  for (const [name, entry] of b.entries) {
    const before = entries.get(name);
    if (before === undefined) {
      entries.set(name, entry);
      continue;
    }
    report(
      finding("declared-twice", `The ${noun} '${name}' is declared twice`, {
        position: positionOf(entry.key),
        related: { message: "first here", position: positionOf(before.key) },
        hint: "keep one of them",
      }),
    );
  }
  return { kind: "map", entries, place: a.place };
};
