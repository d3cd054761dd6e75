import type { ProvisioningFilter } from "../model/ports.ts";

/**
 * Which calls a complete reading takes, and how many. sso-admin answers 20 calls a second over all its operations, so
 * that the number of calls is the time that a plan takes.
 *
 * - Where a permission set is provisioned: asked by set or by account, whichever are fewer, once for the accounts that
 *   hold the newest version and once for those that are stale.
 * - Assignments by pair, one call for each (account, set) that is provisioned: complete, and the only way to see the
 *   assignments of deleted users and groups.
 * - Assignments by principal, one call for each user and group: blind for deleted ones. Completeness is worth a wait,
 *   so that `auto` takes it only where pairs would take more than two minutes and five times as long.
 * - Memberships by group or by user, whichever are fewer.
 */
export interface Population {
  readonly permissionSets: number;
  readonly accounts: number;
  readonly users: number;
  readonly groups: number;
  /** (account, permission set) where the set is provisioned. */
  readonly pairs: number;
}

export interface AssignmentStrategy {
  readonly by: "pairs" | "principals";
  /** Calls that it takes, at least. */
  readonly calls: number;
  /** For the user. */
  readonly explanation: string;
}

export type StrategyOption = "auto" | "pairs" | "principals";

export const chooseAssignmentStrategy = (
  wanted: StrategyOption,
  { pairs, users, groups }: Pick<Population, "pairs" | "users" | "groups">,
): AssignmentStrategy => {
  const principals = users + groups;
  const worthIt = pairs > affordablePairs && pairs > principals * advantage;
  if (wanted === "principals" || (wanted === "auto" && worthIt)) {
    const chosen =
      wanted === "auto" ? `because by account and permission set it would be ${pairs}` : "as asked for";
    return {
      by: "principals",
      calls: principals,
      explanation: `Assignments are read by user and group (${principals} calls), ${chosen}; assignments of deleted users and groups are not seen this way (--strategy pairs sees them)`,
    };
  }
  return {
    by: "pairs",
    calls: pairs,
    explanation: `Assignments are read by account and permission set (${pairs} calls)`,
  };
};

/** Two minutes at 20 calls a second. */
const affordablePairs = 2400;
const advantage = 5;

export const chooseProvisioningStrategy = (
  { permissionSets, accounts }: Pick<Population, "permissionSets" | "accounts">,
  accountsAreComplete: boolean,
): "by-set" | "by-account" => (accountsAreComplete && accounts < permissionSets ? "by-account" : "by-set");

export const chooseMembershipStrategy = (groupsAsked: number, users: number): "by-group" | "by-user" =>
  groupsAsked <= users ? "by-group" : "by-user";

/** What to ask for each set or account: both answers together say where it is, and where it is stale. */
export const provisioningFilters = [
  "LATEST_PERMISSION_SET_PROVISIONED",
  "LATEST_PERMISSION_SET_NOT_PROVISIONED",
] as const satisfies readonly ProvisioningFilter[];

/**
 * Calls of a complete reading: the formula of the cost above. Lists with more than a page of items for one subject
 * (over 100 assignments of one pair, members of one group) take more.
 */
export const expectedCalls = (
  population: Population,
  options: {
    readonly tags: boolean;
    readonly assignments: number;
    readonly memberships: number;
    readonly accountsAreComplete: boolean;
  },
): { readonly sso: number; readonly identityStore: number } => {
  const { permissionSets, accounts, users, groups } = population;
  const subjects =
    chooseProvisioningStrategy(population, options.accountsAreComplete) === "by-set"
      ? permissionSets
      : accounts;
  return {
    sso:
      pagesOf(permissionSets) +
      permissionSets * (options.tags ? 6 : 5) +
      (permissionSets === 0 ? 0 : subjects * provisioningFilters.length) +
      options.assignments,
    identityStore: pagesOf(users) + pagesOf(groups) + options.memberships,
  };
};

/** An empty list takes one call, too. */
const pagesOf = (items: number): number => Math.max(1, Math.ceil(items / 100));
