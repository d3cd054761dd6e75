import type { Assignment, Membership } from "../model/access-state.ts";
import { groupAddress, membershipAddress, permissionSetAddress, userAddress } from "../model/address.ts";
import { AwsError } from "../model/errors.ts";
import type { LiveIds } from "../model/live-state.ts";
import type { Change } from "../plan/plan.ts";

/** AWS ids by name: those that were read, and those of what this run creates. */
export interface Ids {
  user(userName: string): string;
  group(displayName: string): string;
  permissionSet(name: string): string;
  membership(membership: Membership): string;
  principal(assignment: Assignment): string;
  addUser(userName: string, id: string): void;
  addGroup(displayName: string, id: string): void;
  addPermissionSet(name: string, arn: string): void;
  addMembership(membership: Membership, id: string): void;
}

export const createIds = (live: LiveIds, changes: readonly Change[]): Ids => {
  const users = new Map(live.users);
  const groups = new Map(live.groups);
  const permissionSets = new Map(live.permissionSets);
  const memberships = new Map(live.memberships);
  // A group keeps its id when it is renamed, and what depends on it names it by its new name.
  for (const change of changes) {
    if (change.kind !== "group" || change.action !== "update") continue;
    const id = groups.get(change.before.displayName);
    if (id !== undefined) groups.set(change.after.displayName, id);
  }

  const user = (userName: string): string => known(users.get(userName), userAddress(userName));
  const group = (displayName: string): string => known(groups.get(displayName), groupAddress(displayName));
  return {
    user,
    group,
    permissionSet: (name) => known(permissionSets.get(name), permissionSetAddress(name)),
    membership: (membership) => {
      const address = membershipAddress(membership);
      return known(memberships.get(address), address);
    },
    principal: ({ orphan, principalType, principal }) => {
      if (orphan) return principal;
      return principalType === "GROUP" ? group(principal) : user(principal);
    },
    addUser: (userName, id) => void users.set(userName, id),
    addGroup: (displayName, id) => void groups.set(displayName, id),
    addPermissionSet: (name, arn) => void permissionSets.set(name, arn),
    addMembership: (membership, id) => void memberships.set(membershipAddress(membership), id),
  };
};

const known = (id: string | undefined, address: string): string => {
  if (id !== undefined) return id;
  throw new AwsError("unknown-id", `${address} was not there when Identity Center was read`, {
    hint: "Plan again: it may have been created or renamed in the meantime",
  });
};
