import { append, none, sorted, union } from "./lists.ts";
import type { ChangeDraft } from "./plan.ts";
import type { OrderContext } from "./replacements.ts";
import { givesMore } from "./set-changes.ts";

/**
 * What must have gone before more is given, so that who was to lose a permission set, or to leave a group, does not get
 * what comes to it: see the case table in order.ts.
 */
export const makeExcess = ({
  changes,
  standing,
}: OrderContext): ((change: ChangeDraft) => readonly string[]) => {
  const leaving = new Map<string, string[]>();
  const losing = new Map<string, string[]>();
  for (const change of changes) {
    if (change.action !== "delete") continue;
    if (change.kind === "membership") append(leaving, change.before.group, change.address);
    else if (change.kind === "assignment" && change.before.orphan !== true) {
      append(losing, change.before.permissionSet, change.address);
    }
  }
  /** By permission set: groups that somebody leaves and that have it. */
  const groupsLeft = new Map<string, Set<string>>();
  for (const group of leaving.keys()) {
    for (const { permissionSet } of standing.ofGroup(group).before) {
      groupsLeft.set(permissionSet, (groupsLeft.get(permissionSet) ?? new Set()).add(group));
    }
  }
  return (change) => {
    if (change.kind === "assignment" && change.action !== "delete") {
      const { principalType, principal } = change.after;
      return principalType === "GROUP" ? (leaving.get(principal) ?? none) : none;
    }
    if (change.kind !== "permissionSet" || change.action !== "update") return none;
    const { before, after } = change;
    if (!givesMore(before, after)) return none;
    const left = [...(groupsLeft.get(after.name) ?? [])].map((group) => leaving.get(group) ?? none);
    return union(losing.get(after.name) ?? none, sorted(left.flat()));
  };
};
