import type { Assignment } from "../model/access-state.ts";
import {
  assignmentAddress,
  compareText,
  groupAddress,
  permissionSetAddress,
  userAddress,
} from "../model/address.ts";
import type { ChangeDraft } from "./plan.ts";
import type { Renames } from "./renames.ts";

/**
 * The order of changes: by phase, then by address. What a change depends on always stands in an earlier phase, so that
 * there can be no cycle. Access is given before it is taken: within a pair (account, permission set) the role is lost
 * with the last assignment, and a new one has another name; and who moves from one permission set, or one group, to
 * another keeps the old way in until the new one is there. What has to go by itself (it has expired, is listed under
 * removed, or nobody is behind it) waits for no such replacement.
 */
export const phaseOf = (change: ChangeDraft): number => {
  if (change.kind === "provisioning") return 4;
  return (change.action === "delete" ? deletePhases : writePhases)[change.kind];
};

const writePhases = { user: 0, group: 1, membership: 2, permissionSet: 3, assignment: 5 } as const;
const deletePhases = { assignment: 6, membership: 7, permissionSet: 8, group: 9, user: 10 } as const;

/** Sorted, and each with the addresses that must have succeeded before it. */
export const order = (
  changes: readonly ChangeDraft[],
  renames: Renames,
): readonly { readonly change: ChangeDraft; readonly dependsOn: readonly string[] }[] => {
  const sorted = changes
    .map((change) => ({ change, phase: phaseOf(change) }))
    .sort((a, b) => a.phase - b.phase || compareText(a.change.address, b.change.address));
  const dependencies = new Dependencies(
    sorted.map(({ change }) => change),
    renames,
  );
  return sorted.map(({ change }) => ({ change, dependsOn: dependencies.of(change) }));
};

const none: readonly string[] = [];

/** Indexes of the changes that others wait for. Lists are shared between changes, so that the whole stays linear. */
class Dependencies {
  /** Creations and updates of users, groups and permission sets that must be done before they are used. */
  readonly #prerequisites = new Set<string>();
  /** By pair (account and permission set): creations of assignments. */
  readonly #createdInPair = new Map<string, string[]>();
  readonly #createdAssignments = new Set<string>();
  /** By account and principal: creations of assignments, of whatever set. */
  readonly #createdForPrincipal = new Map<string, string[]>();
  /** By user: memberships that are added. */
  readonly #membershipsAdded = new Map<string, string[]>();
  /** By address of a user, group or permission set that is deleted: deletions of what hangs on it. */
  readonly #childrenOfDeleted = new Map<string, string[]>();
  readonly #renames: Renames;

  constructor(changes: readonly ChangeDraft[], renames: Renames) {
    this.#renames = renames;
    for (const change of changes) {
      if (
        change.action === "delete" &&
        (change.kind === "user" || change.kind === "group" || change.kind === "permissionSet")
      ) {
        this.#childrenOfDeleted.set(change.address, []);
      }
    }
    for (const change of changes) this.#index(change);
  }

  of(change: ChangeDraft): readonly string[] {
    switch (change.kind) {
      case "user":
      case "group":
        return this.#childrenOfDeleted.get(change.address) ?? none;
      case "permissionSet":
        return change.action === "delete" ? this.#beforeSetGoes(change.address, change.before.name) : none;
      case "provisioning":
        return this.#known(permissionSetAddress(change.permissionSet));
      case "membership":
        return change.action === "delete"
          ? isReplaceable(change)
            ? (this.#membershipsAdded.get(change.before.user) ?? none)
            : none
          : this.#known(groupAddress(change.after.group), userAddress(change.after.user));
      case "assignment":
        return change.action === "delete"
          ? union(
              this.#beforeAssignmentGoes(change.before),
              isReplaceable(change) ? this.#createdForPrincipal.get(principalIn(change.before)) : undefined,
            )
          : this.#known(permissionSetAddress(change.after.permissionSet), principalAddress(change.after));
    }
  }

  #index(change: ChangeDraft): void {
    switch (change.kind) {
      case "user":
      case "group":
      case "permissionSet":
        if (mustComeFirst(change)) this.#prerequisites.add(change.address);
        break;
      case "membership":
        if (change.action !== "delete") {
          append(this.#membershipsAdded, change.after.user, change.address);
          break;
        }
        this.#hangsOn(groupAddress(change.before.group), change.address);
        this.#hangsOn(userAddress(change.before.user), change.address);
        break;
      case "assignment":
        if (change.action === "delete") {
          this.#hangsOn(permissionSetAddress(change.before.permissionSet), change.address);
          if (change.before.orphan !== true) this.#hangsOn(principalAddress(change.before), change.address);
        } else {
          this.#createdAssignments.add(change.address);
          const { accountId, permissionSet } = change.after;
          append(this.#createdInPair, pairOf(accountId, permissionSet), change.address);
          append(this.#createdForPrincipal, principalIn(change.after), change.address);
        }
        break;
      case "provisioning":
        break;
    }
  }

  #hangsOn(parent: string, child: string): void {
    this.#childrenOfDeleted.get(parent)?.push(child);
  }

  #known(...addresses: string[]): readonly string[] {
    const known = addresses.filter((address) => this.#prerequisites.has(address));
    return known.length === 0 ? none : known.sort(compareText);
  }

  /** Creations in its own pair; of a set that is replaced, its replacement, or else all that replace the pair. */
  #beforeAssignmentGoes(assignment: Assignment): readonly string[] {
    const { accountId, permissionSet } = assignment;
    const newName = this.#renames.permissionSets.get(permissionSet);
    if (newName === undefined) return this.#createdInPair.get(pairOf(accountId, permissionSet)) ?? none;
    const replacement = assignmentAddress({ ...assignment, permissionSet: newName });
    return this.#createdAssignments.has(replacement)
      ? [replacement]
      : (this.#createdInPair.get(pairOf(accountId, newName)) ?? none);
  }

  #beforeSetGoes(address: string, name: string): readonly string[] {
    const children = this.#childrenOfDeleted.get(address) ?? none;
    const newName = this.#renames.permissionSets.get(name);
    const replacement = newName === undefined ? none : this.#known(permissionSetAddress(newName));
    return replacement.length === 0 ? children : [...children, ...replacement].sort(compareText);
  }
}

/**
 * What is new must be there before it is used, and what a permission set allows must be settled before somebody gets
 * it. Other updates are nothing to wait for; a renamed group keeps its id.
 */
const mustComeFirst = (change: ChangeDraft): boolean =>
  change.action === "create" || (change.action === "update" && change.kind === "permissionSet");

const isReplaceable = ({ reason: { code } }: ChangeDraft): boolean =>
  code !== "expired" && code !== "removed" && code !== "orphaned" && code !== "parent-deleted";

const append = (lists: Map<string, string[]>, key: string, address: string): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [address]);
  else list.push(address);
};

/** Both are sorted. Where one is empty the other is shared. */
const union = (a: readonly string[], b: readonly string[] = none): readonly string[] => {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...new Set([...a, ...b])].sort(compareText);
};

const principalIn = ({ accountId, principalType, principal }: Assignment): string =>
  `${accountId}/${principalType}/${principal}`;

const pairOf = (accountId: string, permissionSet: string): string => `${accountId}/${permissionSet}`;

const principalAddress = ({ principalType, principal }: Assignment): string =>
  principalType === "GROUP" ? groupAddress(principal) : userAddress(principal);
