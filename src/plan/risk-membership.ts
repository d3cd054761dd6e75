import type { Assignment } from "../model/access-state.ts";
import { compareText, permissionSetAddress } from "../model/address.ts";
import { remember } from "../model/remember.ts";
import type { AccessIndex } from "./access-index.ts";
import type { Comparison } from "./difference.ts";
import type { ChangeDraft, Risk, RiskReason } from "./plan.ts";
import {
  broadening,
  managementReason,
  narrowing,
  neutral,
  withPlaces,
  withHiddenWays,
  withUnread,
} from "./risk-values.ts";

type MembershipChange = Extract<ChangeDraft, { kind: "membership" }>;
export type PowerOfSet = (name: string, side: "before" | "after") => readonly RiskReason[];

/**
 * Who joins a group gains what it reaches, as if it had been assigned, and who leaves it loses that. All who join, or
 * leave, one group are judged alike, but for the accounts in which that is their first, or last, access.
 */
export const membershipJudge = (
  index: AccessIndex,
  power: PowerOfSet,
  comparison: Comparison,
): ((change: MembershipChange) => Risk) => {
  const reachOf = remember((group) => reachIfJoined(group, index, power, comparison));
  const reachTaken = remember((group) => reachIfLeft(group, index, power, comparison));
  const known = new Map<string, Risk>();
  return (change) => {
    const { group, user } = change.after ?? change.before;
    const isAdded = change.action !== "delete";
    const reach = (isAdded ? reachOf : reachTaken)(group);
    if (reach.accounts.length === 0 && reach.unread.length === 0) return neutral([]);
    const only = reach.accounts.filter((id) => !index.users.reaches(user, id, isAdded ? "before" : "after"));
    const key = JSON.stringify([change.action, group, only.length === reach.accounts.length ? "all" : only]);
    const risk = known.get(key) ?? judge(reach, only, isAdded, comparison);
    known.set(key, risk);
    return isAdded ? risk : withHiddenWays(risk, only, user, comparison);
  };
};

interface Reach {
  /** Ids, sorted, like those of each reason. */
  readonly accounts: readonly string[];
  readonly places: ReadonlyMap<RiskReason, readonly string[]>;
  /** Addresses and scopes of what was not read of it. */
  readonly unread: readonly string[];
}

const judge = (
  { accounts, places, unread }: Reach,
  only: readonly string[],
  isAdded: boolean,
  comparison: Comparison,
): Risk => {
  const reasons = new Map(places);
  if (only.length > 0) reasons.set(isAdded ? "first-access" : "last-access", only);
  for (const id of accounts) {
    for (const reason of managementReason([id], comparison)) reasons.set(reason, [id]);
  }
  const administrator = places.get("administrator") ?? [];
  const make = isAdded ? broadening : narrowing;
  const risk = withPlaces(make([...reasons.keys()], accounts, administrator), reasons);
  return unread.length === 0 ? risk : withUnread(risk, unread);
};

const reachIfJoined = (
  group: string,
  index: AccessIndex,
  power: PowerOfSet,
  comparison: Comparison,
): Reach => {
  // Members come before assignments go: until then, or where that fails, they have what the group had.
  const former = new Set(index.formerReachOfGroup(group));
  const assignments = [...new Set([...former, ...index.reachOfGroup(group)])];
  return {
    accounts: accountsOf(assignments),
    places: placesOf(assignments, (assignment) => {
      const { permissionSet } = assignment;
      // What is assigned anew is assigned after the set has been edited.
      return [
        ...(former.has(assignment) ? power(permissionSet, "before") : []),
        ...power(permissionSet, "after"),
      ];
    }),
    unread: hiddenReach(group, assignments, comparison),
  };
};

/** Of what goes, only administrator access is told by name. */
const reachIfLeft = (group: string, index: AccessIndex, power: PowerOfSet, comparison: Comparison): Reach => {
  const assignments = index.formerReachOfGroup(group);
  return {
    accounts: accountsOf(assignments),
    places: placesOf(assignments, ({ permissionSet }) =>
      power(permissionSet, "before").filter((reason) => reason === "administrator"),
    ),
    unread: hiddenReach(group, assignments, comparison),
  };
};

const placesOf = (
  assignments: readonly Assignment[],
  powersOf: (assignment: Assignment) => readonly RiskReason[],
): Map<RiskReason, readonly string[]> => {
  const places = new Map<RiskReason, Set<string>>();
  for (const assignment of assignments) {
    for (const reason of powersOf(assignment)) {
      const accounts = places.get(reason) ?? new Set();
      places.set(reason, accounts.add(assignment.accountId));
    }
  }
  return new Map([...places].map(([reason, accounts]) => [reason, [...accounts].sort(compareText)]));
};

/** A group that is created reaches nothing unseen. */
const hiddenReach = (
  group: string,
  reach: readonly Assignment[],
  { live, unread }: Comparison,
): readonly string[] => {
  const sets = [...new Set(reach.map(({ permissionSet }) => permissionSetAddress(permissionSet)))];
  return [
    ...(live.state.groups.has(group)
      ? unread.hidingAssignmentsOf({ principalType: "GROUP", principal: group })
      : []),
    ...sets.filter((address) => unread.covers(address) !== null),
  ].sort(compareText);
};

const accountsOf = (assignments: readonly Assignment[]): string[] =>
  [...new Set(assignments.map(({ accountId }) => accountId))].sort(compareText);
