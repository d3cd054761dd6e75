import type { Assignment } from "../model/access-state.ts";
import { assignmentAddress, compareText } from "../model/address.ts";
import type { LiveState, Unread } from "../model/live-state.ts";
import type { Plan } from "../plan/plan.ts";
import { csvText } from "./csv.ts";
import type { AccountNames } from "./labels.ts";

/**
 * Assignments, one a row, in one form for what is live and for what will stand after the plan: a line is the same in
 * both where nothing changes, so that any tool for differences shows what does. States: assigned; orphaned, whose user
 * or group no longer exists; unchecked, a place that could not be read (an asterisk stands for all).
 */
const header = ["account id", "account name", "permission set", "principal type", "principal", "state"];

export const liveAssignmentsCsv = (live: LiveState, names: AccountNames): string =>
  assignmentsCsv(live.state.assignments, live.coverage.unread, names);

/** What will stand after the plan, where `live` is the state that it was made from. */
export const plannedAssignmentsCsv = (plan: Plan, live: LiveState, names: AccountNames): string => {
  const planned = withRenamedGroups(live.state.assignments, plan);
  for (const change of plan.changes) {
    if (change.kind !== "assignment") continue;
    if (change.action === "delete") planned.delete(change.address);
    else planned.set(change.address, change.after);
  }
  return assignmentsCsv(planned, live.coverage.unread, names);
};

/** A group that is renamed keeps its assignments, and the plan speaks of them by its new name. */
const withRenamedGroups = (
  assignments: ReadonlyMap<string, Assignment>,
  { changes }: Plan,
): Map<string, Assignment> => {
  const renamed = new Map(
    changes.flatMap((change) =>
      change.kind === "group" && change.action === "update"
        ? [[change.before.displayName, change.after.displayName] as const]
        : [],
    ),
  );
  return new Map(
    [...assignments.values()].map((assignment) => {
      const isGroup = assignment.principalType === "GROUP" && assignment.orphan !== true;
      const principal = (isGroup ? renamed.get(assignment.principal) : undefined) ?? assignment.principal;
      const now = { ...assignment, principal };
      return [assignmentAddress(now), now];
    }),
  );
};

const assignmentsCsv = (
  assignments: ReadonlyMap<string, Assignment>,
  unread: readonly Unread[],
  names: AccountNames,
): string => {
  const rows = [
    ...[...assignments.values()].map((assignment) => assignmentRow(assignment, names)),
    ...unread.flatMap(({ scope }) => uncheckedRow(scope, names)),
  ];
  return csvText([header, ...rows.sort(compareRows)]);
};

const assignmentRow = (
  { accountId, permissionSet, principalType, principal, orphan }: Assignment,
  names: AccountNames,
): string[] => [
  accountId,
  names.get(accountId) ?? "",
  permissionSet,
  principalType,
  principal,
  orphan === true ? "orphaned" : "assigned",
];

/** Scopes look like `assignment/111111111111/DeveloperAccess/*`: see Coverage. */
const uncheckedRow = (scope: string, names: AccountNames): string[][] => {
  const [kind, account = "*", set = "*", who = "*"] = scope.split("/");
  if (kind !== "assignment") return [];
  const [, type = "*", principal = who] = /^(group|user):(.*)$/.exec(who) ?? [];
  return [
    [
      account,
      names.get(account) ?? "",
      decodePart(set),
      type.toUpperCase(),
      decodePart(principal),
      "unchecked",
    ],
  ];
};

const decodePart = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const compareRows = (a: readonly string[], b: readonly string[]): number => {
  for (const column of [0, 2, 3, 4]) {
    const order = compareText(a[column] ?? "", b[column] ?? "");
    if (order !== 0) return order;
  }
  return 0;
};
