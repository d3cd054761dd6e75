import type { AccessState, PermissionSet, User } from "../model/access-state.ts";
import { compareText } from "../model/address.ts";
import { unreadAt } from "../model/coverage.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Change } from "./plan.ts";
import { isSame } from "./same.ts";

/**
 * Whether that which a change was to bring about stands there. Only what it was to change counts: what it says nothing
 * about may have changed. What was not read neither stands there nor is gone.
 */
export const standsThere = (change: Change, live: LiveState): boolean => {
  const { state, coverage, provisioning } = live;
  if (unreadAt(coverage, change.address) !== undefined) return false;
  if (change.kind === "provisioning") {
    const stale = provisioning.get(change.permissionSet)?.stale ?? null;
    return stale !== null && !change.accounts.some((account) => stale.includes(account));
  }
  const found = partsAt(change, state);
  if (change.action === "delete") return found === null;
  if (found === null) return false;
  // An update of a permission set is done when the accounts have it, too.
  if (change.kind === "permissionSet" && provisioning.get(change.after.name)?.stale === null) return false;
  const [before, after] = [change.before === null ? null : partsOf(change.before), partsOf(change.after)];
  return Object.entries(after).every(
    ([part, value]) => (before !== null && isSame(before[part], value)) || isSame(found[part], value),
  );
};

type Parts = Readonly<Record<string, unknown>>;

const partsAt = (change: Exclude<Change, { kind: "provisioning" }>, state: AccessState): Parts | null => {
  const found = objectAt(change, state);
  return found === undefined ? null : partsOf(found);
};

const objectAt = (change: Exclude<Change, { kind: "provisioning" }>, state: AccessState) => {
  switch (change.kind) {
    case "user":
      return state.users.get((change.after ?? change.before).userName);
    case "group":
      return state.groups.get((change.after ?? change.before).displayName);
    case "permissionSet":
      return state.permissionSets.get((change.after ?? change.before).name);
    case "membership":
      return state.memberships.get(change.address);
    case "assignment":
      return state.assignments.get(change.address);
  }
};

/** Attributes and policies as they compare: the spelling of a policy is no part of it, and tags may be called anything. */
const partsOf = (object: object): Parts => {
  const { attributes, inlinePolicy, tags, ...rest } = object as Record<string, unknown> &
    Partial<Pick<User, "attributes"> & Pick<PermissionSet, "inlinePolicy" | "tags">>;
  const pairs = Object.entries(tags ?? {}).sort(([a], [b]) => compareText(a, b));
  return { ...rest, ...attributes, inlinePolicy: inlinePolicy?.canonical ?? null, tags: pairs };
};
