import type { Assignment, Membership, PermissionSet } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";
import type { ChangeDraft } from "./plan.ts";

/** Who reaches what, before or after the plan. */
export interface Side {
  readonly assignments: () => Iterable<Assignment>;
  readonly memberships: () => Iterable<Membership>;
  readonly permissionSet: (name: string) => PermissionSet | undefined;
}

export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

export const sidesOf = ({ state }: LiveState, changes: readonly ChangeDraft[]): Sides => {
  const gone = new Set<string>();
  const assignments: Assignment[] = [];
  const memberships: Membership[] = [];
  const sets = new Map<string, PermissionSet | undefined>();
  for (const change of changes) {
    if (change.action === "delete") gone.add(change.address);
    else if (change.kind === "assignment") assignments.push(change.after);
    else if (change.kind === "membership") memberships.push(change.after);
    if (change.kind === "permissionSet") {
      sets.set((change.after ?? change.before).name, change.after ?? undefined);
    }
  }
  return {
    before: {
      assignments: () => state.assignments.values(),
      memberships: () => state.memberships.values(),
      permissionSet: (name) => state.permissionSets.get(name),
    },
    after: {
      assignments: once(() => remaining(state.assignments, gone, assignments)),
      memberships: once(() => remaining(state.memberships, gone, memberships)),
      permissionSet: (name) => (sets.has(name) ? sets.get(name) : state.permissionSets.get(name)),
    },
  };
};

const remaining = <T>(
  before: ReadonlyMap<string, T>,
  gone: ReadonlySet<string>,
  added: readonly T[],
): T[] => {
  const values: T[] = [];
  for (const [address, value] of before) if (!gone.has(address)) values.push(value);
  for (const value of added) values.push(value);
  return values;
};

/** There can be a million of them, and several guards that look. */
const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};
