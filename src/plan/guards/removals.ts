import type { ManagedKind } from "../../model/desired-state.ts";
import type { Change, GuardArgs } from "../plan.ts";
import type { GuardInput } from "./guard.ts";

export const kinds = ["users", "groups", "memberships", "permissionSets", "assignments"] as const;

export const deletionsOf = (changes: readonly Change[], kind: ManagedKind): readonly Change[] =>
  changes.filter((change) => change.action === "delete" && `${change.kind}s` === kind);

/** What a renamed permission set leaves behind does not count: it has its replacement. */
export const checkMaxRemovals = ({ changes, populations, settings }: GuardInput): GuardArgs[] => {
  const { percent, floor } = settings.maxRemovals;
  return kinds.flatMap((kind) => {
    const count = deletionsOf(changes, kind).filter(({ reason }) => reason.code !== "renamed").length;
    const population = populations[kind];
    return count <= floor || count * 100 <= percent * population
      ? []
      : [{ kind, count, population, percent, floor }];
  });
};
