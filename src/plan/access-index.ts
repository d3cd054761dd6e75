import type { Assignment, PrincipalType } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";
import type { ChangeDraft } from "./plan.ts";

/**
 * Who reaches what before and after, kept only for the pairs, principals, groups and permission sets that a change
 * touches, so that a small plan over a million assignments costs one walk and no memory.
 */
export interface AccessIndex {
  /** Number of assignments of a pair before and after. */
  pair(accountId: string, permissionSet: string): Count;
  /** Number of direct assignments of a principal in an account before and after. */
  principal(assignment: Assignment): Count;
  /** (account, permission set) that a group reaches after the plan. */
  reachOfGroup(group: string): readonly Assignment[];
  /** Group's reach before the plan. */
  formerReachOfGroup(group: string): readonly Assignment[];
  /** Accounts where a permission set is assigned before and after the plan. */
  accountsOfSet(permissionSet: string): ReadonlySet<string>;
}

interface Count {
  readonly before: number;
  readonly after: number;
}

interface Counter {
  before: number;
  after: number;
}

export const indexAccess = (live: LiveState, changes: readonly ChangeDraft[]): AccessIndex => {
  const pairs = new TwoKeys();
  const principals = { GROUP: new TwoKeys(), USER: new TwoKeys() } satisfies Record<PrincipalType, TwoKeys>;
  const before = new Map<string, Assignment[]>();
  const after = new Map<string, Assignment[]>();
  const setAccounts = new Map<string, Set<string>>();

  for (const change of changes) {
    if (change.kind === "assignment") {
      const { accountId, permissionSet, principalType, principal } = assignmentOf(change);
      pairs.touch(accountId, permissionSet);
      principals[principalType].touch(accountId, principal);
    } else if (change.kind === "membership") {
      const group = (change.after ?? change.before).group;
      before.set(group, []);
      after.set(group, []);
    } else if (change.kind === "permissionSet" && change.action === "update") {
      setAccounts.set(change.after.name, new Set());
    }
  }

  const count = (assignment: Assignment, was: number, willBe: number): void => {
    const { accountId, permissionSet, principalType, principal } = assignment;
    pairs.add(accountId, permissionSet, was, willBe);
    principals[principalType].add(accountId, principal, was, willBe);
    if (willBe > 0) setAccounts.get(permissionSet)?.add(accountId);
    if (principalType !== "GROUP") return;
    if (was > 0) before.get(principal)?.push(assignment);
    if (willBe > 0) after.get(principal)?.push(assignment);
  };

  if (pairs.size + before.size + setAccounts.size > 0) {
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
    reachOfGroup: (group) => after.get(group) ?? [],
    formerReachOfGroup: (group) => before.get(group) ?? [],
    accountsOfSet: (permissionSet) => setAccounts.get(permissionSet) ?? new Set(),
  };
};

const assignmentOf = (change: Extract<ChangeDraft, { kind: "assignment" }>): Assignment =>
  change.action === "delete" ? change.before : change.after;

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
