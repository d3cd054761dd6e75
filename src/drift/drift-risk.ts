import type { AccessState, Assignment, PermissionSet } from "../model/access-state.ts";
import { compareText } from "../model/address.ts";
import type { LiveState } from "../model/live-state.ts";
import { remember } from "../model/remember.ts";
import type { Change, RiskReason } from "../plan/plan.ts";
import { powerOf } from "../plan/power.ts";
import { allowsLess, allowsMore } from "../plan/set-changes.ts";
import type { DriftRisk } from "./drift.ts";

/**
 * The plan judges what its repair means: what it would take away, somebody has gained. A permission set that was
 * edited is judged anew, because a policy that was swapped for another both gives and takes, and gaining counts more.
 */
export const riskOfChange = (change: Change): DriftRisk => {
  if (change.kind === "permissionSet" && change.action === "update") {
    return riskOfEdit(change.after, change.before, change.risk.accounts ?? []);
  }
  const { reasons, accounts = [], administratorAccounts = [] } = change.risk;
  // What is not known to be there is not known to be lost, be it in an older version or behind what was not read.
  if (change.kind === "provisioning") return { ...noRisk, accounts };
  const isUnknown = reasons.includes("reach-unknown") && accounts.length === 0;
  const access = isUnknown ? "none" : accessOfChange(change);
  return {
    access,
    reasons: access === "none" ? [] : reasons.filter((reason) => powers.has(reason)),
    accounts,
    administratorAccounts,
  };
};

/** A user's address that was changed by hand is in somebody's hands until it is put back; one that was cleared is not. */
const accessOfChange = (change: Change): DriftRisk["access"] =>
  change.kind === "user" && change.risk.reasons.includes("sign-in-changed")
    ? typeof change.before?.attributes["email.value"] === "string"
      ? "gained"
      : "none"
    : accessOf[change.risk.direction];

/** Nobody has gained or lost anything. */
export const noRisk: DriftRisk = { access: "none", reasons: [], accounts: [], administratorAccounts: [] };

/** What the manifest says nothing about: who was assigned has what the set gives, who joined a group what that reaches. */
export interface UndeclaredRisk {
  readonly assignment: (assignment: Assignment) => DriftRisk;
  readonly joining: (group: string) => DriftRisk;
}

export const judgeUndeclared = ({ state, organization }: LiveState): UndeclaredRisk => {
  const powersOf = remember((name): readonly RiskReason[] => {
    const set = state.permissionSets.get(name);
    return set === undefined ? [] : powerOf(set);
  });
  const riskOf = (assignments: readonly Assignment[]): DriftRisk => {
    const accountsOf = (some: readonly Assignment[]): string[] =>
      [...new Set(some.map(({ accountId }) => accountId))].sort(compareText);
    const accounts = accountsOf(assignments);
    if (accounts.length === 0) return noRisk;
    const management: RiskReason[] =
      organization.managementAccountId !== null && accounts.includes(organization.managementAccountId)
        ? ["management-account"]
        : [];
    const sets = new Set(assignments.map(({ permissionSet }) => permissionSet));
    return {
      access: "gained",
      reasons: [...new Set([...[...sets].flatMap(powersOf), ...management])].sort(),
      accounts,
      administratorAccounts: accountsOf(
        assignments.filter(({ permissionSet }) => powersOf(permissionSet).includes("administrator")),
      ),
    };
  };
  let reach: ReadonlyMap<string, readonly Assignment[]> | undefined;
  const joining = remember((group) => {
    reach ??= assignmentsByGroup(state);
    return riskOf(reach.get(group) ?? []);
  });
  return {
    assignment: (assignment) => (assignment.orphan === true ? noRisk : riskOf([assignment])),
    joining,
  };
};

const assignmentsByGroup = ({ assignments }: AccessState): ReadonlyMap<string, readonly Assignment[]> => {
  const byGroup = new Map<string, Assignment[]>();
  for (const assignment of assignments.values()) {
    const { principalType, principal, orphan } = assignment;
    if (principalType !== "GROUP" || orphan === true) continue;
    const known = byGroup.get(principal);
    if (known === undefined) byGroup.set(principal, [assignment]);
    else known.push(assignment);
  }
  return byGroup;
};

const riskOfEdit = (declared: PermissionSet, live: PermissionSet, accounts: readonly string[]): DriftRisk => {
  const more = allowsMore(declared, live);
  if (more.length === 0) {
    return {
      ...noRisk,
      access: allowsLess(declared, live) && accounts.length > 0 ? "lost" : "none",
      accounts,
    };
  }
  const known = powerOf(declared);
  const gained = powerOf(live).filter((power) => !known.includes(power));
  return {
    access: "gained",
    reasons: [...new Set([...more, ...gained])].sort(),
    accounts,
    administratorAccounts: gained.includes("administrator") ? accounts : [],
  };
};

const accessOf = { narrowing: "gained", broadening: "lost", neutral: "none" } as const;

/** The reasons that say how far access reaches, not what its repair would bring about. */
const powers: ReadonlySet<RiskReason> = new Set([
  "administrator",
  "customer-policy-unknown",
  "identity-rights",
  "management-account",
  "sign-in-changed",
  "wildcard-write",
]);
