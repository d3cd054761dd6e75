import type { Assignment, Membership, PermissionSet } from "../model/access-state.ts";
import { remember } from "../model/remember.ts";
import type { Comparison } from "./difference.ts";
import { append, none, sorted } from "./lists.ts";
import type { ChangeDraft } from "./plan.ts";
import { isSurelyAdministrator } from "./power.ts";
import type { Standing } from "./standing.ts";

/**
 * Where the manifest sets who has to stay administrator (breakGlass, minAdministrators), the guards have counted on all
 * whom the plan makes administrators there, whoever they are: none goes before those have come.
 */
export interface AdministratorGains {
  readonly beforeAssignmentGoes: (assignment: Assignment) => readonly string[];
  readonly beforeMembershipGoes: (membership: Membership) => readonly string[];
  readonly beforeSetAllowsLess: (before: PermissionSet, after: PermissionSet) => readonly string[];
}

export const indexAdministratorGains = (
  changes: readonly ChangeDraft[],
  { desired, live }: Comparison,
  standing: Standing,
): AdministratorGains => {
  const { breakGlass, minAdministrators } = desired.scope.guards;
  const guarded = new Set([...breakGlass, ...minAdministrators].flatMap(({ accounts }) => accounts));
  if (guarded.size === 0) return nobody;

  const edited = new Map<string, PermissionSet>();
  for (const change of changes) {
    if (change.kind === "permissionSet" && change.action !== "delete") {
      edited.set(change.after.name, change.after);
    }
  }
  const isOne = (set: PermissionSet | undefined): boolean => set !== undefined && isSurelyAdministrator(set);
  const was = remember((name) => isOne(live.state.permissionSets.get(name)));
  const willBe = remember((name) => isOne(edited.get(name) ?? live.state.permissionSets.get(name)));

  const accountsOf = (assignments: readonly Assignment[], isAdministrator: (name: string) => boolean) =>
    new Set(
      assignments
        .filter(({ accountId, permissionSet }) => guarded.has(accountId) && isAdministrator(permissionSet))
        .map(({ accountId }) => accountId),
    );
  const reachBefore = remember((group) => accountsOf(standing.ofGroup(group).before, was));
  const reachAfter = remember((group) => accountsOf(standing.ofGroup(group).after, willBe));

  const accountsGained = (change: Exclude<ChangeDraft, { action: "delete" }>): ReadonlySet<string> => {
    if (change.kind === "assignment") return accountsOf([change.after], willBe);
    if (change.kind === "membership") return reachAfter(change.after.group);
    const name = change.kind === "permissionSet" && change.action === "update" ? change.after.name : null;
    return name === null || was(name) ? new Set() : accountsOf(standing.ofSet(name).after, willBe);
  };
  const gains = new Map<string, string[]>();
  for (const change of changes) {
    if (change.action === "delete") continue;
    for (const accountId of accountsGained(change)) append(gains, accountId, change.address);
  }
  const inAccount = remember((accountId) => sorted(gains.get(accountId) ?? []));
  const inAccounts = (accounts: ReadonlySet<string>): readonly string[] => {
    const [first, ...others] = [...accounts].map(inAccount).filter((list) => list.length > 0);
    return first === undefined || others.length === 0
      ? (first ?? none)
      : sorted(new Set([first, ...others].flat()));
  };
  const beforeMembersGo = remember((group) => inAccounts(reachBefore(group)));

  return {
    beforeAssignmentGoes: ({ accountId, permissionSet }) =>
      guarded.has(accountId) && was(permissionSet) ? inAccount(accountId) : none,
    beforeMembershipGoes: ({ group }) => beforeMembersGo(group),
    beforeSetAllowsLess: (before, after) =>
      isOne(before) && !isOne(after) ? inAccounts(accountsOf(standing.ofSet(before.name).before, was)) : none,
  };
};

const nobody: AdministratorGains = {
  beforeAssignmentGoes: () => none,
  beforeMembershipGoes: () => none,
  beforeSetAllowsLess: () => none,
};
