import type { PrincipalType } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";
import { append } from "./lists.ts";
import type { ChangeDraft } from "./plan.ts";

/** Names a user or a group among both. */
export type PrincipalKey = `group:${string}` | `user:${string}`;

export const principalKey = (type: PrincipalType, name: string): PrincipalKey =>
  type === "GROUP" ? `group:${name}` : `user:${name}`;

export interface People {
  /** Who is behind a user or a group before the plan, by name. */
  readonly behind: (key: PrincipalKey) => readonly string[];
  /** A user, and the groups that it is in after the plan. */
  readonly rolesOf: (user: string) => readonly PrincipalKey[];
}

export const indexPeople = ({ state }: LiveState, changes: readonly ChangeDraft[]): People => {
  const members = new Map<PrincipalKey, string[]>();
  const roles = new Map<string, PrincipalKey[]>();
  const gone = new Set<string>();
  for (const change of changes) {
    if (change.kind !== "membership") continue;
    if (change.action === "delete") gone.add(change.address);
    else append(roles, change.after.user, principalKey("GROUP", change.after.group));
  }
  for (const [address, { user, group }] of state.memberships) {
    const key = principalKey("GROUP", group);
    append(members, key, user);
    if (!gone.has(address)) append(roles, user, key);
  }
  return {
    behind: (key) => (key.startsWith("user:") ? [key.slice("user:".length)] : (members.get(key) ?? [])),
    rolesOf: (user) => [principalKey("USER", user), ...(roles.get(user) ?? [])],
  };
};
