import type { ManagedKind } from "../../model/desired-state.ts";
import type { Guards } from "../../model/guards.ts";
import type { Change, GuardArgs } from "../plan.ts";
import type { GuardInput } from "./guard.ts";

export const kinds = ["users", "groups", "memberships", "permissionSets", "assignments"] as const;

export const deletionsOf = (changes: readonly Change[], kind: ManagedKind): readonly Change[] =>
  changes.filter((change) => change.action === "delete" && `${change.kind}s` === kind);

/** What a renamed permission set leaves behind does not count: it has its replacement. */
export const checkMaxRemovals = ({ changes, populations, settings }: GuardInput): GuardArgs[] => {
  const limit = settings.maxRemovals;
  return kinds.flatMap((kind) => {
    const count = deletionsOf(changes, kind).filter(({ reason }) => reason.code !== "renamed").length;
    const population = populations[kind];
    return isWithin(limit, count, population) ? [] : [{ kind, count, population, ...limit }];
  });
};

/** What is not more than the floor, or than the percentage: that is a decimal number, which must not be missed by a hair. */
export const isWithin = (
  { percent, floor }: Guards["maxRemovals"],
  count: number,
  population: number,
): boolean => count <= floor || count * 100 - percent * population < 1e-6;
