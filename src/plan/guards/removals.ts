import type { ManagedKind } from "../../model/desired-state.ts";
import type { Guards } from "../../model/guards.ts";
import type { Change, GuardArgs } from "../plan.ts";
import { emptiedAssignments } from "./emptied-sets.ts";
import { takesRights } from "../set-changes.ts";
import type { GuardInput } from "./guard.ts";

export const kinds = ["users", "groups", "memberships", "permissionSets", "assignments"] as const;

export const deletionsOf = (changes: readonly Change[], kind: ManagedKind): readonly Change[] =>
  changes.filter((change) => change.action === "delete" && `${change.kind}s` === kind);

/**
 * An assignment whose permission set comes to allow nothing counts as one that goes. What does not count: what a renamed permission set leaves behind, where its
 * replacement allows no less; orphans, which nobody has; and access whose time has run out, which goes in whatever number, so that a run by the clock does not leave it
 * standing. Where that was long ago it counts: either nothing ran for that long, or a date was mistyped by a year.
 */
export const checkMaxRemovals = (input: GuardInput): GuardArgs[] => {
  const { changes, populations, settings } = input;
  const limit = settings.maxRemovals;
  return kinds.flatMap((kind) => {
    const deleted = deletionsOf(changes, kind).filter((change) => takesSomething(change, input)).length;
    const emptied = kind === "assignments" ? emptiedAssignments(input) : { count: 0, addresses: [] };
    const count = deleted + emptied.count;
    const population = populations[kind];
    if (isWithin(limit, count, population)) return [];
    return [
      {
        kind,
        count,
        population,
        ...limit,
        ...(emptied.count === 0 ? {} : { addresses: emptied.addresses }),
      },
    ];
  });
};

export const isOrphan = (change: Change): boolean =>
  change.kind === "assignment" && change.before?.orphan === true;

const takesSomething = (change: Change, { now, sides }: GuardInput): boolean => {
  const { reason } = change;
  if (isOrphan(change)) return false;
  if (reason.code === "renamed") {
    if (change.kind !== "assignment" || change.before === null || reason.detail === undefined) return false;
    const former = sides.before.permissionSet(change.before.permissionSet);
    const next = sides.after.permissionSet(reason.detail);
    return former !== undefined && next !== undefined && takesRights(former, next);
  }
  return reason.code !== "expired" || (now !== null && now - Date.parse(reason.detail ?? "") > lately);
};

/** Milliseconds: 30 days. */
const lately = 30 * 24 * 60 * 60 * 1000;

/** What is not more than the floor, or than the percentage: that is a decimal number, which must not be missed by a hair. */
export const isWithin = (
  { percent, floor }: Guards["maxRemovals"],
  count: number,
  population: number,
): boolean => count <= floor || count * 100 - percent * population < 1e-6;
