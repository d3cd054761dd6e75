import type { Assignment, Membership, PermissionSet } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";
import { changesRole } from "./diff-provisioning.ts";
import type { ChangeDraft } from "./plan.ts";

/** Who reaches what, before or after the plan. */
export interface Side {
  readonly assignments: () => Iterable<Assignment>;
  readonly memberships: () => Iterable<Membership>;
  readonly permissionSet: (name: string) => PermissionSet | undefined;
  /** Whether the account holds an older version of the set, of which AWS does not tell what it allows. */
  readonly isStale: (accountId: string, permissionSet: string) => boolean;
}

export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

export const sidesOf = ({ state, provisioning }: LiveState, changes: readonly ChangeDraft[]): Sides => {
  const gone = new Set<string>();
  const assignments: Assignment[] = [];
  const memberships: Membership[] = [];
  const sets = new Map<string, PermissionSet | undefined>();
  const renewed = new Set<string>();
  for (const change of changes) {
    if (change.action === "delete") gone.add(change.address);
    else if (change.kind === "assignment") assignments.push(change.after);
    else if (change.kind === "membership") memberships.push(change.after);
    for (const each of renewedBy(change)) renewed.add(each);
    if (change.kind === "permissionSet") {
      sets.set((change.after ?? change.before).name, change.after ?? undefined);
    }
  }
  const wasStale = (accountId: string, name: string): boolean =>
    provisioning.get(name)?.stale?.includes(accountId) === true;
  return {
    before: {
      assignments: () => state.assignments.values(),
      memberships: () => state.memberships.values(),
      permissionSet: (name) => state.permissionSets.get(name),
      isStale: wasStale,
    },
    after: {
      assignments: once(() => remaining(state.assignments, gone, assignments)),
      memberships: once(() => remaining(state.memberships, gone, memberships)),
      permissionSet: (name) => (sets.has(name) ? sets.get(name) : state.permissionSets.get(name)),
      isStale: (accountId, name) =>
        wasStale(accountId, name) && !renewed.has(name) && !renewed.has(`${name}/${accountId}`),
    },
  };
};

/** Permission sets, or such a set with an account, that a change provisions. A new assignment may do that, too. */
const renewedBy = (change: ChangeDraft): readonly string[] => {
  if (change.kind === "provisioning") return change.accounts.map((id) => `${change.permissionSet}/${id}`);
  if (change.kind === "assignment" && change.action === "create") {
    return [`${change.after.permissionSet}/${change.after.accountId}`];
  }
  return change.kind === "permissionSet" && change.action === "update" && changesRole(change)
    ? [change.after.name]
    : [];
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
