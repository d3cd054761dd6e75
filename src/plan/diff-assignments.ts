import type { Assignment } from "../model/access-state.ts";
import { assignmentAddress, groupAddress, permissionSetAddress, userAddress } from "../model/address.ts";
import { inactiveReason } from "../model/organization.ts";
import { unknownPrincipal, whyMayBeReplaced, whyNotReplaced } from "./why-stays.ts";
import type { ComparisonWithDeletions, Difference } from "./difference.ts";
import { otherOwner } from "./owners.ts";
import type { Reason } from "./plan.ts";
import { reasonText } from "./reason-text.ts";
import { whyUnread } from "./unread-gains.ts";

/** Assignments: the rows of the case table in diff.ts. Nothing is allocated for a pair of equals. */
export const diffAssignments = (comparison: ComparisonWithDeletions, difference: Difference): void => {
  const { desired, live, ignore } = comparison;
  for (const [address, assignment] of live.state.assignments) {
    const ignored = ignore.assignment(assignment);
    if (ignored !== null) difference.ignored.push({ address, reason: ignored });
    else if (desired.state.assignments.has(address)) difference.populations.assignments += 1;
    else diffUndeclared(address, assignment, comparison, difference);
  }
  const formerName = new Map([...comparison.renames.permissionSets].map(([old, name]) => [name, old]));
  for (const [address, assignment] of desired.state.assignments) {
    if (live.state.assignments.has(address)) continue;
    diffMissing(address, assignment, formerName, comparison, difference);
  }
};

const diffUndeclared = (
  address: string,
  assignment: Assignment,
  comparison: ComparisonWithDeletions,
  difference: Difference,
): void => {
  const { desired, live, unread } = comparison;
  const verdict = judge(address, assignment, comparison);
  if ("leftAlone" in verdict) {
    difference.unmanaged.push({ address, reason: verdict.leftAlone });
    return;
  }
  difference.populations.assignments += 1;
  const inactive = inactiveReason(live.organization, assignment.accountId);
  const unknown = unknownPrincipal(assignment, unread);
  const irreplaceable =
    verdict.code === "renamed"
      ? whyNotReplaced(assignment, comparison)
      : whyMayBeReplaced(assignment, comparison);
  const position = verdict.code === "expired" ? (desired.origins.get(address)?.position ?? null) : null;
  if (desired.scope.modes.assignments === "additive") {
    difference.withheld.push({ address, reason: reasonText(verdict) });
  } else if (inactive !== null) {
    difference.skipped.push({ subject: address, reason: `not deleted: ${inactive}`, position });
  } else if (unknown !== null) {
    difference.unchecked.push({ scope: address, reason: unknown });
  } else if (irreplaceable !== null && "unchecked" in irreplaceable) {
    difference.unchecked.push({ scope: address, reason: `not deleted: ${irreplaceable.unchecked}` });
  } else if (irreplaceable !== null) {
    difference.skipped.push({ subject: address, reason: `not deleted: ${irreplaceable.skipped}`, position });
  } else {
    difference.changes.push({
      kind: "assignment",
      action: "delete",
      before: assignment,
      after: null,
      address,
      id: null,
      reason: verdict,
      position,
    });
  }
};

const judge = (
  address: string,
  assignment: Assignment,
  { desired, live, renames, doomed, noise }: ComparisonWithDeletions,
): Reason | { leftAlone: string } => {
  const { permissionSet, principalType, principal, orphan } = assignment;
  const orphaned = orphan === true;
  const principals = principalType === "GROUP" ? "groups" : "users";
  const bySet = doomed.emptied.permissionSets.get(permissionSet)?.code;
  const byPrincipal = orphaned ? undefined : doomed.emptied[principals].get(principal)?.code;
  if (doomed.permissionSets.has(permissionSet) || bySet === "removed" || bySet === "renamed") {
    const newName = renames.permissionSets.get(permissionSet);
    return newName !== undefined &&
      desired.state.assignments.has(assignmentAddress({ ...assignment, permissionSet: newName }))
      ? { code: "renamed", detail: newName }
      : { code: "parent-deleted", detail: permissionSetAddress(permissionSet) };
  }
  if (byPrincipal === "removed" || (!orphaned && doomed[principals].has(principal))) {
    return { code: "parent-deleted", detail: principalAddress(assignment) };
  }
  if (bySet === "exclusive") return { code: "exclusive" };
  if (bySet === "owner-mark") return { code: "not-declared" };
  const until = desired.origins.get(address)?.until;
  if (until !== undefined)
    return { code: "expired", detail: new Date(until).toISOString().replace(".000Z", "Z") };
  if (byPrincipal === "exclusive" && otherOwner(desired, live, permissionSet) === null) {
    return { code: "exclusive" };
  }
  if (desired.scope.external.permissionSets.has(permissionSet)) {
    return { leftAlone: "its permission set is external: only declared assignments of it are managed" };
  }
  const isDeclared = desired.state.permissionSets.has(permissionSet);
  if (!isDeclared && desired.scope.modes.assignments !== "exclusive") {
    return { leftAlone: "its permission set is not declared" };
  }
  const owner = isDeclared ? null : otherOwner(desired, live, permissionSet);
  if (owner !== null) {
    return { leftAlone: `its permission set belongs to manifest "${owner}" (tag reconcile:owner)` };
  }
  if (orphaned) return { code: "orphaned" };
  if (isDeclared) return { code: "not-declared" };
  const known = noise.assignment(assignment);
  return known === null ? { code: "exclusive" } : { leftAlone: known };
};

const diffMissing = (
  address: string,
  assignment: Assignment,
  formerName: ReadonlyMap<string, string>,
  { desired, live, ignore, unread }: ComparisonWithDeletions,
  difference: Difference,
): void => {
  const { accountId, permissionSet } = assignment;
  const origin = desired.origins.get(address);
  const position = origin?.position ?? null;
  const ignored = ignore.assignment(assignment);
  if (ignored !== null) {
    difference.ignored.push({ address, reason: ignored });
    return;
  }
  const unknown = whyUnread(address, assignment, live, unread);
  if (unknown !== null) {
    difference.unchecked.push({ scope: address, reason: unknown });
    return;
  }
  const inactive = inactiveReason(live.organization, accountId);
  if (inactive !== null) {
    difference.skipped.push({ subject: address, reason: `not created: ${inactive}`, position });
    return;
  }
  const old = formerName.get(permissionSet);
  const isRenamed =
    old !== undefined && live.state.assignments.has(assignmentAddress({ ...assignment, permissionSet: old }));
  difference.changes.push({
    kind: "assignment",
    action: "create",
    before: null,
    after: assignment,
    address,
    id: null,
    reason: isRenamed
      ? { code: "renamed", detail: old }
      : { code: "declared", ...(origin?.reason === undefined ? {} : { detail: origin.reason }) },
    position,
  });
};

const principalAddress = ({ principalType, principal }: Assignment): string =>
  principalType === "GROUP" ? groupAddress(principal) : userAddress(principal);
