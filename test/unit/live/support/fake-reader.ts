import { AwsError } from "../../../../src/model/errors.ts";
import type { Instance } from "../../../../src/model/live-state.ts";
import type { Account, Organization } from "../../../../src/model/organization.ts";
import type { InstanceReader, ListedAssignment } from "../../../../src/model/ports.ts";
import { fromApiUser } from "../../../../src/model/user-attributes.ts";

/** A small Identity Center in memory: ids are names with a prefix. */
export interface FakeWorld {
  readonly users?: readonly string[];
  readonly externalUsers?: readonly string[];
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly externalGroups?: readonly string[];
  /** Tags by set. */
  readonly sets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** [account, set, principal as group:X or user:X, stale?]; without a principal the set is only provisioned. */
  readonly access?: readonly (readonly [account: string, set: string, principal?: string, stale?: boolean])[];
  readonly fail?: Fail;
}

/** An error for a call, by its name and arguments. */
export type Fail = (method: keyof InstanceReader, args: readonly unknown[]) => AwsError | undefined;

export const denied = (action: string): AwsError =>
  new AwsError("access-denied", `${action}: not authorized`);
export const throttled = new AwsError("throttled", "still throttled");
export const notFound = new AwsError("not-found", "no such thing");

export const fakeReader = (world: FakeWorld) => {
  const calls: string[] = [];
  const { users = [], groups = {}, sets = {}, access = [] } = world;
  const assignments = access.flatMap(([accountId, set, principal]): ListedAssignment[] => {
    const [type, name] = principal?.split(":") ?? [];
    if (type === undefined || name === undefined) return [];
    return [
      {
        accountId,
        permissionSetArn: `arn:${set}`,
        principalType: type === "group" ? "GROUP" : "USER",
        principalId: `${type[0]}-${name}`,
      },
    ];
  });
  const isStale = (accountId: string, arn: string): boolean =>
    access.some(([account, set, , stale]) => account === accountId && `arn:${set}` === arn && stale === true);
  const unique = (items: readonly string[]): string[] => [...new Set(items)];
  const membershipsOf = Object.entries(groups).flatMap(([group, members]) =>
    members.map((user) => ({ id: `m-${group}-${user}`, groupId: `g-${group}`, userId: `u-${user}` })),
  );
  const none = async () => null;
  const answers: InstanceReader = {
    listPermissionSets: async () => Object.keys(sets).map((name) => `arn:${name}`),
    describePermissionSet: async (arn) => ({
      arn,
      name: arn.slice(4),
      description: null,
      sessionDuration: "PT1H",
      relayState: null,
      createdAt: null,
    }),
    getInlinePolicy: none,
    listManagedPolicies: async () => ["arn:aws:iam::aws:policy/B", "arn:aws:iam::aws:policy/A"],
    listCustomerManagedPolicies: async () => [],
    getPermissionsBoundary: none,
    listTags: async (arn) => sets[arn.slice(4)] ?? {},
    listAccountsForProvisionedPermissionSet: async (arn, status) =>
      unique(access.filter(([, set]) => `arn:${set}` === arn).map(([account]) => account)).filter(
        (account) => (status === "LATEST_PERMISSION_SET_NOT_PROVISIONED") === isStale(account, arn),
      ),
    listPermissionSetsProvisionedToAccount: async (accountId, status) =>
      unique(access.filter(([account]) => account === accountId).map(([, set]) => `arn:${set}`)).filter(
        (arn) => (status === "LATEST_PERMISSION_SET_NOT_PROVISIONED") === isStale(accountId, arn),
      ),
    listAccountAssignments: async (accountId, arn) =>
      assignments.filter((each) => each.accountId === accountId && each.permissionSetArn === arn),
    listAccountAssignmentsForPrincipal: async (_type, id) => {
      const user = id.startsWith("u-") ? id : null;
      const inherited = new Set(
        membershipsOf.filter(({ userId }) => userId === user).map(({ groupId }) => groupId),
      );
      return assignments.filter(({ principalId }) => principalId === id || inherited.has(principalId));
    },
    listUsers: async () =>
      users.map((userName) => ({
        id: `u-${userName}`,
        userName,
        attributes: fromApiUser({ Name: { GivenName: userName } }),
        external: world.externalUsers?.includes(userName) ?? false,
        disabled: false,
      })),
    listGroups: async () =>
      Object.keys(groups).map((displayName) => ({
        id: `g-${displayName}`,
        displayName,
        description: null,
        external: world.externalGroups?.includes(displayName) ?? false,
      })),
    listGroupMemberships: async (id) => membershipsOf.filter(({ groupId }) => groupId === id),
    listGroupMembershipsForMember: async (id) => membershipsOf.filter(({ userId }) => userId === id),
    getUserId: none,
    getGroupId: none,
    getGroupMembershipId: none,
    listRequests: async () => [],
    describeRequest: none,
  };
  const reader = new Proxy(answers, {
    get:
      (target, method: keyof InstanceReader) =>
      async (...args: never[]) => {
        calls.push(method);
        const error = world.fail?.(method, args);
        if (error !== undefined) throw error;
        return (target[method] as (...all: never[]) => Promise<unknown>)(...args);
      },
  });
  return { reader, calls };
};

export const instance: Instance = {
  instanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
  identityStoreId: "d-1234567890",
  ownerAccountId: "999999999999",
  name: null,
  region: "us-east-1",
};

export const organizationOf = (
  ids: readonly string[],
  source: Organization["source"] = "organizations",
): Organization => ({
  source,
  unavailable: source === "manifest" ? "denied" : null,
  managementAccountId: "999999999999",
  accounts: new Map(
    ids.map((id): [string, Account] => [
      id,
      { id, name: id, state: "ACTIVE", organizationalUnits: null, tags: null },
    ]),
  ),
  tagsRead: false,
  organizationalUnitsRead: false,
});
