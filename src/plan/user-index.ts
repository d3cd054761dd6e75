import type { Assignment } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";
import type { ChangeDraft } from "./plan.ts";

/** Which accounts the users reach whose memberships or assignments change: directly, or through any of their groups. */
export interface UserIndex {
  add(assignment: Assignment, before: boolean, after: boolean): void;
  reaches(user: string, accountId: string, side: "before" | "after"): boolean;
}

export const indexUsers = (live: LiveState, changes: readonly ChangeDraft[]): UserIndex => {
  const users = new Map<string, OnBothSides<Set<string>>>();
  const gone = new Set<string>();
  for (const change of changes) {
    if (change.kind === "membership") {
      const { user } = change.after ?? change.before;
      users.set(user, { before: new Set(), after: new Set() });
      if (change.action === "delete") gone.add(change.address);
    } else if (change.kind === "assignment") {
      const { principalType, principal, orphan } = change.after ?? change.before;
      if (principalType === "USER" && orphan !== true) {
        users.set(principal, { before: new Set(), after: new Set() });
      }
    }
  }
  /** Accounts of the groups and users that matter. */
  const groups = new Map<string, OnBothSides<Set<string>>>();
  const direct = new Map<string, OnBothSides<Set<string>>>();
  const join = (user: string, group: string, side: "before" | "after"): void => {
    const known = users.get(user);
    if (known === undefined) return;
    known[side].add(group);
    if (!groups.has(group)) groups.set(group, { before: new Set(), after: new Set() });
  };
  if (users.size > 0) {
    for (const user of users.keys()) direct.set(user, { before: new Set(), after: new Set() });
    for (const [address, { user, group }] of live.state.memberships) {
      join(user, group, "before");
      if (!gone.has(address)) join(user, group, "after");
    }
    for (const change of changes) {
      if (change.kind === "membership" && change.action !== "delete") {
        join(change.after.user, change.after.group, "after");
      }
    }
  }
  return {
    add: ({ accountId, principalType, principal, orphan }, before, after) => {
      if (orphan === true) return;
      const reach = (principalType === "GROUP" ? groups : direct).get(principal);
      if (before) reach?.before.add(accountId);
      if (after) reach?.after.add(accountId);
    },
    reaches: (user, accountId, side) =>
      direct.get(user)?.[side].has(accountId) === true ||
      [...(users.get(user)?.[side] ?? [])].some((group) => groups.get(group)?.[side].has(accountId) === true),
  };
};

interface OnBothSides<T> {
  readonly before: T;
  readonly after: T;
}
