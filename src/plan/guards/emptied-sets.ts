import type { PermissionSet } from "../../model/access-state.ts";
import { compareText } from "../../model/address.ts";
import { isOnNothing, statementsOf } from "../power.ts";
import type { GuardInput } from "./guard.ts";
import { deniesEverything } from "./usable-administrator.ts";

/**
 * Assignments that stay, and give nothing any more: the plan takes all that their permission set allows, or provisions
 * one that allows nothing where an account holds an older version. Whoever has them loses as much as if they went.
 */
export const emptiedAssignments = (
  input: GuardInput,
): { readonly count: number; readonly addresses: readonly string[] } => {
  const { changes, comparison, sides } = input;
  const by = emptiedSets(input);
  if (by.size === 0) return { count: 0, addresses: [] };
  const gone = new Set<string>();
  for (const { action, address } of changes) if (action === "delete") gone.add(address);
  const addresses = new Set<string>();
  let count = 0;
  for (const [address, { accountId, permissionSet, orphan }] of comparison.live.state.assignments) {
    const emptied = by.get(permissionSet);
    if (emptied === undefined || orphan === true || gone.has(address)) continue;
    const isOnlyStale = emptied.isOnlyStale && !isRenewed(accountId, permissionSet, sides);
    if (isOnlyStale) continue;
    addresses.add(emptied.address);
    count += 1;
  }
  return { count, addresses: [...addresses].sort(compareText) };
};

interface Emptied {
  readonly address: string;
  /** It allowed nothing before: only accounts lose by it that hold an older version. */
  readonly isOnlyStale: boolean;
}

/** What is renamed into one that allows nothing goes, and counts with that. */
const emptiedSets = ({ changes, sides }: GuardInput): ReadonlyMap<string, Emptied> => {
  const found = new Map<string, Emptied>();
  for (const change of changes) {
    if (change.kind === "provisioning") {
      const set = sides.after.permissionSet(change.permissionSet);
      if (set !== undefined && !allowsAnything(set)) {
        found.set(change.permissionSet, { address: change.address, isOnlyStale: true });
      }
    } else if (
      change.kind === "permissionSet" &&
      change.action === "update" &&
      !allowsAnything(change.after)
    ) {
      found.set(change.before.name, { address: change.address, isOnlyStale: !allowsAnything(change.before) });
    }
  }
  return found;
};

const isRenewed = (
  accountId: string,
  permissionSet: string,
  { before, after }: GuardInput["sides"],
): boolean => before.isStale(accountId, permissionSet) && !after.isStale(accountId, permissionSet);

const allowsAnything = (set: PermissionSet): boolean =>
  set.managedPolicies.length +
    set.customerManagedPolicies.length +
    (set.inlinePolicy === null ? [] : statementsOf(set.inlinePolicy.canonical)).filter(
      (statement) => statement.Effect === "Allow" && !isOnNothing(statement),
    ).length >
    0 && !deniesEverything(set);
