import type { Assignment, Membership } from "../model/access-state.ts";
import { assignmentAddress, groupAddress, permissionSetAddress, userAddress } from "../model/address.ts";
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

export const whyAssignmentStays = (assignment: Assignment, comparison: Comparison): WhyStays | null => {
  const { desired, live, ignore, unread } = comparison;
  const unknown = unknownPrincipal(assignment, unread);
  if (unknown !== null) return { unchecked: unknown };
  const ignored = ignore.assignment(assignment);
  if (ignored !== null) return { skipped: `it is ignored (${ignored})` };
  const irreplaceable = whyNotReplaced(assignment, comparison) ?? whyMayBeReplaced(assignment, comparison);
  if (irreplaceable !== null) return irreplaceable;
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

/** The permission set has another name now, and the assignment cannot be made anew under it. null: it can, or need not. */
export const whyNotReplaced = (
  assignment: Assignment,
  { desired, live, renames, ignore, unread }: Comparison,
): Exclude<WhyStays, { withheld: string }> | null => {
  const permissionSet = renames.permissionSets.get(assignment.permissionSet);
  if (permissionSet === undefined) return null;
  const replacement = { ...assignment, permissionSet };
  const address = assignmentAddress(replacement);
  if (!desired.state.assignments.has(address) || live.state.assignments.has(address)) return null;
  const ignored = ignore.assignment(replacement);
  if (ignored !== null) return { skipped: `${address}, which replaces it, is ignored (${ignored})` };
  const reason =
    unread.covers(address) ??
    (live.state.permissionSets.has(permissionSet)
      ? null
      : unread.covers(permissionSetAddress(permissionSet)));
  return reason === null
    ? null
    : { unchecked: `${address}, which replaces it, could not be read: ${reason}` };
};

/**
 * Whoever has it is given something else in the account, of which nobody knows whether it is there: they may be meant to
 * keep the one until they have the other. null: nothing of that kind, or there is a word about the assignment itself.
 */
export const whyMayBeReplaced = (
  assignment: Assignment,
  { desired, renames, unreadGains }: Comparison,
): Exclude<WhyStays, { withheld: string } | { skipped: string }> | null => {
  const gain = assignment.orphan === true ? null : unreadGains.beside(assignment);
  if (gain === null) return null;
  const { removed } = desired.scope;
  const { permissionSet, principalType, principal } = assignment;
  const newName = renames.permissionSets.get(permissionSet);
  const isSaid =
    removed.permissionSets.has(permissionSet) ||
    removed[principalType === "GROUP" ? "groups" : "users"].has(principal) ||
    desired.origins.get(assignmentAddress(assignment))?.until !== undefined ||
    (newName !== undefined &&
      desired.state.assignments.has(assignmentAddress({ ...assignment, permissionSet: newName })));
  return isSaid
    ? null
    : { unchecked: `${gain.address}, which may replace it, could not be read: ${gain.reason}` };
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

/**
 * The same for who has it through a group: where the manifest has no word about the user or the group. `owner` is of
 * groupsOfOtherOwners.
 */
export const whyForeignMembershipStays = (
  owner: string | undefined,
  verdicts: readonly (Reason | undefined)[],
): WhyStays | null =>
  owner === undefined || verdicts.some((verdict) => verdict?.code === "removed")
    ? null
    : { skipped: `its group has a permission set of manifest "${owner}" (tag reconcile:owner)` };
