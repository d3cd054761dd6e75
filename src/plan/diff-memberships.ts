import type { Membership } from "../model/access-state.ts";
import { groupAddress, userAddress } from "../model/address.ts";
import type { ComparisonWithDeletions, Difference } from "./difference.ts";
import { groupsOfOtherOwners } from "./owners.ts";
import type { Reason } from "./plan.ts";
import { reasonText } from "./reason-text.ts";

/** Memberships: the rows of the case table in diff.ts. */
export const diffMemberships = (comparison: ComparisonWithDeletions, difference: Difference): void => {
  const { desired, live, ignore } = comparison;
  const foreign = groupsOfOtherOwners(desired, live);
  for (const [address, membership] of live.state.memberships) {
    const ignored = ignore.membership(membership);
    if (ignored !== null) difference.ignored.push({ address, reason: ignored });
    else if (desired.state.memberships.has(address)) difference.populations.memberships += 1;
    else diffUndeclared(address, membership, foreign, comparison, difference);
  }
  for (const [address, membership] of desired.state.memberships) {
    if (!live.state.memberships.has(address)) diffMissing(address, membership, comparison, difference);
  }
};

const diffUndeclared = (
  address: string,
  membership: Membership,
  foreign: ReadonlyMap<string, string>,
  comparison: ComparisonWithDeletions,
  difference: Difference,
): void => {
  const { desired, live } = comparison;
  const verdict = judge(membership, foreign, comparison);
  if ("leftAlone" in verdict) {
    difference.unmanaged.push({ address, reason: verdict.leftAlone });
    return;
  }
  difference.populations.memberships += 1;
  if (desired.scope.modes.memberships === "additive") {
    difference.withheld.push({ address, reason: reasonText(verdict) });
    return;
  }
  difference.changes.push({
    kind: "membership",
    action: "delete",
    before: membership,
    after: null,
    address,
    id: live.ids.memberships.get(address) ?? null,
    reason: verdict,
    position: null,
  });
};

const judge = (
  { group, user }: Membership,
  foreign: ReadonlyMap<string, string>,
  { desired, live, doomed }: ComparisonWithDeletions,
): Reason | { leftAlone: string } => {
  const waiting = [doomed.emptied.groups.get(group)?.code, doomed.emptied.users.get(user)?.code];
  if (doomed.groups.has(group) || waiting[0] === "removed") {
    return { code: "parent-deleted", detail: groupAddress(group) };
  }
  if (doomed.users.has(user) || waiting[1] === "removed") {
    return { code: "parent-deleted", detail: userAddress(user) };
  }
  if (desired.scope.managedMembers.has(group)) return { code: "not-declared" };
  const owner = foreign.get(group);
  if (owner !== undefined) {
    return { leftAlone: `its group has a permission set of manifest "${owner}" (tag reconcile:owner)` };
  }
  if (waiting.includes("exclusive")) return { code: "exclusive" };
  if (desired.scope.external.groups.has(group) || live.externallyOwned.groups.has(group)) {
    return { leftAlone: "its group is owned by the identity provider" };
  }
  if (desired.state.groups.has(group)) return { leftAlone: "members of its group are not declared" };
  return desired.scope.modes.memberships === "exclusive"
    ? { code: "exclusive" }
    : { leftAlone: "its group is not declared" };
};

const diffMissing = (
  address: string,
  membership: Membership,
  { desired, live, ignore, unread }: ComparisonWithDeletions,
  difference: Difference,
): void => {
  const { group, user } = membership;
  const ignored = ignore.membership(membership);
  if (ignored !== null) {
    difference.ignored.push({ address, reason: ignored });
    return;
  }
  const unknown =
    unread.covers(address) ??
    (live.state.groups.has(group) ? null : unread.covers(groupAddress(group))) ??
    (live.state.users.has(user) ? null : unread.covers(userAddress(user)));
  if (unknown !== null) {
    difference.unchecked.push({ scope: address, reason: unknown });
    return;
  }
  difference.changes.push({
    kind: "membership",
    action: "create",
    before: null,
    after: membership,
    address,
    id: null,
    reason: { code: "declared" },
    position: desired.origins.get(address)?.position ?? null,
  });
};
