import { createHash } from "node:crypto";
import type { Assignment, PrincipalType } from "../model/access-state.ts";
import { compareText, principalLabel } from "../model/address.ts";
import type { LiveState } from "../model/live-state.ts";
import type { ChangeDraft } from "./plan.ts";
import { indexUsers, type UserIndex } from "./user-index.ts";

/**
 * Who reaches what before and after, kept only for the pairs, principals, groups and permission sets that a change
 * touches, so that a small plan over a million assignments costs one walk and no memory.
 */
export interface AccessIndex {
  /** Number of assignments of a pair before and after. */
  pair(accountId: string, permissionSet: string): Count;
  /** Number of direct assignments of a principal in an account before and after. */
  principal(assignment: Assignment): Count;
  /** Whether a user that a change touches reaches an account, directly or through a group. */
  readonly users: UserIndex;
  /** (account, permission set) that a group reaches after the plan. */
  reachOfGroup(group: string): readonly Assignment[];
  /** Group's reach before the plan. */
  formerReachOfGroup(group: string): readonly Assignment[];
  /** Where and to whom a permission set is assigned after the plan; both sorted. */
  reachOfSet(permissionSet: string): SetReach;
}

interface Count {
  readonly before: number;
  readonly after: number;
}

interface SetReach {
  readonly accounts: readonly string[];
  /** Such as group:Developers. */
  readonly principals: readonly string[];
  /** sha256, hex, of which of them has it in which account; null: nobody has it. */
  readonly digest: string | null;
}

export const indexAccess = (live: LiveState, changes: readonly ChangeDraft[]): AccessIndex => {
  const pairs = new TwoKeys();
  const principals = { GROUP: new TwoKeys(), USER: new TwoKeys() } satisfies Record<PrincipalType, TwoKeys>;
  const before = new Map<string, Assignment[]>();
  const after = new Map<string, Assignment[]>();
  /** By permission set and principal: accounts. */
  const sets = new Map<string, Map<string, string[]>>();
  const users = indexUsers(live, changes);

  for (const change of changes) {
    if (change.kind === "assignment") {
      const { accountId, permissionSet, principalType, principal } = change.after ?? change.before;
      pairs.touch(accountId, permissionSet);
      principals[principalType].touch(accountId, principal);
    } else if (change.kind === "membership") {
      const group = (change.after ?? change.before).group;
      before.set(group, []);
      after.set(group, []);
    } else if (change.kind === "permissionSet" && change.action !== "delete") {
      sets.set(change.after.name, new Map());
    }
  }

  const count = (assignment: Assignment, was: number, willBe: number): void => {
    const { accountId, permissionSet, principalType, principal } = assignment;
    pairs.add(accountId, permissionSet, was, willBe);
    principals[principalType].add(accountId, principal, was, willBe);
    users.add(assignment, was > 0, willBe > 0);
    const set = willBe > 0 && assignment.orphan !== true ? sets.get(permissionSet) : undefined;
    if (set !== undefined) addTo(set, principalLabel(principalType, principal), accountId);
    if (principalType !== "GROUP") return;
    if (was > 0) before.get(principal)?.push(assignment);
    if (willBe > 0) after.get(principal)?.push(assignment);
  };

  if (pairs.size + before.size + sets.size > 0) {
    const deleted = new Set<string>();
    for (const change of changes) {
      if (change.kind !== "assignment") continue;
      if (change.action === "delete") deleted.add(change.address);
      else count(change.after, 0, 1);
    }
    for (const [address, assignment] of live.state.assignments) {
      count(assignment, 1, deleted.has(address) ? 0 : 1);
    }
  }

  return {
    pair: (accountId, permissionSet) => pairs.get(accountId, permissionSet),
    principal: ({ accountId, principalType, principal }) =>
      principals[principalType].get(accountId, principal),
    users,
    reachOfGroup: (group) => after.get(group) ?? [],
    formerReachOfGroup: (group) => before.get(group) ?? [],
    reachOfSet: (permissionSet) => setReach(sets.get(permissionSet) ?? new Map()),
  };
};

const addTo = (lists: Map<string, string[]>, key: string, item: string): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
};

const setReach = (byPrincipal: ReadonlyMap<string, readonly string[]>): SetReach => {
  const principals = [...byPrincipal.keys()].sort(compareText);
  const hash = createHash("sha256");
  for (const principal of principals) {
    hash.update(
      `${JSON.stringify(principal)}\n${(byPrincipal.get(principal) ?? []).toSorted(compareText).join()}\n`,
    );
  }
  return {
    accounts: [...new Set([...byPrincipal.values()].flat())].sort(compareText),
    principals,
    digest: principals.length === 0 ? null : hash.digest("hex"),
  };
};

interface Counter {
  before: number;
  after: number;
}

/** Two levels of maps instead of joined keys: a walk over a million assignments makes no string. */
class TwoKeys {
  readonly #counters = new Map<string, Map<string, Counter>>();

  get size(): number {
    return this.#counters.size;
  }

  touch(first: string, second: string): void {
    const inner = this.#counters.get(first) ?? new Map<string, Counter>();
    this.#counters.set(first, inner);
    if (!inner.has(second)) inner.set(second, { before: 0, after: 0 });
  }

  add(first: string, second: string, before: number, after: number): void {
    const counter = this.#counters.get(first)?.get(second);
    if (counter === undefined) return;
    counter.before += before;
    counter.after += after;
  }

  get(first: string, second: string): Count {
    return this.#counters.get(first)?.get(second) ?? { before: 0, after: 0 };
  }
}
