import type { Assignment, Membership } from "../model/access-state.ts";
import { assignmentAddress, groupAddress, userAddress } from "../model/address.ts";
import { inactiveReason } from "../model/organization.ts";
import type { Comparison } from "./difference.ts";
import { otherOwner } from "./owners.ts";
import type { Reason } from "./plan.ts";
import type { UnreadScopes } from "./unread.ts";

/** Why an assignment or a membership has to stay, and in which list of the plan its parent is told; null: it can go. */
export type WhyStays =
  | { readonly skipped: string }
  | { readonly withheld: string }
  | { readonly unchecked: string };

export const whyAssignmentStays = (
  assignment: Assignment,
  { desired, live, ignore, unread }: Comparison,
): WhyStays | null => {
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
export const whyForeignStays = (
  { permissionSet }: Assignment,
  verdict: Reason | undefined,
  { desired, live }: Comparison,
): WhyStays | null => {
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

export const whyMembershipStays = (
  membership: Membership,
  { desired, ignore }: Comparison,
): WhyStays | null => {
  const ignored = ignore.membership(membership);
  if (ignored !== null) return { skipped: `it is ignored (${ignored})` };
  return desired.scope.modes.memberships === "additive"
    ? { withheld: "mode additive keeps its memberships" }
    : null;
};
