import type { Group, PermissionSet, User } from "../model/access-state.ts";
import { groupAddress, permissionSetAddress, userAddress } from "../model/address.ts";
import { newUserDefaults } from "../model/user-attributes.ts";
import type { ComparisonWithDeletions, Difference } from "./difference.ts";
import { mergeGroup, mergePermissionSet, mergeUser } from "./merge.ts";
import type { ChangeDraft, Reason } from "./plan.ts";

/** Users, groups and permission sets: the rows of the case table in diff.ts. */
export const diffObjects = (comparison: ComparisonWithDeletions, difference: Difference): void => {
  const { live, renames } = comparison;
  const formerName = new Map([...renames.permissionSets].map(([old, name]) => [name, old]));
  diffKind<User>("user", "users", comparison, difference, {
    address: userAddress,
    merge: mergeUser,
    whole: (user) => ({ ...user, attributes: newUserDefaults(user.attributes) }),
    createReason: () => ({ code: "declared" }),
    updateReason: () => ({ code: "differs" }),
  });
  diffKind<Group>("group", "groups", comparison, difference, {
    address: groupAddress,
    merge: mergeGroup,
    whole: (group) => ({ ...group, description: group.description ?? null }),
    createReason: () => ({ code: "declared" }),
    updateReason: (name) => {
      const before = live.state.groups.get(name)?.displayName ?? name;
      return before === name ? { code: "differs" } : { code: "renamed", detail: before };
    },
  });
  diffKind<PermissionSet>("permissionSet", "permissionSets", comparison, difference, {
    address: permissionSetAddress,
    merge: mergePermissionSet,
    whole: (set) => ({ ...set, description: set.description ?? null, tags: set.tags ?? {} }),
    createReason: (name) => {
      const before = formerName.get(name);
      return before === undefined ? { code: "declared" } : { code: "renamed", detail: before };
    },
    updateReason: () => ({ code: "differs" }),
  });
};

interface KindOfObject<T> {
  readonly address: (name: string) => string;
  /** Answers the live value itself where nothing differs. */
  readonly merge: (desired: T, live: T) => T;
  /** The object as it will be created. */
  readonly whole: (desired: T) => T;
  readonly createReason: (name: string) => Reason;
  readonly updateReason: (name: string) => Reason;
}

const diffKind = <T>(
  kind: "user" | "group" | "permissionSet",
  collection: "users" | "groups" | "permissionSets",
  { desired, live, unread, doomed }: ComparisonWithDeletions,
  difference: Difference,
  object: KindOfObject<T>,
): void => {
  // The three kinds differ in their values only; which value belongs to which kind is known where this is called.
  const declared = desired.state[collection] as ReadonlyMap<string, T>;
  const there = live.state[collection] as ReadonlyMap<string, T>;
  const push = (change: unknown): void => void difference.changes.push(change as ChangeDraft);
  for (const [name, wanted] of declared) {
    if (desired.scope.external[collection].has(name)) continue;
    const address = object.address(name);
    const position = desired.origins.get(address)?.position ?? null;
    const unknown = unread.covers(address);
    const before = there.get(name);
    if (unknown !== null) {
      difference.unchecked.push({ scope: address, reason: unknown });
    } else if (before === undefined) {
      const after = object.whole(wanted);
      const reason = object.createReason(name);
      push({ kind, action: "create", before: null, after, address, id: null, reason, position });
    } else {
      const after = object.merge(wanted, before);
      if (after === before) continue;
      const id = live.ids[collection].get(name) ?? null;
      const reason = object.updateReason(name);
      push({ kind, action: "update", before, after, address, id, reason, position });
    }
  }
  for (const [name, reason] of doomed[collection]) {
    const address = object.address(name);
    const id = live.ids[collection].get(name) ?? null;
    const position = desired.scope.removed[collection].get(name) ?? null;
    push({ kind, action: "delete", before: there.get(name), after: null, address, id, reason, position });
  }
};
