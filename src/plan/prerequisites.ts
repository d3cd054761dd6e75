import type { Assignment } from "../model/access-state.ts";
import {
  assignmentAddress,
  compareText,
  groupAddress,
  permissionSetAddress,
  userAddress,
} from "../model/address.ts";
import { append, none, union } from "./lists.ts";
import type { ChangeDraft } from "./plan.ts";
import type { Renames } from "./renames.ts";
import { takesRights } from "./set-changes.ts";

/** What a change cannot do without, or that keeps a role alive: see the case table in order.ts. */
export interface Prerequisites {
  readonly of: (change: ChangeDraft) => readonly string[];
  /** Of an assignment that is created, its permission set, where that comes to allow no less. */
  readonly ofSetThatGrows: (change: ChangeDraft) => readonly string[];
}

/** `changes` in the order of the plan, which has each kind sorted by address. */
export const makePrerequisites = (changes: readonly ChangeDraft[], renames: Renames): Prerequisites => {
  /** Creations and updates of users, groups and permission sets that must be done before they are used. */
  const first = new Set<string>();
  const growing = new Set<string>();
  /** By pair (account and permission set): creations of assignments. */
  const createdInPair = new Map<string, string[]>();
  const createdAssignments = new Set<string>();
  /** By address of a user, group or permission set that is deleted: deletions of what hangs on it. */
  const childrenOfDeleted = new Map<string, string[]>();

  const hangsOn = (parent: string, child: string): void => void childrenOfDeleted.get(parent)?.push(child);
  const index = (change: ChangeDraft): void => {
    if (change.kind === "membership" && change.action === "delete") {
      hangsOn(groupAddress(change.before.group), change.address);
      hangsOn(userAddress(change.before.user), change.address);
    } else if (change.kind === "assignment" && change.action === "delete") {
      hangsOn(permissionSetAddress(change.before.permissionSet), change.address);
      if (change.before.orphan !== true) hangsOn(principalAddress(change.before), change.address);
    } else if (change.kind === "assignment") {
      createdAssignments.add(change.address);
      append(createdInPair, pairOf(change.after.accountId, change.after.permissionSet), change.address);
    } else if (mustComeFirst(change)) {
      first.add(change.address);
      if (growsOnly(change)) growing.add(change.address);
    }
  };
  for (const { kind, action, address } of changes) {
    const isParent = kind === "user" || kind === "group" || kind === "permissionSet";
    if (isParent && action === "delete") childrenOfDeleted.set(address, []);
  }
  for (const change of changes) index(change);

  const known = (...addresses: readonly string[]): readonly string[] => {
    const found = addresses.filter((address) => first.has(address));
    return found.length === 0 ? none : found.sort(compareText);
  };
  /** Creations in its own pair; of a set that is replaced, its replacement, or else all that replace the pair. */
  const beforeAssignmentGoes = (assignment: Assignment): readonly string[] => {
    const { accountId, permissionSet } = assignment;
    const newName = renames.permissionSets.get(permissionSet);
    if (newName === undefined) return createdInPair.get(pairOf(accountId, permissionSet)) ?? none;
    const replacement = assignmentAddress({ ...assignment, permissionSet: newName });
    return createdAssignments.has(replacement)
      ? [replacement]
      : (createdInPair.get(pairOf(accountId, newName)) ?? known(permissionSetAddress(newName)));
  };
  const beforeSetGoes = (address: string, name: string): readonly string[] => {
    const newName = renames.permissionSets.get(name);
    const replacement = newName === undefined ? none : known(permissionSetAddress(newName));
    return union(childrenOfDeleted.get(address) ?? none, replacement);
  };

  return {
    of: (change) => {
      switch (change.kind) {
        case "user":
        case "group":
          return childrenOfDeleted.get(change.address) ?? none;
        case "permissionSet":
          return change.action === "delete" ? beforeSetGoes(change.address, change.before.name) : none;
        case "provisioning":
          return known(permissionSetAddress(change.permissionSet));
        case "membership":
          return change.action === "delete"
            ? none
            : known(groupAddress(change.after.group), userAddress(change.after.user));
        case "assignment":
          if (change.action === "delete") return beforeAssignmentGoes(change.before);
          return known(
            permissionSetAddress(change.after.permissionSet),
            principalAddress(change.after),
          ).filter((address) => !growing.has(address));
      }
    },
    ofSetThatGrows: (change) => {
      if (change.kind !== "assignment" || change.action === "delete") return none;
      const address = permissionSetAddress(change.after.permissionSet);
      return growing.has(address) ? [address] : none;
    },
  };
};

/**
 * What is new must be there before it is used, and what a permission set allows must be settled before somebody gets
 * it. Other updates are nothing to wait for; a renamed group keeps its id.
 */
const mustComeFirst = (change: ChangeDraft): boolean =>
  change.action === "create" || (change.action === "update" && change.kind === "permissionSet");

const growsOnly = (change: ChangeDraft): boolean =>
  change.kind === "permissionSet" && change.action === "update" && !takesRights(change.before, change.after);

const pairOf = (accountId: string, permissionSet: string): string => `${accountId}/${permissionSet}`;

const principalAddress = ({ principalType, principal }: Assignment): string =>
  principalType === "GROUP" ? groupAddress(principal) : userAddress(principal);
