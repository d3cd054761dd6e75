import type { PrincipalType } from "../../model/access-state.ts";
import { groupAddress, membershipAddress } from "../../model/address.ts";
import { remember } from "../../model/remember.ts";
import { isSurelyAdministrator } from "../power.ts";
import { limitsAnew } from "../set-changes.ts";
import type { Side, Sides } from "../sides.ts";
import type { UnreadScopes } from "../unread.ts";

/** Who has administrator access to some accounts, on one side of the plan. */
export interface Administrators {
  /** A group has it only as long as it has a member; what could not be read is taken to be there. */
  has(accountId: string, type: PrincipalType, name: string): boolean;
  /** User names; null: there may be more, that could not be read. */
  people(accountId: string): ReadonlySet<string> | null;
}

export interface AdministratorScope {
  readonly accounts: ReadonlySet<string>;
  /** null: any that gives administrator access. */
  readonly permissionSets: readonly string[] | null;
  readonly unread: UnreadScopes;
}

export const administratorsIn = (side: Side, sides: Sides, scope: AdministratorScope): Administrators => {
  const holders = new Map<string, { readonly users: Set<string>; readonly groups: Set<string> }>();
  const gives = remember((name: string) => givesAdministrator(name, side, sides, scope));
  const groups = new Map<string, Set<string>>();
  for (const { accountId, permissionSet, principalType, principal, orphan } of side.assignments()) {
    if (orphan === true || !scope.accounts.has(accountId) || !gives(permissionSet)) continue;
    const here = holders.get(accountId) ?? { users: new Set(), groups: new Set() };
    holders.set(accountId, here);
    here[principalType === "GROUP" ? "groups" : "users"].add(principal);
    if (principalType === "GROUP") groups.set(principal, new Set());
  }
  if (groups.size > 0) for (const { group, user } of side.memberships()) groups.get(group)?.add(user);
  const isOpen = (group: string): boolean => membersUnread(group, scope.unread);
  const inAGroup = (accountId: string, user: string): boolean =>
    [...(holders.get(accountId)?.groups ?? [])].some((group) => groups.get(group)?.has(user));
  return {
    has: (accountId, type, name) => {
      const here = holders.get(accountId);
      if (assignmentsUnread(accountId, scope.unread)) return true;
      if (type === "USER") return here?.users.has(name) === true || inAGroup(accountId, name);
      return here?.groups.has(name) === true && ((groups.get(name)?.size ?? 0) > 0 || isOpen(name));
    },
    people: (accountId) => {
      const here = holders.get(accountId);
      if (assignmentsUnread(accountId, scope.unread)) return null;
      if ([...(here?.groups ?? [])].some(isOpen)) return null;
      return new Set([
        ...(here?.users ?? []),
        ...[...(here?.groups ?? [])].flatMap((group) => [...(groups.get(group) ?? [])]),
      ]);
    },
  };
};

/** What the plan puts a new limit on (a deny, a boundary) no longer counts as administrator access. */
const givesAdministrator = (
  name: string,
  side: Side,
  sides: Sides,
  { permissionSets }: AdministratorScope,
): boolean => {
  const set = side.permissionSet(name);
  if (set === undefined || permissionSets?.includes(name) === false) return false;
  const former = side === sides.after ? sides.before.permissionSet(name) : undefined;
  return isSurelyAdministrator(set) && (former === undefined || !limitsAnew(former, set));
};

const membersUnread = (group: string, unread: UnreadScopes): boolean =>
  unread.covers(groupAddress(group)) !== null ||
  unread.covers(membershipAddress({ group, user: "*" })) !== null;

const assignmentsUnread = (accountId: string, unread: UnreadScopes): boolean =>
  unread.covers(`assignment/${accountId}/*/*`) !== null;
