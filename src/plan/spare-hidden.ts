import { groupAddress, permissionSetAddress, userAddress } from "../model/address.ts";
import type { Comparison, Difference } from "./difference.ts";
import { empty, type MutableDoomed, type Parents } from "./doomed.ts";

/**
 * Lets wait whatever something may hang on that could not be read. What was read of theirs goes: that they are to go is
 * the manifest's word, and says nothing about what was not seen.
 */
export const spareParentsOfHidden = (
  doomed: MutableDoomed,
  { unread }: Comparison,
  difference: Difference,
): void => {
  const check = (kind: Parents, address: string, name: string, reason: string | null): void => {
    if (reason === null) return;
    empty(doomed, kind, name);
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
