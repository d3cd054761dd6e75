import { encodePart, groupAddress, permissionSetAddress, userAddress } from "../model/address.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { LiveState, Unread } from "../model/live-state.ts";
import { makeUnreadScopes } from "../plan/unread.ts";
import type { DriftCoverage } from "./drift.ts";

/**
 * How much of what there is to look at was read. Counted are users, groups, the member list of each group, permission
 * sets, and pairs of an account and a permission set that is provisioned or declared there. What is in none of these
 * (assignments of deleted users that were not looked for) still counts as one for each entry of the list of what
 * could not be read, so that 100 % always means: everything.
 */
export const coverageOf = (
  { state: desired, scope }: DesiredState,
  live: LiveState,
  unchecked: readonly Unread[],
): DriftCoverage => {
  const unread = makeUnreadScopes(unchecked);
  let total = 0;
  let hidden = 0;
  const count = (address: string): void => {
    total += 1;
    if (unread.covers(address) !== null) hidden += 1;
  };
  const { external } = scope;
  for (const name of union(desired.users, live.state.users, external.users)) count(userAddress(name));
  for (const name of union(desired.groups, live.state.groups, external.groups)) {
    count(groupAddress(name));
    count(`membership/${encodePart(name)}/*`);
  }
  for (const name of union(desired.permissionSets, live.state.permissionSets, external.permissionSets)) {
    count(permissionSetAddress(name));
  }
  for (const [permissionSet, accounts] of pairsOf(desired, live)) {
    for (const accountId of accounts) count(`assignment/${accountId}/${encodePart(permissionSet)}/*`);
  }
  // At least one for each entry; what is counted by none of the above makes the whole larger.
  const missed = Math.max(hidden, unchecked.length);
  const whole = total + (missed - hidden);
  const read = whole - missed;
  return { read, total: whole, percent: whole === 0 ? 100 : Math.floor((read / whole) * 1000) / 10 };
};

interface Named {
  keys(): Iterable<string>;
}

const union = (...collections: readonly Named[]): ReadonlySet<string> =>
  new Set(collections.flatMap((collection) => [...collection.keys()]));

/** Account ids by permission set. */
const pairsOf = (
  desired: DesiredState["state"],
  live: LiveState,
): ReadonlyMap<string, ReadonlySet<string>> => {
  const pairs = new Map<string, Set<string>>();
  const accountsOf = (permissionSet: string): Set<string> => {
    const known = pairs.get(permissionSet) ?? new Set();
    pairs.set(permissionSet, known);
    return known;
  };
  for (const [permissionSet, { accounts }] of live.provisioning) {
    const known = accountsOf(permissionSet);
    for (const accountId of accounts) known.add(accountId);
  }
  for (const { permissionSet, accountId } of desired.assignments.values()) {
    accountsOf(permissionSet).add(accountId);
  }
  return pairs;
};
