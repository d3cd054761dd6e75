import type { Assignment } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";
import type { ChangeDraft } from "./plan.ts";

/**
 * The assignments before and after the plan of the groups whose members change and of the permission sets that change,
 * from one walk over all of them. Orphans are nobody's.
 */
export interface Standing {
  readonly ofGroup: (group: string) => BothSides;
  readonly ofSet: (permissionSet: string) => BothSides;
}

interface BothSides {
  readonly before: readonly Assignment[];
  readonly after: readonly Assignment[];
}

export const indexStanding = ({ state }: LiveState, changes: readonly ChangeDraft[]): Standing => {
  const groups = new Map<string, Lists>();
  const sets = new Map<string, Lists>();
  const deleted = new Set<string>();
  for (const change of changes) {
    if (change.kind === "membership") {
      groups.set((change.after ?? change.before).group, { before: [], after: [] });
    } else if (change.kind === "permissionSet" && change.action === "update") {
      sets.set(change.after.name, { before: [], after: [] });
    } else if (change.kind === "provisioning") {
      sets.set(change.permissionSet, { before: [], after: [] });
    } else if (change.kind === "assignment" && change.action === "delete") {
      deleted.add(change.address);
    }
  }
  const add = (assignment: Assignment, side: keyof Lists): void => {
    if (assignment.orphan === true) return;
    sets.get(assignment.permissionSet)?.[side].push(assignment);
    if (assignment.principalType === "GROUP") groups.get(assignment.principal)?.[side].push(assignment);
  };
  if (groups.size + sets.size > 0) {
    for (const [address, assignment] of state.assignments) {
      add(assignment, "before");
      if (!deleted.has(address)) add(assignment, "after");
    }
    for (const change of changes) {
      if (change.kind === "assignment" && change.action !== "delete") add(change.after, "after");
    }
  }
  return {
    ofGroup: (group) => groups.get(group) ?? nothing,
    ofSet: (permissionSet) => sets.get(permissionSet) ?? nothing,
  };
};

interface Lists {
  readonly before: Assignment[];
  readonly after: Assignment[];
}

const nothing: BothSides = { before: [], after: [] };
