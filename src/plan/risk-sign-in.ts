import type { Assignment, User } from "../model/access-state.ts";
import type { Comparison } from "./difference.ts";
import { append, sorted } from "./lists.ts";
import type { ChangeDraft, Risk, RiskReason } from "./plan.ts";
import type { PowerOfSet } from "./risk-membership.ts";
import { broadening, managementReason, neutral, withPlaces, withUnread } from "./risk-values.ts";
import type { Side, Sides } from "./sides.ts";

/**
 * Whoever reads the mailbox to which AWS sends a user's links can set that user's password: a new address hands on all
 * that the user reaches before the plan or after it. An address that is cleared goes to nobody.
 */
export const changesSignIn = (before: User, after: User): boolean => {
  const [was, willBe] = [before.attributes["email.value"], after.attributes["email.value"]];
  return typeof willBe === "string" && willBe !== was;
};

export const signInJudge = (
  changes: readonly ChangeDraft[],
  sides: Sides,
  power: PowerOfSet,
  comparison: Comparison,
): ((user: string) => Risk) => {
  let reach: ReturnType<typeof reachOfUsers> | undefined;
  return (user) => {
    const { before, after } = (reach ??= reachOfUsers(changes, sides));
    const places = new Map<RiskReason, Set<string>>();
    const accounts = new Set<string>();
    for (const [side, { assignmentsOf }] of [["before", before] as const, ["after", after] as const]) {
      for (const { accountId, permissionSet } of assignmentsOf(user)) {
        accounts.add(accountId);
        for (const reason of power(permissionSet, side)) {
          places.set(reason, (places.get(reason) ?? new Set()).add(accountId));
        }
      }
    }
    const groups = new Set([...before.groupsOf(user), ...after.groupsOf(user)]);
    const unread = hiddenReach(user, [...groups], comparison);
    if (accounts.size === 0 && unread.length === 0) return neutral([]);
    const all = sorted(accounts);
    const reasons = new Map([...places].map(([reason, where]) => [reason, sorted(where)]));
    for (const id of all) for (const reason of managementReason([id], comparison)) reasons.set(reason, [id]);
    const codes: RiskReason[] = ["sign-in-changed", ...reasons.keys()];
    const risk = withPlaces(broadening(codes, all, reasons.get("administrator") ?? []), reasons);
    return unread.length === 0 ? risk : withUnread(risk, unread);
  };
};

interface Reach {
  readonly groupsOf: (user: string) => ReadonlySet<string>;
  /** Direct and through groups. */
  readonly assignmentsOf: (user: string) => readonly Assignment[];
}

/** Kept only for the users in question: one walk, and only where there is one. */
const reachOfUsers = (
  changes: readonly ChangeDraft[],
  { before, after }: Sides,
): { readonly before: Reach; readonly after: Reach } => {
  const users = new Set(
    changes.flatMap((change) =>
      change.kind === "user" && change.action === "update" && changesSignIn(change.before, change.after)
        ? [change.after.userName]
        : [],
    ),
  );
  return { before: reachOn(before, users), after: reachOn(after, users) };
};

const reachOn = (side: Side, users: ReadonlySet<string>): Reach => {
  const groups = new Map([...users].map((user) => [user, new Set<string>()]));
  const members = new Set<string>();
  for (const { user, group } of side.memberships()) {
    const known = groups.get(user);
    if (known === undefined) continue;
    known.add(group);
    members.add(group);
  }
  const direct = new Map<string, Assignment[]>();
  const ofGroup = new Map<string, Assignment[]>();
  for (const assignment of side.assignments()) {
    const { principalType, principal, orphan } = assignment;
    if (orphan === true) continue;
    if (principalType === "USER" && users.has(principal)) append(direct, principal, assignment);
    if (principalType === "GROUP" && members.has(principal)) append(ofGroup, principal, assignment);
  }
  const groupsOf = (user: string): ReadonlySet<string> => groups.get(user) ?? new Set();
  return {
    groupsOf,
    assignmentsOf: (user) => [
      ...(direct.get(user) ?? []),
      ...[...groupsOf(user)].flatMap((group) => ofGroup.get(group) ?? []),
    ],
  };
};

const hiddenReach = (user: string, groups: readonly string[], { unread }: Comparison): readonly string[] =>
  sorted(
    new Set([
      ...unread.hidingMembershipsOf(user),
      ...unread.hidingAssignmentsOf({ principalType: "USER", principal: user }),
      ...groups.flatMap((group) => unread.hidingAssignmentsOf({ principalType: "GROUP", principal: group })),
    ]),
  );
