import { assignmentAddress, permissionSetAddress } from "../../model/address.ts";
import type { DesiredState, ManagedKind } from "../../model/desired-state.ts";
import type { Comparison } from "../difference.ts";
import type { Change, GuardArgs, ReasonCode } from "../plan.ts";
import type { GuardInput } from "./guard.ts";
import { deletionsOf, isOrphan, isWithin, kinds } from "./removals.ts";

/**
 * A manifest of which a part was lost looks like one that asks for deletions. There is no record of what it once held;
 * what stands in AWS within its scope tells the same. Counted is what would go without a word about it: not what is
 * listed under `removed`, renamed, expired or orphaned. Of a renamed permission set that is what its assignments under
 * the new name do not replace.
 */
export const checkShrunkenManifest = ({
  changes,
  populations,
  settings,
  comparison,
}: GuardInput): GuardArgs[] => {
  const limit = settings.maxShrink;
  const silent = silentDeletions(changes);
  const count = changes.filter((change) => goesSilently(change, silent, comparison)).length;
  const population = kinds.reduce((sum, kind) => sum + populations[kind], 0);
  return isWithin(limit, count, population) ? [] : [{ count, population, ...limit }];
};

/**
 * A block that was lost asks for the deletion of all that it once held: in mode exclusive of everything of its kind, in
 * mode declared of the assignments of what is still declared, or was and goes with it, and of the permission sets with
 * its owner mark. Of these a single one is no block, unless the manifest declares nothing at all. Memberships go only
 * where a group says who its members are, if nobody.
 */
export const checkEmptyManifest = (input: GuardInput): GuardArgs[] => {
  const { changes, populations, settings, comparison } = input;
  if (settings.emptyManifest === "allow") return [];
  const declared = declaredCounts(comparison.desired);
  const declaresNothing = kinds.every((kind) => declared[kind] === 0);
  const silent = silentDeletions(changes);
  return kinds.flatMap((kind) => {
    if (declared[kind] > 0) return [];
    const gone = deletionsOf(changes, kind);
    const lost = (code: ReasonCode): number => gone.filter(({ reason }) => reason.code === code).length;
    const withSets =
      kind === "assignments" ? gone.filter((change) => goesWithSet(change, silent, comparison)).length : 0;
    const unsaid = lost("owner-mark") + (kind === "assignments" ? lost("not-declared") : 0) + withSets;
    const count = lost("exclusive") + (unsaid > 1 || declaresNothing ? unsaid : 0);
    return count === 0 ? [] : [{ kind, count, population: populations[kind] }];
  });
};

const withoutAWord: ReadonlySet<ReasonCode> = new Set(["exclusive", "not-declared", "owner-mark"]);

const silentDeletions = (changes: readonly Change[]): ReadonlySet<string> =>
  new Set(
    changes.flatMap(({ action, address, reason }) =>
      action === "delete" && withoutAWord.has(reason.code) ? [address] : [],
    ),
  );

const goesSilently = (change: Change, silent: ReadonlySet<string>, comparison: Comparison): boolean => {
  if (change.action !== "delete" || isOrphan(change)) return false;
  if (silent.has(change.address)) return true;
  return (
    (change.reason.code === "parent-deleted" && silent.has(change.reason.detail ?? "")) ||
    isLeftOutOfRename(change, comparison)
  );
};

/** An assignment that goes with a permission set that does, about which there is no word. */
const goesWithSet = (change: Change, silent: ReadonlySet<string>, comparison: Comparison): boolean =>
  change.kind === "assignment" &&
  change.action === "delete" &&
  change.reason.detail === permissionSetAddress(change.before.permissionSet) &&
  goesSilently(change, silent, comparison);

/** Its permission set has another name now, under which it is not declared, nor was. */
const isLeftOutOfRename = (change: Change, { desired, renames }: Comparison): boolean => {
  if (change.kind !== "assignment" || change.action !== "delete") return false;
  const { before, reason } = change;
  const permissionSet = renames.permissionSets.get(before.permissionSet);
  if (permissionSet === undefined || reason.code !== "parent-deleted") return false;
  const isExpired = desired.origins.get(assignmentAddress({ ...before, permissionSet }))?.until !== undefined;
  const { removed } = desired.scope;
  return !isExpired && !removed[before.principalType === "GROUP" ? "groups" : "users"].has(before.principal);
};

/** External objects are declared too. */
const declaredCounts = ({ state, scope }: DesiredState): Record<ManagedKind, number> => ({
  users: state.users.size + scope.external.users.size,
  groups: state.groups.size + scope.external.groups.size,
  memberships: state.memberships.size,
  permissionSets: state.permissionSets.size + scope.external.permissionSets.size,
  assignments: state.assignments.size,
});
