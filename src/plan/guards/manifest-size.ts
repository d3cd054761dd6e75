import type { DesiredState, ManagedKind } from "../../model/desired-state.ts";
import type { Change, GuardArgs, ReasonCode } from "../plan.ts";
import type { GuardInput } from "./guard.ts";
import { deletionsOf, isWithin, kinds } from "./removals.ts";

/**
 * A manifest of which a part was lost looks like one that asks for deletions. There is no record of what it once held;
 * what stands in AWS within its scope tells the same. Counted is what would go without a word about it: not what is
 * listed under `removed`, renamed, expired or orphaned.
 */
export const checkShrunkenManifest = ({ changes, populations, settings }: GuardInput): GuardArgs[] => {
  const limit = settings.maxShrink;
  const silent = new Set(
    changes.flatMap(({ action, address, reason }) =>
      action === "delete" && withoutAWord.has(reason.code) ? [address] : [],
    ),
  );
  const count = changes.filter((change) => goesSilently(change, silent)).length;
  const population = kinds.reduce((sum, kind) => sum + populations[kind], 0);
  return isWithin(limit, count, population) ? [] : [{ count, population, ...limit }];
};

const withoutAWord: ReadonlySet<ReasonCode> = new Set(["exclusive", "not-declared", "owner-mark"]);

const goesSilently = ({ action, address, reason }: Change, silent: ReadonlySet<string>): boolean =>
  action === "delete" &&
  (silent.has(address) || (reason.code === "parent-deleted" && silent.has(reason.detail ?? "")));

/**
 * A block that was lost asks for the deletion of all that it once held: in mode exclusive of everything of its kind, in
 * mode declared of the assignments of what is still declared, and of the permission sets with its owner mark. Of these a
 * single one is no block, unless the manifest declares nothing at all. Memberships go only where a group says who its
 * members are, if nobody.
 */
export const checkEmptyManifest = (input: GuardInput): GuardArgs[] => {
  const { changes, populations, settings, comparison } = input;
  if (settings.emptyManifest === "allow") return [];
  const declared = declaredCounts(comparison.desired);
  const declaresNothing = kinds.every((kind) => declared[kind] === 0);
  return kinds.flatMap((kind) => {
    if (declared[kind] > 0) return [];
    const lost = (code: ReasonCode): number =>
      deletionsOf(changes, kind).filter(({ reason }) => reason.code === code).length;
    const unsaid = lost("owner-mark") + (kind === "assignments" ? lost("not-declared") : 0);
    const count = lost("exclusive") + (unsaid > 1 || declaresNothing ? unsaid : 0);
    return count === 0 ? [] : [{ kind, count, population: populations[kind] }];
  });
};

/** External objects are declared too. */
const declaredCounts = ({ state, scope }: DesiredState): Record<ManagedKind, number> => ({
  users: state.users.size + scope.external.users.size,
  groups: state.groups.size + scope.external.groups.size,
  memberships: state.memberships.size,
  permissionSets: state.permissionSets.size + scope.external.permissionSets.size,
  assignments: state.assignments.size,
});
