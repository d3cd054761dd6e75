import type { Comparison, Difference } from "./difference.ts";
import { groupAddress, permissionSetAddress, userAddress } from "../model/address.ts";
import { empty, type MutableDoomed, type Parents } from "./doomed.ts";
import { groupsOfOtherOwners } from "./owners.ts";
import {
  type WhyStays,
  whyAssignmentStays,
  whyForeignMembershipStays,
  whyForeignStays,
  whyMembershipStays,
} from "./why-stays.ts";

/** Lets wait whatever an assignment or membership hangs on that has to stay. In mode additive all of it stays. */
export const spareParentsOfKept = (
  doomed: MutableDoomed,
  comparison: Comparison,
  difference: Difference,
): void => {
  const { desired, live } = comparison;
  const keepers = { users: new Map(), groups: new Map(), permissionSets: new Map() } satisfies Record<
    Parents,
    Map<string, Keeper>
  > as Record<Parents, Map<string, Keeper>>;
  const keep = (kind: Parents, name: string, child: string, why: WhyStays | null): void => {
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
  const foreign = groupsOfOtherOwners(desired, live);
  for (const [address, membership] of live.state.memberships) {
    const { group, user } = membership;
    if (!doomed.groups.has(group) && !doomed.users.has(user)) continue;
    const why = whyMembershipStays(membership, comparison);
    if (doomed.groups.has(group)) keep("groups", group, address, why);
    if (doomed.users.has(user)) {
      const verdicts = [doomed.users.get(user), doomed.groups.get(group)];
      keep("users", user, address, why ?? whyForeignMembershipStays(foreign.get(group), verdicts));
    }
  }

  const address = { users: userAddress, groups: groupAddress, permissionSets: permissionSetAddress };
  for (const kind of ["users", "groups", "permissionSets"] as const) {
    for (const [name, { child, why }] of keepers[kind]) {
      if ("withheld" in why) {
        doomed[kind].delete(name);
        difference.withheld.push({ address: address[kind](name), reason: why.withheld });
        continue;
      }
      empty(doomed, kind, name);
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

/** What has to stay, and keeps its parent: of several, the one whose address comes first. */
interface Keeper {
  readonly child: string;
  readonly why: WhyStays;
}
