import type { Assignment, Group, PermissionSet } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";
import type { RiskReason } from "./plan.ts";
import { powerOf } from "./power.ts";

/**
 * What AWS's own services put into an instance. It is there in every organization that uses them, comes back when it
 * is removed, and is nobody's drift. The rules bind drift, and plans in mode exclusive, which would delete it; and there
 * only what the manifest has no word about. `builtInRules: false` in the manifest turns them off, for drift alone
 * --no-built-in-rules; drift --show-built-in-rules prints them.
 *
 * A rule covers what it names, and never what hangs on that: who is in one of these groups, or has one of these sets
 * in another way, has the access of an administrator like anybody else. There is no rule for Control Tower's user, since
 * that has the e-mail address of the management account for a name, and anybody may have its display name.
 */
export type BuiltInRule =
  | { readonly kind: "group"; readonly name: string; readonly reason: string }
  | {
      readonly kind: "permissionSet";
      readonly name: string;
      /** The most that it gives (plan/power.ts): one that gives more was changed by somebody. */
      readonly powers: readonly RiskReason[];
      readonly reason: string;
    }
  | {
      readonly kind: "assignment";
      readonly group: string;
      readonly permissionSet: string;
      /** In so many accounts at most: where there are more, nobody knows which one was added. null: in any number. */
      readonly accounts: number | null;
      readonly reason: string;
    };

const reason = "made by AWS Control Tower";

const setsOf: Readonly<Record<string, readonly RiskReason[]>> = {
  AWSAdministratorAccess: [
    "administrator",
    "customer-policy-unknown",
    "identity-rights",
    "management-account",
    "wildcard-write",
  ],
  AWSOrganizationsFullAccess: ["identity-rights", "wildcard-write"],
  AWSPowerUserAccess: ["wildcard-write"],
  AWSReadOnlyAccess: [],
  AWSServiceCatalogAdminFullAccess: ["wildcard-write"],
  AWSServiceCatalogEndUserAccess: ["wildcard-write"],
};

/** Group, permission set, number of accounts: those for management, log archive and audit, or every one there is. */
const assignmentsOf: readonly (readonly [string, string, number | null])[] = [
  ["AWSAccountFactory", "AWSServiceCatalogEndUserAccess", 1],
  ["AWSAuditAccountAdmins", "AWSAdministratorAccess", 1],
  ["AWSControlTowerAdmins", "AWSAdministratorAccess", 3],
  ["AWSControlTowerAdmins", "AWSOrganizationsFullAccess", null],
  ["AWSLogArchiveAdmins", "AWSAdministratorAccess", 1],
  ["AWSLogArchiveViewers", "AWSReadOnlyAccess", 1],
  ["AWSSecurityAuditPowerUsers", "AWSPowerUserAccess", null],
  ["AWSSecurityAuditors", "AWSReadOnlyAccess", null],
  ["AWSServiceCatalogAdmins", "AWSServiceCatalogAdminFullAccess", 1],
];

export const builtInRules: readonly BuiltInRule[] = [
  ...[...new Set(assignmentsOf.map(([group]) => group))].map(
    (name) => ({ kind: "group", name, reason }) as const,
  ),
  ...Object.entries(setsOf).map(
    ([name, powers]) => ({ kind: "permissionSet", name, powers, reason }) as const,
  ),
  ...assignmentsOf.map(
    ([group, permissionSet, accounts]) =>
      ({ kind: "assignment", group, permissionSet, accounts, reason }) as const,
  ),
];

/** Each answers why the object is known noise; null: it is not. */
export interface KnownNoise {
  readonly group: (group: Pick<Group, "displayName">) => string | null;
  readonly permissionSet: (set: PermissionSet) => string | null;
  readonly assignment: (assignment: Assignment) => string | null;
}

/** An object of which the manifest says something is none, whatever is answered here. */
export const knownNoise = (rules: readonly BuiltInRule[], { state }: LiveState): KnownNoise => {
  if (rules.length === 0) return noNoise;
  const groups = new Map(rules.flatMap((rule) => (rule.kind === "group" ? [[rule.name, rule]] : [])));
  const sets = new Map(rules.flatMap((rule) => (rule.kind === "permissionSet" ? [[rule.name, rule]] : [])));
  const pairs = new Map(
    rules.flatMap((rule) =>
      rule.kind === "assignment" ? [[pairOf(rule.permissionSet, rule.group), rule]] : [],
    ),
  );
  const isItsOwn = (set: PermissionSet | undefined): set is PermissionSet => {
    if (set === undefined) return false;
    const rule = sets.get(set.name);
    return rule !== undefined && powerOf(set).every((power) => rule.powers.includes(power));
  };
  const accounts = new Map<string, number>();
  for (const { permissionSet, principalType, principal } of state.assignments.values()) {
    if (principalType !== "GROUP" || !groups.has(principal)) continue;
    const pair = pairOf(permissionSet, principal);
    accounts.set(pair, (accounts.get(pair) ?? 0) + 1);
  }
  return {
    group: ({ displayName }) => said(groups.get(displayName)),
    permissionSet: (set) => (isItsOwn(set) ? said(sets.get(set.name)) : null),
    assignment: ({ permissionSet, principalType, principal, orphan }) => {
      if (principalType !== "GROUP" || orphan === true) return null;
      const pair = pairOf(permissionSet, principal);
      const rule = pairs.get(pair);
      if (rule === undefined || !isItsOwn(state.permissionSets.get(permissionSet))) return null;
      return (accounts.get(pair) ?? 0) <= (rule.accounts ?? Number.POSITIVE_INFINITY) ? said(rule) : null;
    },
  };
};

const noNoise: KnownNoise = { group: () => null, permissionSet: () => null, assignment: () => null };

const said = (rule: BuiltInRule | undefined): string | null =>
  rule === undefined ? null : `${rule.reason} (built-in rule)`;

/** Neither name can have a slash that would make two pairs one: a permission set's name has none. */
const pairOf = (permissionSet: string, group: string): string => `${permissionSet}/${group}`;
