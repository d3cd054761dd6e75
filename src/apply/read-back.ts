import type { PermissionSet } from "../model/access-state.ts";
import { permissionSetOf } from "../model/permission-set-parts.ts";
import type { InstanceReader, ListedAssignment, ListedGroup, ListedUser } from "../model/ports.ts";

/** One look at what stands there now: however many changes ask for the same, it is read once. */
export interface ReadBack {
  users(): Promise<readonly ListedUser[]>;
  groups(): Promise<readonly ListedGroup[]>;
  userId(userName: string): Promise<string | null>;
  groupId(displayName: string): Promise<string | null>;
  /** User ids. */
  members(groupId: string): Promise<readonly string[]>;
  isMember(groupId: string, userId: string): Promise<boolean>;
  permissionSetArns(): Promise<readonly string[]>;
  permissionSet(arn: string): Promise<PermissionSet>;
  staleAccounts(arn: string): Promise<readonly string[]>;
  assignments(accountId: string, arn: string): Promise<readonly ListedAssignment[]>;
}

export const createReadBack = (reader: InstanceReader, limit: Limit): ReadBack => {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const answer = (answers.get(key) as Promise<T> | undefined) ?? limit(read);
    answers.set(key, answer);
    return answer;
  };
  return {
    users: () => once("users", () => reader.listUsers()),
    groups: () => once("groups", () => reader.listGroups()),
    userId: (userName) => once(`user ${userName}`, () => reader.getUserId(userName)),
    groupId: (displayName) => once(`group ${displayName}`, () => reader.getGroupId(displayName)),
    members: (groupId) =>
      once(`members ${groupId}`, async () =>
        (await reader.listGroupMemberships(groupId)).map((membership) => membership.userId),
      ),
    isMember: (groupId, userId) =>
      once(
        `member ${groupId} ${userId}`,
        async () => (await reader.getGroupMembershipId(groupId, userId)) !== null,
      ),
    permissionSetArns: () => once("permission sets", () => reader.listPermissionSets()),
    permissionSet: (arn) => once(`permission set ${arn}`, () => readPermissionSet(reader, arn)),
    staleAccounts: (arn) =>
      once(`stale ${arn}`, () =>
        reader.listAccountsForProvisionedPermissionSet(arn, "LATEST_PERMISSION_SET_NOT_PROVISIONED"),
      ),
    assignments: (accountId, arn) =>
      once(`assignments ${accountId} ${arn}`, () => reader.listAccountAssignments(accountId, arn)),
  };
};

/** Runs reads, a bounded number of them side by side. */
export type Limit = <T>(read: () => Promise<T>) => Promise<T>;

const readPermissionSet = async (reader: InstanceReader, arn: string): Promise<PermissionSet> => {
  const [described, inlinePolicy, managedPolicies, customerManagedPolicies, permissionsBoundary, tags] =
    await Promise.all([
      reader.describePermissionSet(arn),
      reader.getInlinePolicy(arn),
      reader.listManagedPolicies(arn),
      reader.listCustomerManagedPolicies(arn),
      reader.getPermissionsBoundary(arn),
      reader.listTags(arn),
    ]);
  return permissionSetOf({
    described,
    inlinePolicy,
    managedPolicies,
    customerManagedPolicies,
    permissionsBoundary,
    tags,
  });
};
