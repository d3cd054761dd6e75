import type { Assignment, Membership } from "../../model/access-state.ts";
import {
  assignmentAddress,
  groupAddress,
  membershipAddress,
  permissionSetAddress,
  userAddress,
} from "../../model/address.ts";
import type { Finding } from "../../model/finding.ts";
import type { LiveState } from "../../model/live-state.ts";
import { globMatcher } from "../../model/glob.ts";
import type { Comparison } from "../difference.ts";
import type { Change, GuardArgs } from "../plan.ts";
import type { Side } from "../sides.ts";
import type { GuardInput } from "./guard.ts";
import { isUsableAdministrator } from "./usable-administrator.ts";

/**
 * A protected object stays as it is: it is not deleted, updated or renamed, keeps its memberships and assignments, and a
 * permission set keeps the roles that it has in accounts. More of these may come.
 */
export const checkProtected = ({ changes, comparison, settings, sides }: GuardInput): GuardArgs[] => {
  const matches = matcherOf(settings.protect);
  if (matches === null) return [];
  const earlier = earlierNames(comparison);
  const addresses = changes
    .filter((change) => touched(change, earlier, sides.after).some(matches))
    .map(({ address }) => address);
  return addresses.length === 0 ? [] : [{ count: addresses.length, addresses }];
};

/** A pattern with a typo, or of an object that has another name now, protects nothing, and nobody would know. */
export const unusedProtections = (comparison: Comparison): Finding[] => {
  const { desired, live } = comparison;
  const { protect } = desired.scope.guards;
  if (protect.length === 0 || live.coverage.unread.length > 0) return [];
  const { external } = desired.scope;
  const earlier = earlierNames(comparison);
  const addresses = [
    ...[live.state, desired.state].flatMap((state) => [
      ...[...state.users.keys()].map(userAddress),
      ...[...state.groups.keys()].map(groupAddress),
      ...[...state.permissionSets.keys()].map(permissionSetAddress),
      ...state.memberships.keys(),
      ...state.assignments.keys(),
    ]),
    ...(earlier.size === 0 ? [] : formerAddresses(live, earlier)),
    ...[...external.users].map(userAddress),
    ...[...external.groups, ...comparison.renames.groups.keys()].map(groupAddress),
    ...[...external.permissionSets].map(permissionSetAddress),
  ];
  return protect
    .filter((pattern) => !addresses.some(globMatcher(pattern)))
    .map((pattern) => ({
      code: "protect-pattern-unused",
      severity: "warning",
      message: `guards.protect: "${pattern}" matches nothing that is live or declared`,
      hint: "Remove it, or check its spelling: names are matched exactly, and a renamed object has another address",
    }));
};

const matcherOf = (patterns: readonly string[]): ((address: string) => boolean) | null => {
  const matchers = patterns.map(globMatcher);
  return matchers.length === 0 ? null : (address) => matchers.some((matches) => matches(address));
};

/** New name of a group that is renamed in this run → its name now. */
type EarlierNames = ReadonlyMap<string, string>;

const earlierNames = ({ renames }: Comparison): EarlierNames =>
  new Map([...renames.groups].map(([before, now]) => [now, before]));

const formerAddresses = ({ state }: LiveState, earlier: EarlierNames): readonly string[] => [
  ...[...state.memberships.values()].flatMap((each) => membershipAddresses(each, earlier)),
  ...[...state.assignments.values()].flatMap((each) => assignmentAddresses(each, earlier)),
];

const namesOf = (group: string, earlier: EarlierNames): readonly string[] => {
  const former = earlier.get(group);
  return former === undefined ? [group] : [group, former];
};

const principalsOf = ({ principalType, principal }: Assignment, earlier: EarlierNames): readonly string[] =>
  principalType === "GROUP" ? namesOf(principal, earlier) : [principal];

const membershipAddresses = ({ group, user }: Membership, earlier: EarlierNames): readonly string[] =>
  namesOf(group, earlier).map((each) => membershipAddress({ group: each, user }));

const assignmentAddresses = (assignment: Assignment, earlier: EarlierNames): readonly string[] =>
  principalsOf(assignment, earlier).map((principal) => assignmentAddress({ ...assignment, principal }));

/** Addresses of what the change takes something from, under the names of before it, too. */
const touched = (change: Change, earlier: EarlierNames, after: Side): readonly string[] => {
  if (change.action === "create") return [];
  if (change.kind === "provisioning") {
    // What an account holds of an older version is not known, and goes; full access takes nothing from it.
    const set = after.permissionSet(change.permissionSet);
    const isNoLess = set !== undefined && isUsableAdministrator(set, set) === "yes";
    return isNoLess ? [] : [permissionSetAddress(change.permissionSet)];
  }
  const { address } = change;
  switch (change.kind) {
    case "user":
    case "permissionSet":
      return [address];
    case "group":
      return [address, groupAddress(change.before.displayName)];
    case "membership": {
      const { group, user } = change.before;
      return [
        ...membershipAddresses(change.before, earlier),
        ...namesOf(group, earlier).map(groupAddress),
        userAddress(user),
      ];
    }
    case "assignment": {
      const { before } = change;
      return [
        ...assignmentAddresses(before, earlier),
        ...principalsOf(before, earlier).map(before.principalType === "GROUP" ? groupAddress : userAddress),
        permissionSetAddress(before.permissionSet),
      ];
    }
  }
};
