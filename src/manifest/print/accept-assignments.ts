import type { AssignmentEntry } from "../../generated/manifest.ts";
import type { Assignment } from "../../model/access-state.ts";
import { compareText } from "../../model/address.ts";
import { makeAccountDirectory } from "../select-directory.ts";
import type { ManifestEditor, ManifestText } from "./manifest-editor.ts";
import { selectedIds, withoutAssignments } from "./split-entry.ts";

/** Takes what is missing out of the entries that grant it, and appends entries for what is not declared. */
export const acceptAssignments = (
  missing: readonly Assignment[],
  undeclared: readonly Assignment[],
  editor: ManifestEditor,
  { manifest, organization }: ManifestText,
): void => {
  const directory = makeAccountDirectory(organization, manifest.value.accounts ?? {});
  for (const [index, entry] of (manifest.value.assignments ?? []).entries()) {
    const kept = withoutRemoved(entry, editor);
    const ids = kept === null || missing.length === 0 ? [] : selectedIds(kept.accounts, directory);
    const own = kept === null ? [] : missing.filter((assignment) => grants(kept, ids, assignment));
    if (kept === entry && own.length === 0) continue;
    editor.replaceEntry(index, kept === null ? [] : withoutAssignments(kept, own, directory));
  }
  const alias = new Map(Object.entries(manifest.value.accounts ?? {}).map(([name, id]) => [id, name]));
  for (const entry of entriesFor(undeclared, (id) => alias.get(id) ?? id)) {
    for (const name of entry.groups ?? []) declareExternal("groups", name, editor);
    for (const name of entry.users ?? []) declareExternal("users", name, editor);
    for (const name of entry.permissionSets) declareExternal("permissionSets", name, editor);
    editor.addEntry(entry);
  }
};

const declareExternal = (
  section: "users" | "groups" | "permissionSets",
  name: string,
  editor: ManifestEditor,
): void => {
  if (!editor.isDeclared(section, name)) editor.declare(section, name, { external: true });
};

const grants = (
  { groups = [], users = [], permissionSets }: AssignmentEntry,
  ids: readonly string[],
  { accountId, permissionSet, principalType, principal }: Assignment,
): boolean =>
  permissionSets.includes(permissionSet) &&
  (principalType === "GROUP" ? groups : users).includes(principal) &&
  ids.includes(accountId);

/** The entry itself where all that it names is still declared; null: nothing is left of it. */
const withoutRemoved = (entry: AssignmentEntry, editor: ManifestEditor): AssignmentEntry | null => {
  const groups = entry.groups?.filter((name) => editor.isDeclared("groups", name));
  const users = entry.users?.filter((name) => editor.isDeclared("users", name));
  const permissionSets = entry.permissionSets.filter((name) => editor.isDeclared("permissionSets", name));
  const whole =
    groups?.length === entry.groups?.length &&
    users?.length === entry.users?.length &&
    permissionSets.length === entry.permissionSets.length;
  if (whole) return entry;
  if (permissionSets.length === 0 || (groups?.length ?? 0) + (users?.length ?? 0) === 0) return null;
  const { groups: _groups, users: _users, ...rest } = entry;
  return {
    ...(groups === undefined || groups.length === 0 ? {} : { groups }),
    ...(users === undefined || users.length === 0 ? {} : { users }),
    ...rest,
    permissionSets,
  };
};

/** One entry for each permission set and list of accounts, with all who have it there. */
const entriesFor = (
  assignments: readonly Assignment[],
  accountName: (id: string) => string,
): AssignmentEntry[] => {
  const accounts = new Map<string, { first: Assignment; ids: Set<string> }>();
  for (const assignment of assignments) {
    const { permissionSet, principalType, principal, accountId } = assignment;
    const key = JSON.stringify([permissionSet, principalType, principal]);
    const known = accounts.get(key) ?? { first: assignment, ids: new Set() };
    known.ids.add(accountId);
    accounts.set(key, known);
  }
  const entries = new Map<
    string,
    { set: string; groups: string[]; users: string[]; ids: readonly string[] }
  >();
  for (const { first, ids } of accounts.values()) {
    const sorted = [...ids].sort(compareText);
    const key = JSON.stringify([first.permissionSet, sorted]);
    const entry = entries.get(key) ?? { set: first.permissionSet, groups: [], users: [], ids: sorted };
    entry[first.principalType === "GROUP" ? "groups" : "users"].push(first.principal);
    entries.set(key, entry);
  }
  return [...entries.values()].map(({ set, groups, users, ids }) => ({
    ...(groups.length === 0 ? {} : { groups: groups.sort(compareText) }),
    ...(users.length === 0 ? {} : { users: users.sort(compareText) }),
    permissionSets: [set],
    accounts: ids.map(accountName),
  }));
};
