import type { Assignment, PermissionSet } from "../model/access-state.ts";
import {
  assignmentAddress,
  compareText,
  encodePart,
  permissionSetAddress,
  principalLabel,
} from "../model/address.ts";
import type { Instance, LiveState, Provisioning, Unread } from "../model/live-state.ts";
import type { Organization } from "../model/organization.ts";
import type { InstanceReader, ListedAssignment } from "../model/ports.ts";
import type { ReadAssignments } from "./assignments.ts";
import type { ReadMemberships } from "./memberships.ts";
import type { PermissionSetReading } from "./permission-sets.ts";
import { byName, type Principals } from "./principals.ts";
import type { ReadProvisioning } from "./provisioning.ts";

export interface Parts {
  readonly instance: Instance;
  readonly organization: Organization;
  readonly principals: Principals;
  readonly memberships: ReadMemberships;
  readonly permissionSets: readonly PermissionSetReading[];
  readonly provisioning: ReadProvisioning;
  readonly assignments: ReadAssignments & { readonly orphansUnseen: string | null };
}

/** Turns ids into names, and failures into coverage. */
export const assembleLiveState = async (reader: InstanceReader, parts: Parts): Promise<LiveState> => {
  const { instance, organization, principals, memberships, permissionSets, provisioning } = parts;
  const nameOf = new Map(
    permissionSets.flatMap((each) =>
      each.outcome === "gone" || each.name === null ? [] : [[each.arn, each.name]],
    ),
  );
  const arns = byName(
    "permission set name",
    [...nameOf].map(([arn, name]) => [name, arn]),
  );
  const { assignments, unread: comeAndGone } = await nameAssignments(reader, parts, nameOf);
  const sets = permissionSets.flatMap((each): [string, PermissionSet][] =>
    each.outcome === "read" ? [[each.name, each.set]] : [],
  );
  const createdAt = permissionSets.flatMap((each): [string, number][] =>
    each.outcome === "read" && each.createdAt !== null ? [[each.name, each.createdAt]] : [],
  );
  const roles = [...provisioning.provisioning].flatMap(([arn, where]): [string, Provisioning][] => {
    const name = nameOf.get(arn);
    return name === undefined ? [] : [[name, where]];
  });
  const unread = [
    ...memberships.unread,
    ...permissionSets.flatMap(unreadSet),
    ...unreadProvisioning(provisioning, nameOf),
    ...unreadAssignments(parts.assignments, nameOf),
    ...comeAndGone,
  ];
  return {
    instance,
    organization,
    state: {
      users: principals.users,
      groups: principals.groups,
      memberships: memberships.memberships,
      permissionSets: new Map(sets),
      assignments,
    },
    ids: { ...principals.ids, permissionSets: arns, memberships: memberships.ids },
    createdAt: new Map(createdAt),
    provisioning: new Map(roles),
    externallyOwned: principals.externallyOwned,
    disabledUsers: principals.disabledUsers,
    coverage: {
      unread: unread.sort((a, b) => compareText(a.scope, b.scope) || compareText(a.reason, b.reason)),
    },
  };
};

const unreadSet = (each: PermissionSetReading): Unread[] => {
  if (each.outcome !== "unread") return [];
  const reason = each.reason.message;
  if (each.name !== null) return [{ scope: permissionSetAddress(each.name), reason }];
  // It may be any set, and any set's assignments may be its.
  return [
    { scope: "permissionSet/*", reason },
    { scope: "assignment/*", reason },
  ];
};

const unreadProvisioning = ({ unread }: ReadProvisioning, nameOf: ReadonlyMap<string, string>): Unread[] =>
  unread.flatMap((each): Unread[] => {
    const reason = each.reason.message;
    if ("accountId" in each) return [{ scope: `assignment/${each.accountId}/*`, reason }];
    const name = nameOf.get(each.arn);
    return name === undefined ? [] : [{ scope: `assignment/*/${encodePart(name)}/*`, reason }];
  });

const unreadAssignments = (
  { unread, orphansUnseen }: Parts["assignments"],
  nameOf: ReadonlyMap<string, string>,
): Unread[] => {
  const scopes = unread.flatMap((each): Unread[] => {
    const reason = each.reason.message;
    if ("principal" in each) {
      return [{ scope: `assignment/*/*/${principalLabel(each.principalType, each.principal)}`, reason }];
    }
    const name = nameOf.get(each.arn);
    return name === undefined
      ? []
      : [{ scope: `assignment/${each.accountId}/${encodePart(name)}/*`, reason }];
  });
  // No object has this address: it stands for those that nobody can name, and binds what would delete around them.
  return orphansUnseen === null
    ? scopes
    : [...scopes, { scope: "assignment/*/*/orphaned", reason: orphansUnseen }];
};

interface NamedAssignments {
  readonly assignments: Map<string, Assignment>;
  readonly unread: readonly Unread[];
}

/**
 * An assignment whose principal is in no list is an orphan, unless the principal was created after the lists were
 * read: before anything is called an orphan, and with that up for deletion, the lists are read again.
 */
const nameAssignments = async (
  reader: InstanceReader,
  { assignments: { listed }, principals }: Parts,
  nameOf: ReadonlyMap<string, string>,
): Promise<NamedAssignments> => {
  const newcomers = await readNewcomers(
    reader,
    listed.filter(
      ({ principalType, principalId }) => principals.nameOf(principalType, principalId) === undefined,
    ),
  );
  const assignments = new Map<string, Assignment>();
  const unread: Unread[] = [];
  for (const { accountId, permissionSetArn, principalType, principalId } of listed) {
    const permissionSet = nameOf.get(permissionSetArn);
    // Deleted since it was listed, or created since.
    if (permissionSet === undefined) continue;
    const where = { accountId, permissionSet, principalType };
    const principal = principals.nameOf(principalType, principalId);
    const newcomer = newcomers.get(principalId);
    if (principal !== undefined) {
      const assignment = { ...where, principal };
      assignments.set(assignmentAddress(assignment), assignment);
    } else if (newcomer === undefined) {
      const assignment: Assignment = { ...where, principal: principalId, orphan: true };
      assignments.set(assignmentAddress(assignment), assignment);
    } else {
      const scope = assignmentAddress({ ...where, principal: newcomer });
      unread.push({ scope, reason: "its user or group was created while this was read" });
    }
  }
  return { assignments, unread };
};

/** Name by id of the principals that exist after all. */
const readNewcomers = async (
  reader: InstanceReader,
  unknown: readonly ListedAssignment[],
): Promise<ReadonlyMap<string, string>> => {
  const [users, groups] = await Promise.all([
    unknown.some(({ principalType }) => principalType === "USER") ? reader.listUsers() : [],
    unknown.some(({ principalType }) => principalType === "GROUP") ? reader.listGroups() : [],
  ]);
  return new Map([
    ...users.map(({ id, userName }): [string, string] => [id, userName]),
    ...groups.map(({ id, displayName }): [string, string] => [id, displayName]),
  ]);
};
