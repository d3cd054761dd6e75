import type { Assignment } from "../../model/access-state.ts";
import { compareText } from "../../model/address.ts";
import { policySize } from "../../model/policy.ts";
import type { Change, GuardArgs } from "../plan.ts";
import type { GuardInput } from "./guard.ts";

/*
 * Quotas of AWS that the plan would pass. What counts is the moment when most is there: everything new is made before
 * anything old goes. What stands above a quota already, and does not grow, is AWS's own doing.
 */

export const checkPermissionSets = ({ changes, comparison, settings }: GuardInput): GuardArgs[] => {
  const limit = settings.quotas.permissionSets;
  const created = changes.filter(
    ({ kind, action }) => kind === "permissionSet" && action === "create",
  ).length;
  const count = comparison.live.state.permissionSets.size + created;
  return created === 0 || count <= limit ? [] : [{ count, limit }];
};

export const checkPermissionSetsPerAccount = (input: GuardInput): GuardArgs[] => {
  const { state, provisioning } = input.comparison.live;
  const limit = input.settings.quotas.permissionSetsPerAccount;
  const there = new Map(createdAssignments(input).map(({ accountId }) => [accountId, new Set<string>()]));
  if (there.size === 0) return [];
  for (const [name, { accounts }] of provisioning) for (const id of accounts) there.get(id)?.add(name);
  for (const { accountId, permissionSet } of state.assignments.values()) {
    there.get(accountId)?.add(permissionSet);
  }
  const grown = new Set<string>();
  for (const { accountId, permissionSet } of createdAssignments(input)) {
    const sets = there.get(accountId);
    if (sets === undefined || sets.has(permissionSet)) continue;
    sets.add(permissionSet);
    grown.add(accountId);
  }
  const over = [...grown].filter((id) => (there.get(id)?.size ?? 0) > limit).sort(compareText);
  const count = over.reduce((most, id) => Math.max(most, there.get(id)?.size ?? 0), 0);
  return over.length === 0 ? [] : [{ count, limit, accounts: over }];
};

export const checkGroupsPerAssignment = (input: GuardInput): GuardArgs[] => {
  const limit = 100;
  const groups = new Map<string, { size: number; readonly assignment: Assignment }>();
  for (const assignment of createdAssignments(input)) {
    if (assignment.principalType === "GROUP") groups.set(pairOf(assignment), { size: 0, assignment });
  }
  if (groups.size === 0) return [];
  for (const list of [input.comparison.live.state.assignments.values(), createdAssignments(input)]) {
    for (const assignment of list) {
      const pair = assignment.principalType === "GROUP" ? groups.get(pairOf(assignment)) : undefined;
      if (pair !== undefined) pair.size += 1;
    }
  }
  return [...groups.entries()]
    .sort(([a], [b]) => compareText(a, b))
    .filter(([, { size }]) => size > limit)
    .map(([, { size, assignment }]) => ({
      count: size,
      limit,
      accounts: [assignment.accountId],
      permissionSet: assignment.permissionSet,
    }));
};

export const checkPolicies = ({ changes }: GuardInput): GuardArgs[] =>
  writtenSets(changes).flatMap(({ name, managedPolicies, customerManagedPolicies }) => {
    const count = managedPolicies.length + customerManagedPolicies.length;
    return count <= 25 ? [] : [{ count, limit: 25, permissionSet: name }];
  });

/** In bytes that are not white space, as IAM counts. */
export const checkInlinePolicies = ({ changes }: GuardInput): GuardArgs[] =>
  writtenSets(changes).flatMap(({ name, inlinePolicy }) => {
    const count = inlinePolicy === null ? 0 : policySize(inlinePolicy.text);
    return count <= 10_240 ? [] : [{ count, limit: 10_240, permissionSet: name }];
  });

const createdAssignments = ({ changes }: GuardInput): readonly Assignment[] =>
  changes.flatMap((change) =>
    change.kind === "assignment" && change.action === "create" ? [change.after] : [],
  );

const writtenSets = (changes: readonly Change[]) =>
  changes.flatMap((change) =>
    change.kind === "permissionSet" && change.action !== "delete" ? [change.after] : [],
  );

const pairOf = ({ accountId, permissionSet }: Assignment): string => `${accountId}/${permissionSet}`;
