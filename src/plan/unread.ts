import type { PrincipalType } from "../model/access-state.ts";
import { compareText, encodePart, principalLabel } from "../model/address.ts";
import { scopeCovers } from "../model/coverage.ts";
import type { Unread } from "../model/live-state.ts";
import { remember } from "../model/remember.ts";

/**
 * What could not be read. Unreadable is not absent: nothing under these scopes is created or deleted, and nothing is
 * deleted whose children could hide there.
 */
export interface UnreadScopes {
  /** Why the object is unknown; null: it was read. */
  covers(address: string): string | null;
  /** Why assignments of this permission set or principal could exist unseen; null: all were read. */
  hidesAssignmentsOf(parent: AssignmentParent): string | null;
  /** The scopes that hide them, sorted. */
  hidingAssignmentsOf(parent: AssignmentParent): readonly string[];
  /** The scopes that hide assignments in an account, sorted. */
  hidingAssignmentsIn(accountId: string): readonly string[];
  /** The scopes that hide memberships of a user, sorted. */
  hidingMembershipsOf(user: string): readonly string[];
  /** Why memberships of a group or a user could exist unseen; null: all were read. */
  hidesMembershipsOf(parent: { readonly group: string } | { readonly user: string }): string | null;
}

type AssignmentParent = { readonly permissionSet: string } | Principal;

interface Principal {
  readonly principalType: PrincipalType;
  readonly principal: string;
}

export const makeUnreadScopes = (scopes: readonly Unread[]): UnreadScopes => {
  if (scopes.length === 0) return everythingRead;
  const unread = [...scopes].sort((a, b) => compareText(a.scope, b.scope) || compareText(a.reason, b.reason));
  // Thousands of scopes of the form `assignment/111111111111/*` are met by one look-up for each part of an address.
  const exact = new Map<string, string>();
  const prefixes = new Map<string, string>();
  const others: Unread[] = [];
  for (const each of unread) {
    const stars = each.scope.split("/").filter((part) => part === "*").length;
    if (stars === 0) exact.set(each.scope, each.reason);
    else if (stars === 1 && each.scope.endsWith("/*")) prefixes.set(each.scope.slice(0, -1), each.reason);
    else others.push(each);
  }
  return {
    covers: (address) =>
      exact.get(address) ??
      findPrefix(prefixes, address) ??
      others.find(({ scope }) => scopeCovers(scope, address))?.reason ??
      null,
    hidesAssignmentsOf: (parent) => findPart(unread, "assignment", ...partOf(parent)),
    hidingAssignmentsOf: (parent) => leavingOpen(unread, "assignment", ...partOf(parent)),
    hidingAssignmentsIn: remember((accountId) => leavingOpen(unread, "assignment", 1, accountId)),
    hidingMembershipsOf: remember((user) => leavingOpen(unread, "membership", 2, encodePart(user))),
    hidesMembershipsOf: (parent) =>
      "group" in parent
        ? findPart(unread, "membership", 1, encodePart(parent.group))
        : findPart(unread, "membership", 2, encodePart(parent.user)),
  };
};

const nothing = (): null => null;

const everythingRead: UnreadScopes = {
  covers: nothing,
  hidesAssignmentsOf: nothing,
  hidingAssignmentsOf: () => [],
  hidingAssignmentsIn: () => [],
  hidingMembershipsOf: () => [],
  hidesMembershipsOf: nothing,
};

const findPrefix = (prefixes: ReadonlyMap<string, string>, address: string): string | null => {
  for (let end = address.indexOf("/"); end >= 0; end = address.indexOf("/", end + 1)) {
    const reason = prefixes.get(address.slice(0, end + 1));
    if (reason !== undefined) return reason;
  }
  return null;
};

const partOf = (parent: AssignmentParent): [number, string] =>
  "permissionSet" in parent
    ? [2, encodePart(parent.permissionSet)]
    : [3, principalLabel(parent.principalType, parent.principal)];

const findPart = (unread: readonly Unread[], kind: string, index: number, part: string): string | null =>
  unread.find(({ scope }) => leavesOpen(scope, kind, index, part))?.reason ?? null;

const leavingOpen = (unread: readonly Unread[], kind: string, index: number, part: string): string[] => [
  ...new Set(unread.filter(({ scope }) => leavesOpen(scope, kind, index, part)).map(({ scope }) => scope)),
];

/** Whether a scope is of this kind, and leaves the part at `index` open or names it. */
const leavesOpen = (scope: string, kind: string, index: number, part: string): boolean => {
  const parts = scope.split("/");
  const pattern = parts[index] ?? "*";
  return (parts[0] === kind || parts[0] === "*") && (pattern === "*" || pattern === part);
};
