import type { Assignment, Group, Membership, PermissionSet, User } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";

/**
 * What AWS's own services put into an instance. It is there in every organization that uses them, comes back when it
 * is removed, and is nobody's drift. The rules bind nothing but the drift report, and there only what the manifest does
 * not declare; --show-built-in-rules prints them, --no-built-in-rules turns them off.
 */
export interface BuiltInRule {
  readonly kind: "user" | "group" | "permissionSet";
  /** Exact names; a user's display name counts as well. */
  readonly names: readonly string[];
  readonly reason: string;
}

export const builtInRules: readonly BuiltInRule[] = [
  {
    kind: "group",
    names: [
      "AWSAccountFactory",
      "AWSAuditAccountAdmins",
      "AWSControlTowerAdmins",
      "AWSLogArchiveAdmins",
      "AWSLogArchiveViewers",
      "AWSSecurityAuditPowerUsers",
      "AWSSecurityAuditors",
      "AWSServiceCatalogAdmins",
    ],
    reason: "made by AWS Control Tower",
  },
  {
    kind: "permissionSet",
    names: [
      "AWSAdministratorAccess",
      "AWSOrganizationsFullAccess",
      "AWSPowerUserAccess",
      "AWSReadOnlyAccess",
    ],
    reason: "made by AWS Control Tower",
  },
  {
    kind: "permissionSet",
    names: ["AWSServiceCatalogAdminFullAccess", "AWSServiceCatalogEndUserAccess"],
    reason: "made by AWS Control Tower for AWS Service Catalog",
  },
  { kind: "user", names: ["AWS Control Tower Admin"], reason: "made by AWS Control Tower" },
];

/** Each answers why the object, or what it hangs on, is known noise; null: it is not. */
export interface KnownNoise {
  readonly user: (user: User) => string | null;
  readonly group: (group: Pick<Group, "displayName">) => string | null;
  readonly permissionSet: (set: Pick<PermissionSet, "name">) => string | null;
  readonly membership: (membership: Membership) => string | null;
  readonly assignment: (assignment: Assignment) => string | null;
}

export const knownNoise = (rules: readonly BuiltInRule[], { state }: LiveState): KnownNoise => {
  const reasons = (kind: BuiltInRule["kind"]): ReadonlyMap<string, string> =>
    new Map(
      rules
        .filter((rule) => rule.kind === kind)
        .flatMap(({ names, reason }) => names.map((name) => [name, `${reason} (built-in rule)`] as const)),
    );
  const [users, groups, sets] = [reasons("user"), reasons("group"), reasons("permissionSet")];
  const ofUser = (userName: string): string | null => {
    const displayName = state.users.get(userName)?.attributes.displayName;
    return users.get(userName) ?? (typeof displayName === "string" ? users.get(displayName) : null) ?? null;
  };
  const ofGroup = (name: string): string | null => groups.get(name) ?? null;
  const ofSet = (name: string): string | null => sets.get(name) ?? null;
  return {
    user: ({ userName }) => ofUser(userName),
    group: ({ displayName }) => ofGroup(displayName),
    permissionSet: ({ name }) => ofSet(name),
    membership: ({ group, user }) => ofGroup(group) ?? ofUser(user),
    assignment: ({ permissionSet, principalType, principal }) =>
      ofSet(permissionSet) ?? (principalType === "GROUP" ? ofGroup(principal) : ofUser(principal)),
  };
};
