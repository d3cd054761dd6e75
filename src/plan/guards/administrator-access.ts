import type { PermissionSet, PrincipalType } from "../../model/access-state.ts";
import {
  encodePart,
  groupAddress,
  membershipAddress,
  permissionSetAddress,
  principalLabel,
} from "../../model/address.ts";
import { remember } from "../../model/remember.ts";
import type { Side } from "../sides.ts";
import type { UnreadScopes } from "../unread.ts";
import { type Certainty, isUsableAdministrator } from "./usable-administrator.ts";

/** How administrator access to an account comes about, on one side of the plan. Ways are compared by their names. */
export interface Ways {
  readonly sure: ReadonlySet<string>;
  /** What may be one, and what could not be seen of it. */
  readonly unsure: ReadonlyMap<string, string>;
}

export interface Administrators {
  /** Of a user or a group; a group has it only as long as it has a member who can sign in. */
  ways(accountId: string, type: PrincipalType, name: string): Ways;
  /** User names as the sure ways; unsure is where more people may come in. */
  people(accountId: string): Ways;
}

export interface AdministratorScope {
  readonly accounts: ReadonlySet<string>;
  /** null: any that gives administrator access. */
  readonly permissionSets: readonly string[] | null;
  /** All that are there. */
  readonly knownSets: readonly string[];
  readonly unread: UnreadScopes;
  /** Users who cannot sign in: access of theirs is none. */
  readonly disabledUsers: ReadonlySet<string>;
  /** A permission set as it was before the plan, be it under another name. */
  readonly former: (name: string) => PermissionSet | undefined;
}

export const administratorsIn = (side: Side, scope: AdministratorScope): Administrators => {
  const { unread, disabledUsers } = scope;
  const known = remember((name) => givesAdministrator(name, side, scope));
  const isJudged = (name: string): boolean => scope.permissionSets?.includes(name) !== false;
  /** What an older version gives is not known; that it gives less than the set does is no worry here. */
  const gives = (accountId: string, name: string): Certainty =>
    known(name) === "no" && isJudged(name) && side.isStale(accountId, name) ? "unknown" : known(name);
  const holders = new Map<string, Map<string, Holder>>();
  const members = new Map<string, Set<string>>();
  for (const { accountId, permissionSet, principalType, principal, orphan } of side.assignments()) {
    if (orphan === true || !scope.accounts.has(accountId) || gives(accountId, permissionSet) === "no")
      continue;
    if (principalType === "USER" && disabledUsers.has(principal)) continue;
    const here = holders.get(accountId) ?? new Map<string, Holder>();
    holders.set(accountId, here);
    const label = principalLabel(principalType, principal);
    const former = here.get(label);
    const doubt = doubtOf(known(permissionSet), permissionSet, accountId);
    here.set(label, {
      type: principalType,
      name: principal,
      doubt: former?.doubt === null ? null : doubt,
    });
  }
  // There can be a million memberships: only those are kept that may count.
  const groups = new Set(
    [...holders.values()].flatMap((here) =>
      [...here.values()].flatMap(({ type, name }) => (type === "GROUP" ? [name] : [])),
    ),
  );
  const counts = remember(
    (group) =>
      groups.has(group) || unread.hidesAssignmentsOf({ principalType: "GROUP", principal: group }) !== null,
  );
  for (const { group, user } of side.memberships()) {
    if (!counts(group) || disabledUsers.has(user)) continue;
    const users = members.get(group) ?? new Set();
    members.set(group, users);
    users.add(user);
  }

  /** Sets by which somebody may have access that could not be read. */
  const hidden = (accountId: string, label: string): string[] => [
    ...(unread.covers(`assignment/${accountId}/*/*`) === null ? [] : ["*"]),
    ...scope.knownSets.filter(
      (name) =>
        gives(accountId, name) !== "no" &&
        unread.covers(`assignment/${accountId}/${encodePart(name)}/${label}`) !== null,
    ),
  ];
  const addHidden = (unsure: Map<string, string>, accountId: string, label: string): void => {
    for (const set of hidden(accountId, label)) unsure.set(`${set} ${label}`, `assignments in ${accountId}`);
  };
  const membersOf = (group: string): ReadonlySet<string> => members.get(group) ?? new Set();

  return {
    ways: (accountId, type, name) => {
      const sure = new Set<string>();
      const unsure = new Map<string, string>();
      if (type === "USER" && disabledUsers.has(name)) return { sure, unsure };
      const add = (label: string, doubt: string | null): void => {
        if (doubt === null) sure.add(label);
        else unsure.set(label, doubt);
      };
      for (const [label, holder] of holders.get(accountId) ?? []) {
        const isOwn = holder.type === type && holder.name === name;
        if (holder.type === "USER") {
          if (isOwn) add(label, holder.doubt);
        } else if (
          type === "USER" ? membersOf(holder.name).has(name) : isOwn && membersOf(holder.name).size > 0
        ) {
          add(label, holder.doubt);
        } else if (type === "USER" || isOwn) {
          const open = membersUnread(holder.name, type === "USER" ? name : null, unread);
          if (open) add(label, `members of group ${holder.name}`);
        }
      }
      addHidden(unsure, accountId, principalLabel(type, name));
      if (type === "USER") {
        for (const [group, users] of members) {
          if (users.has(name)) addHidden(unsure, accountId, principalLabel("GROUP", group));
        }
      }
      return { sure, unsure };
    },
    people: (accountId) => {
      const sure = new Set<string>();
      const unsure = new Map<string, string>();
      for (const [label, { type, name, doubt }] of holders.get(accountId) ?? []) {
        for (const user of type === "USER" ? [name] : membersOf(name)) {
          if (doubt === null) sure.add(user);
          else unsure.set(`${label} ${user}`, doubt);
        }
        if (type === "GROUP" && membersUnread(name, null, unread))
          unsure.set(label, `members of group ${name}`);
      }
      addHidden(unsure, accountId, "*");
      return { sure, unsure };
    },
  };
};

interface Holder {
  readonly type: PrincipalType;
  readonly name: string;
  /** null: its permission set surely gives administrator access. */
  readonly doubt: string | null;
}

const doubtOf = (known: Certainty, permissionSet: string, accountId: string): string | null => {
  if (known === "yes") return null;
  return known === "unknown"
    ? `what permission set ${permissionSet} leaves`
    : `what the older version of permission set ${permissionSet} gives in ${accountId}`;
};

const givesAdministrator = (name: string, side: Side, scope: AdministratorScope): Certainty => {
  if (scope.permissionSets?.includes(name) === false) return "no";
  const set = side.permissionSet(name);
  if (set !== undefined) return isUsableAdministrator(set, scope.former(name));
  return scope.unread.covers(permissionSetAddress(name)) === null ? "no" : "unknown";
};

/** Whether the group may have this member, or any, unseen. */
const membersUnread = (group: string, user: string | null, unread: UnreadScopes): boolean =>
  unread.covers(groupAddress(group)) !== null ||
  (user === null
    ? unread.hidesMembershipsOf({ group }) !== null
    : unread.covers(membershipAddress({ group, user })) !== null);
