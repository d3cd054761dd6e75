import { Document, type YAMLMap } from "yaml";
import type { Organization } from "../../model/organization.ts";
import type { LoadedManifest } from "../loaded-manifest.ts";
import { type EditableFile, editFile } from "./editable-file.ts";
import { linesOf, patchOf } from "./line-edits.ts";

export interface ManifestText {
  readonly manifest: LoadedManifest;
  /** Text of its files, by name as shown. */
  readonly sources: ReadonlyMap<string, string>;
  readonly organization: Organization;
}

export type Section = "users" | "groups" | "permissionSets";

/** Changes the files of a manifest, wherever a declaration stands. */
export interface ManifestEditor {
  /** Whether it is declared, or will be. */
  isDeclared(section: Section, name: string): boolean;
  /** To be changed in place; null: it is not declared. Throws NotEditable. */
  declaration(section: Section, name: string): YAMLMap | null;
  /** Throws NotEditable. */
  declare(section: Section, name: string, value: unknown): void;
  remove(section: Section, name: string): void;
  /** Takes it out of the lists under `removed`, where it stands in one. Throws NotEditable. */
  keep(section: Section, name: string): void;
  /** `index` as in the whole manifest. */
  replaceEntry(index: number, entries: readonly unknown[]): void;
  addEntry(entry: unknown): void;
  /** Replaces a file as a whole; null: deletes it. */
  rewrite(file: string, text: string | null): void;
  readonly node: (value: unknown) => unknown;
  /** As a unified diff. */
  patch(): string;
}

/** Declarations of a file are tied together by anchors and aliases. */
export class NotEditable extends Error {}

export const editManifest = ({ manifest, sources }: ManifestText): ManifestEditor => {
  const files = new Map<string, EditableFile | null>();
  const rewritten = new Map<string, string | null>();
  const removed = new Set<string>();
  const fresh = new Map<string, EditableFile>();
  const creator = new Document();
  const open = (name: string): EditableFile => {
    const known = files.has(name) ? files.get(name) : editFile(name, sources.get(name) ?? "");
    files.set(name, known ?? null);
    if (known === null || known === undefined) {
      throw new NotEditable(`${name} uses anchors and aliases, so that it has to be changed by hand`);
    }
    return known;
  };
  const stands = (section: Section, name: string): boolean =>
    Object.hasOwn(manifest.value[section] ?? {}, name);
  const keyOf = (section: Section, name: string): string => JSON.stringify([section, name]);
  /** The file that has such a section already, else the one that the manifest starts with. */
  const homeOf = (section: Section | "assignments"): EditableFile =>
    open(manifest.position(manifest.value[section] === undefined ? ["version"] : [section]).file);
  const indexInFile = (index: number): { readonly file: EditableFile; readonly index: number } => {
    const { file } = manifest.position(["assignments", index]);
    let before = 0;
    for (let at = 0; at < index; at += 1) {
      if (manifest.position(["assignments", at]).file === file) before += 1;
    }
    return { file: open(file), index: before };
  };
  return {
    isDeclared: (section, name) =>
      fresh.has(keyOf(section, name)) || (stands(section, name) && !removed.has(keyOf(section, name))),
    declaration: (section, name) => {
      const made = fresh.get(keyOf(section, name));
      if (made !== undefined) return made.declaration(section, name);
      return stands(section, name)
        ? open(manifest.position([section, name]).file).declaration(section, name)
        : null;
    },
    declare: (section, name, value) => {
      const file = homeOf(section);
      file.add(section, name, value);
      fresh.set(keyOf(section, name), file);
    },
    remove: (section, name) => {
      open(manifest.position([section, name]).file).remove(section, name);
      removed.add(keyOf(section, name));
    },
    keep: (section, name) => {
      const index = manifest.value.removed?.[section]?.indexOf(name) ?? -1;
      if (index < 0) return;
      open(manifest.position(["removed", section, index]).file).removeItem("removed", section, name);
    },
    replaceEntry: (index, entries) => {
      const { file, index: own } = indexInFile(index);
      file.replaceEntry("assignments", own, entries);
    },
    addEntry: (entry) => homeOf("assignments").addEntry("assignments", entry),
    rewrite: (file, text) => void rewritten.set(file, text),
    node: (value) => creator.createNode(value),
    patch: () =>
      [
        ...[...files.values()].flatMap((file) =>
          file === null ? [] : [{ name: file.name, text: file.patch() }],
        ),
        ...[...rewritten].map(([name, text]) => {
          const lines = linesOf(sources.get(name) ?? "");
          const after = linesOf(text ?? "");
          const whole = patchOf(name, lines, [{ start: 0, end: lines.length, lines: after }]);
          return { name, text: text === null ? whole.replace(/^\+\+\+ .*$/m, "+++ /dev/null") : whole };
        }),
      ]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ text }) => text)
        .join(""),
  };
};
