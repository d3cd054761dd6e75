import type { AccountItem, AssignmentEntry } from "../../generated/manifest.ts";
import type { Assignment } from "../../model/access-state.ts";
import { compareText } from "../../model/address.ts";
import { isGlob } from "../../model/glob.ts";
import { selectAccounts } from "../select-accounts.ts";
import type { AccountDirectory } from "../select-directory.ts";

/**
 * The entries that grant what `entry` grants, less some assignments. Accounts that are selected are excepted, not listed:
 * what the selector will match tomorrow stays granted to everybody else.
 */
export const withoutAssignments = (
  entry: AssignmentEntry,
  taken: readonly Assignment[],
  directory: AccountDirectory,
): readonly AssignmentEntry[] => {
  const accountsOf = new Map<string, Set<string>>();
  for (const assignment of taken) {
    const key = keyOf(assignment.permissionSet, labelOf(assignment));
    accountsOf.set(key, (accountsOf.get(key) ?? new Set()).add(assignment.accountId));
  }
  const lost = (set: string, principal: string): readonly string[] =>
    [...(accountsOf.get(keyOf(set, principal)) ?? [])].sort(compareText);

  // Sets in which the same principals lose the same accounts stay together, and so do these principals.
  const bySet = new Map<
    string,
    { sets: string[]; rows: Map<string, { accounts: readonly string[]; principals: string[] }> }
  >();
  for (const set of entry.permissionSets) {
    const rows = new Map<string, { accounts: readonly string[]; principals: string[] }>();
    for (const principal of principalsOf(entry)) {
      const accounts = lost(set, principal);
      const row = rows.get(accounts.join()) ?? { accounts, principals: [] };
      row.principals.push(principal);
      rows.set(accounts.join(), row);
    }
    const same = JSON.stringify([...rows]);
    const known = bySet.get(same);
    if (known === undefined) bySet.set(same, { sets: [set], rows });
    else known.sets.push(set);
  }
  return [...bySet.values()].flatMap(({ sets, rows }) =>
    [...rows.values()].flatMap(({ accounts, principals }) => {
      const left = exceptAccounts(entry.accounts, accounts, directory);
      if (left === null) return [];
      const groups = principals.filter((each) => each.startsWith("group:")).map(nameOf);
      const users = principals.filter((each) => each.startsWith("user:")).map(nameOf);
      return [
        {
          ...(groups.length === 0 ? {} : { groups }),
          ...(users.length === 0 ? {} : { users }),
          permissionSets: sets,
          accounts: left,
          ...(entry.until === undefined ? {} : { until: entry.until }),
          ...(entry.reason === undefined ? {} : { reason: entry.reason }),
        },
      ];
    }),
  );
};

/** Ids of the active accounts that a selection comes to. */
export const selectedIds = (
  selection: AssignmentEntry["accounts"],
  directory: AccountDirectory,
): readonly string[] => selectAccounts(selection, directory, [], { position: () => nowhere }).ids;

/** What was resolved once resolves again; nobody looks at findings. */
const nowhere = { file: "", line: 1, column: 1, endColumn: 2 };

/** null: nothing is left. */
const exceptAccounts = (
  selection: AssignmentEntry["accounts"],
  out: readonly string[],
  directory: AccountDirectory,
): AssignmentEntry["accounts"] | null => {
  if (out.length === 0) return selection;
  const items: readonly AccountItem[] = Array.isArray(selection) ? selection : [selection];
  const left = items.flatMap((item): AccountItem[] => {
    const ids = selectedIds(item, directory);
    const hit = ids.filter((id) => out.includes(id));
    if (hit.length === 0) return [item];
    if (hit.length === ids.length) return [];
    if (typeof item !== "string") return [{ ...item, except: [...(item.except ?? []), ...hit] }];
    return isGlob(item) ? [{ names: [item], except: hit }] : [item];
  });
  if (left.length === 0) return null;
  const [only] = left;
  return left.length === 1 && only !== undefined && typeof only !== "string" && !Array.isArray(selection)
    ? only
    : left;
};

const principalsOf = ({ groups = [], users = [] }: AssignmentEntry): readonly string[] => [
  ...groups.map((name) => `group:${name}`),
  ...users.map((name) => `user:${name}`),
];

const labelOf = ({ principalType, principal }: Assignment): string =>
  `${principalType === "GROUP" ? "group" : "user"}:${principal}`;

const nameOf = (label: string): string => label.slice(label.indexOf(":") + 1);

const keyOf = (set: string, principal: string): string => JSON.stringify([set, principal]);
