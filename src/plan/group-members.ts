import { compareText, membershipAddress } from "../model/address.ts";
import { unreadAt } from "../model/coverage.ts";
import type { LiveState } from "../model/live-state.ts";
import type { ChangeDraft, MembersOfGroup } from "./plan.ts";

/** Who is in a group before and after; undefined: nobody, as far as it was read, or no assignment of it changes. */
export interface GroupMembers {
  of(group: string, side: "before" | "after"): MembersOfGroup | undefined;
}

/** A group of thousands is told by its first few. */
const mostNames = 3;

export const indexGroupMembers = (
  { state, coverage }: LiveState,
  changes: readonly ChangeDraft[],
): GroupMembers => {
  const groups = new Map<string, Record<"before" | "after", Set<string>>>();
  const gone = new Set<string>();
  for (const change of changes) {
    if (change.kind === "assignment") {
      const { principalType, principal } = change.after ?? change.before;
      if (principalType === "GROUP") groups.set(principal, { before: new Set(), after: new Set() });
    } else if (change.kind === "membership" && change.action === "delete") gone.add(change.address);
  }
  if (groups.size > 0) {
    for (const [address, { user, group }] of state.memberships) {
      const members = groups.get(group);
      members?.before.add(user);
      if (!gone.has(address)) members?.after.add(user);
    }
    for (const change of changes) {
      if (change.kind === "membership" && change.action !== "delete")
        groups.get(change.after.group)?.after.add(change.after.user);
    }
  }
  const told = new Map<string, MembersOfGroup>();
  return {
    of: (group, side) => {
      const members = groups.get(group)?.[side];
      if (
        members === undefined ||
        members.size === 0 ||
        unreadAt(coverage, membershipAddress({ group, user: "*" })) !== undefined
      )
        return undefined;
      const key = `${side} ${group}`;
      const known = told.get(key) ?? {
        names: [...members].sort(compareText).slice(0, mostNames),
        count: members.size,
      };
      told.set(key, known);
      return known;
    },
  };
};
