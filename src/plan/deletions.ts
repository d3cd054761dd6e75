import type { Assignment, Membership } from "../model/access-state.ts";
import { assignmentAddress, groupAddress, permissionSetAddress, userAddress } from "../model/address.ts";
import { inactiveReason } from "../model/organization.ts";
import type { Comparison, Difference } from "./difference.ts";
import { otherOwner } from "./owners.ts";
import type { Reason } from "./plan.ts";
import type { UnreadScopes } from "./unread.ts";
import { reasonText } from "./reason-text.ts";

/**
 * Which users, groups and permission sets go. It is decided before anything else, because what hangs on them goes
 * first, and because they can only go when all of that can: AWS refuses to delete an assigned permission set, and a
 * user or group that is deleted leaves its assignments behind as orphans.
 *
 * | a live object that is                         | additive | declared | exclusive |
 * |-----------------------------------------------|----------|----------|-----------|
 * | covered by an ignore rule                     | ignored in every mode           |
 * | declared, or declared as external             | stays in every mode             |
 * | listed under `removed`, or renamed away (set) | withheld | goes     | goes      |
 * | marked as ours, not declared (set)            | withheld | goes     | goes      |
 * | owned by the identity provider or marked by another manifest | left alone in every mode |
 * | none of these                                 | left alone | left alone | goes    |
 */
export interface Doomed {
  readonly users: ReadonlyMap<string, Reason>;
  readonly groups: ReadonlyMap<string, Reason>;
  readonly permissionSets: ReadonlyMap<string, Reason>;
  /**
   * Permission sets that would go, but for something of theirs that has to stay: they wait, and what can go of theirs
   * does not. Access that was to be taken is never left because of an account that is not active.
   */
  readonly emptied: ReadonlyMap<string, Reason>;
}

type Parents = Exclude<keyof Doomed, "emptied">;

/** Adds what is left alone, ignored, withheld, unchecked or skipped to `difference`. */
export const decideDeletions = (comparison: Comparison, difference: Difference): Doomed => {
  const doomed = {
    users: findUndeclared("users", userAddress, comparison, difference),
    groups: findUndeclared("groups", groupAddress, comparison, difference),
    permissionSets: findUndeclared("permissionSets", permissionSetAddress, comparison, difference),
    emptied: new Map<string, Reason>(),
  };
  if (doomed.users.size + doomed.groups.size + doomed.permissionSets.size > 0) {
    spareParentsOfHidden(doomed, comparison, difference);
    spareParentsOfKept(doomed, comparison, difference);
  }
  return doomed;
};

const findUndeclared = (
  kind: Parents,
  address: (name: string) => string,
  comparison: Comparison,
  difference: Difference,
): Map<string, Reason> => {
  const { desired, live, ignore, unread } = comparison;
  const ignoredBecause = { users: ignore.user, groups: ignore.group, permissionSets: ignore.permissionSet }[
    kind
  ];
  const doomed = new Map<string, Reason>();
  for (const name of live.state[kind].keys()) {
    const ignored = ignoredBecause(name);
    if (ignored !== null) {
      difference.ignored.push({ address: address(name), reason: ignored });
      continue;
    }
    if (desired.scope.external[kind].has(name)) continue;
    if (desired.state[kind].has(name)) {
      difference.populations[kind] += 1;
      continue;
    }
    const verdict = judge(kind, name, comparison);
    if ("leftAlone" in verdict) {
      difference.unmanaged.push({ address: address(name), reason: verdict.leftAlone });
      continue;
    }
    difference.populations[kind] += 1;
    const unknown = unread.covers(address(name));
    if (desired.scope.modes[kind] === "additive") {
      difference.withheld.push({ address: address(name), reason: reasonText(verdict) });
    } else if (unknown !== null) {
      difference.unchecked.push({ scope: address(name), reason: unknown });
    } else {
      doomed.set(name, verdict);
    }
  }
  return doomed;
};

const judge = (
  kind: Parents,
  name: string,
  { desired, live, renames }: Comparison,
): Reason | { leftAlone: string } => {
  if (desired.scope.removed[kind].has(name)) return { code: "removed" };
  if (kind === "permissionSets") {
    const newName = renames.permissionSets.get(name);
    if (newName !== undefined) return { code: "renamed", detail: newName };
    const other = otherOwner(desired, live, name);
    if (other !== null) return { leftAlone: `belongs to manifest "${other}" (tag reconcile:owner)` };
    if ((live.state.permissionSets.get(name)?.owner ?? null) !== null) return { code: "owner-mark" };
  } else if (live.externallyOwned[kind].has(name)) {
    return { leftAlone: "owned by the identity provider" };
  }
  return desired.scope.modes[kind] === "exclusive"
    ? { code: "exclusive" }
    : { leftAlone: "not declared in the manifest" };
};

type MutableDoomed = { readonly [K in keyof Doomed]: Map<string, Reason> };

const spareParentsOfHidden = (
  doomed: MutableDoomed,
  { unread }: Comparison,
  difference: Difference,
): void => {
  const check = (kind: Parents, address: string, name: string, reason: string | null): void => {
    if (reason === null || !doomed[kind].delete(name)) return;
    difference.unchecked.push({
      scope: address,
      reason: `not deleted, because something that could not be read may hang on it: ${reason}`,
    });
  };
  for (const permissionSet of doomed.permissionSets.keys()) {
    const reason = unread.hidesAssignmentsOf({ permissionSet });
    check("permissionSets", permissionSetAddress(permissionSet), permissionSet, reason);
  }
  for (const group of doomed.groups.keys()) {
    const reason =
      unread.hidesAssignmentsOf({ principalType: "GROUP", principal: group }) ??
      unread.hidesMembershipsOf({ group });
    check("groups", groupAddress(group), group, reason);
  }
  for (const user of doomed.users.keys()) {
    const reason =
      unread.hidesAssignmentsOf({ principalType: "USER", principal: user }) ??
      unread.hidesMembershipsOf({ user });
    check("users", userAddress(user), user, reason);
  }
};

/** What has to stay, and keeps its parent: of several, the one whose address comes first. */
interface Keeper {
  readonly child: string;
  readonly why: { readonly skipped: string } | { readonly withheld: string } | { readonly unchecked: string };
}

const spareParentsOfKept = (doomed: MutableDoomed, comparison: Comparison, difference: Difference): void => {
  const { desired, live } = comparison;
  const keepers = { users: new Map(), groups: new Map(), permissionSets: new Map() } satisfies Record<
    Parents,
    Map<string, Keeper>
  > as Record<Parents, Map<string, Keeper>>;
  const keep = (kind: Parents, name: string, child: string, why: Keeper["why"] | null): void => {
    if (why === null) return;
    const before = keepers[kind].get(name);
    if (before === undefined || child < before.child) keepers[kind].set(name, { child, why });
  };

  for (const [address, assignment] of live.state.assignments) {
    const { permissionSet, principal, principalType, orphan } = assignment;
    const kind = principalType === "GROUP" ? "groups" : "users";
    const goesWithSet = doomed.permissionSets.has(permissionSet);
    const goesWithPrincipal = orphan !== true && doomed[kind].has(principal);
    if (!goesWithSet && !goesWithPrincipal) continue;
    const why = whyAssignmentStays(assignment, comparison);
    if (goesWithSet) keep("permissionSets", permissionSet, address, why);
    if (goesWithPrincipal) {
      keep(
        kind,
        principal,
        address,
        why ?? whyForeignStays(assignment, doomed[kind].get(principal), comparison),
      );
    }
  }
  for (const [address, membership] of live.state.memberships) {
    const { group, user } = membership;
    if (!doomed.groups.has(group) && !doomed.users.has(user)) continue;
    const why = whyMembershipStays(membership, comparison);
    if (doomed.groups.has(group)) keep("groups", group, address, why);
    if (doomed.users.has(user)) keep("users", user, address, why);
  }

  const address = { users: userAddress, groups: groupAddress, permissionSets: permissionSetAddress };
  for (const kind of ["users", "groups", "permissionSets"] as const) {
    for (const [name, { child, why }] of keepers[kind]) {
      const verdict = doomed[kind].get(name);
      doomed[kind].delete(name);
      if (kind === "permissionSets" && verdict !== undefined && !("withheld" in why)) {
        doomed.emptied.set(name, verdict);
      }
      if ("withheld" in why) {
        difference.withheld.push({ address: address[kind](name), reason: why.withheld });
        continue;
      }
      if ("unchecked" in why) {
        difference.unchecked.push({ scope: address[kind](name), reason: `not deleted: ${why.unchecked}` });
        continue;
      }
      difference.skipped.push({
        subject: address[kind](name),
        reason: `not deleted, because ${child} has to stay: ${why.skipped}`,
        position: desired.scope.removed[kind].get(name) ?? null,
      });
    }
  }
};

const whyAssignmentStays = (
  assignment: Assignment,
  { desired, live, ignore, unread }: Comparison,
): Keeper["why"] | null => {
  const unknown = unknownPrincipal(assignment, unread);
  if (unknown !== null) return { unchecked: unknown };
  const ignored = ignore.assignment(assignment);
  if (ignored !== null) return { skipped: `it is ignored (${ignored})` };
  const inactive = inactiveReason(live.organization, assignment.accountId);
  if (inactive !== null) return { skipped: inactive };
  return desired.scope.modes.assignments === "additive"
    ? { withheld: "mode additive keeps its assignments" }
    : null;
};

/** Only a word about the user or group itself outweighs that its permission set is somebody else's. */
const whyForeignStays = (
  { permissionSet }: Assignment,
  verdict: Reason | undefined,
  { desired, live }: Comparison,
): Keeper["why"] | null => {
  const owner = otherOwner(desired, live, permissionSet);
  return owner === null || verdict?.code === "removed"
    ? null
    : { skipped: `its permission set belongs to manifest "${owner}" (tag reconcile:owner)` };
};

/**
 * An assignment whose user or group is gone, it seems, while users or groups could not be read: whose it is, and so
 * whether it is declared or ignored, is not known. null: it is known.
 */
export const unknownPrincipal = (assignment: Assignment, unread: UnreadScopes): string | null => {
  if (assignment.orphan !== true) return null;
  const reason = unread.covers(
    (assignment.principalType === "GROUP" ? groupAddress : userAddress)(assignment.principal),
  );
  return reason === null
    ? null
    : `whose assignment ${assignmentAddress(assignment)} is could not be read: ${reason}`;
};

const whyMembershipStays = (
  membership: Membership,
  { desired, ignore }: Comparison,
): Keeper["why"] | null => {
  const ignored = ignore.membership(membership);
  if (ignored !== null) return { skipped: `it is ignored (${ignored})` };
  return desired.scope.modes.memberships === "additive"
    ? { withheld: "mode additive keeps its memberships" }
    : null;
};
