import type { Assignment, Membership, PermissionSet } from "../model/access-state.ts";
import { remember } from "../model/remember.ts";
import type { AdministratorGains } from "./administrator-gains.ts";
import type { Comparison } from "./difference.ts";
import type { Gain, Gains } from "./gains.ts";
import { none, sorted, union } from "./lists.ts";
import { type People, principalKey } from "./people.ts";
import type { ChangeDraft } from "./plan.ts";
import { takesRights } from "./set-changes.ts";
import type { Standing } from "./standing.ts";

/** What must be there before something is taken: see the case table in order.ts. */
export interface Replacements {
  readonly beforeAssignmentGoes: (assignment: Assignment, reason: Reason) => readonly string[];
  readonly beforeMembershipGoes: (membership: Membership, reason: Reason) => readonly string[];
  readonly beforeSetAllowsLess: (change: ChangeDraft) => readonly string[];
}

type Reason = ChangeDraft["reason"];

export interface OrderContext {
  readonly changes: readonly ChangeDraft[];
  readonly comparison: Comparison;
  readonly standing: Standing;
  readonly gains: Gains;
  readonly people: () => People;
  readonly administratorGains: AdministratorGains;
}

export const makeReplacements = (context: OrderContext): Replacements => {
  const { comparison, standing, gains, administratorGains } = context;
  const setsOfGroup = remember((group: string): ReadonlyMap<string, ReadonlySet<string>> => {
    const sets = new Map<string, Set<string>>();
    for (const { accountId, permissionSet } of standing.ofGroup(group).before) {
      sets.set(accountId, (sets.get(accountId) ?? new Set()).add(permissionSet));
    }
    return sets;
  });
  const reachOfGroup = remember((group: string): ReadonlySet<string> => new Set(setsOfGroup(group).keys()));
  const isCovered = coverage(context);

  return {
    beforeAssignmentGoes: (assignment, reason) => {
      if (goesAnyway(reason) || isRemoved(assignment, comparison)) return none;
      const { accountId, permissionSet, principalType, principal } = assignment;
      const key = principalKey(principalType, principal);
      const forAdministrators = administratorGains.beforeAssignmentGoes(assignment);
      const own = gains.givenTo(key, accountId).filter((gain) => !isGrowthOf(permissionSet)(gain));
      // Who gets at least the same in the same way needs nothing else, and a large migration stays small.
      if (own.some((gain) => !gain.isInPlace && isCovered(permissionSet, gain.permissionSet))) {
        return union(sorted(new Set(own.map(({ address }) => address))), forAdministrators);
      }
      const found = new Set<string>();
      gains.of(key, new Set([accountId]), isGrowthOf(permissionSet), found);
      return union(sorted(found), forAdministrators);
    },

    beforeMembershipGoes: (membership, reason) => {
      if (goesAnyway(reason) || isRemovedMembership(membership, comparison)) return none;
      const { group, user } = membership;
      const found = new Set(gains.joinsOfUser(user).map(({ address }) => address));
      const isOfAllThatGoes = (gain: Gain): boolean => {
        const going = setsOfGroup(group).get(gain.accountId) ?? new Set();
        return [...going].every((name) => isGrowthOf(name)(gain));
      };
      gains.of(principalKey("USER", user), reachOfGroup(group), isOfAllThatGoes, found);
      return union(sorted(found), administratorGains.beforeMembershipGoes(membership));
    },

    beforeSetAllowsLess: (change) => {
      if (change.kind !== "permissionSet" || change.action !== "update") return none;
      const { before, after } = change;
      if (!takesRights(before, after)) return none;
      const accounts = new Map<ReturnType<typeof principalKey>, Set<string>>();
      for (const { accountId, principalType, principal } of standing.ofSet(before.name).before) {
        const key = principalKey(principalType, principal);
        accounts.set(key, (accounts.get(key) ?? new Set()).add(accountId));
      }
      const found = new Set<string>();
      // What is assigned of the set itself waits for the set.
      const isOfItself = ({ permissionSet }: Gain): boolean => permissionSet === before.name;
      for (const [key, reach] of accounts) gains.of(key, reach, isOfItself, found);
      return union(sorted(found), administratorGains.beforeSetAllowsLess(before, after));
    },
  };
};

/** What the set comes to allow where it is does not replace the set itself. */
const isGrowthOf =
  (name: string) =>
  ({ isInPlace, permissionSet }: Gain): boolean =>
    isInPlace && permissionSet === name;

/** Whether a set gives, when all is done, no less than another that goes. */
const coverage = ({ changes, comparison: { live } }: OrderContext) => {
  const edited = new Map<string, PermissionSet>();
  for (const change of changes) {
    if (change.kind === "permissionSet" && change.action !== "delete") {
      edited.set(change.after.name, change.after);
    }
  }
  const find = (name: string) => edited.get(name) ?? live.state.permissionSets.get(name);
  const coversOf = remember((going: string) =>
    remember((coming: string): boolean => {
      const [before, after] = [live.state.permissionSets.get(going), find(coming)];
      return before !== undefined && after !== undefined && !takesRights(before, after);
    }),
  );
  return (going: string, coming: string): boolean => coversOf(going)(coming);
};

const goesAnyway = ({ code }: Reason): boolean =>
  code === "expired" || code === "removed" || code === "orphaned";

/** Whether it hangs on something that the manifest lists under `removed`. */
const isRemoved = (
  { permissionSet, principalType, principal, orphan }: Assignment,
  { desired: { scope } }: Comparison,
): boolean =>
  orphan === true ||
  scope.removed.permissionSets.has(permissionSet) ||
  scope.removed[principalType === "GROUP" ? "groups" : "users"].has(principal);

const isRemovedMembership = ({ group, user }: Membership, { desired: { scope } }: Comparison): boolean =>
  scope.removed.groups.has(group) || scope.removed.users.has(user);
