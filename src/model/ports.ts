import type {
  CustomerManagedPolicyReference,
  PermissionsBoundary,
  PrincipalType,
  UserAttribute,
  UserAttributeValue,
} from "./access-state.ts";
import type { AccountState } from "./organization.ts";
import type { CallerIdentity, Instance } from "./live-state.ts";

/**
 * What the rest needs of AWS: one method for each API call, in our vocabulary, all pages followed. `aws` implements
 * them. Reading and writing are two objects: whoever holds no InstanceWriter cannot write. Every method rejects with
 * AwsError, and every other outcome is an answer: an absent optional object is null, never an error.
 */
export interface AwsDirectory {
  /** Every instance that is visible in the configured Region. */
  listInstances(): Promise<readonly ListedInstance[]>;
  getCallerIdentity(): Promise<CallerIdentity>;
  readonly region: string;
  /** Endpoint in use where it is not AWS's own (a sandbox), else null. */
  readonly endpoint: string | null;
  readonly organizations: OrganizationsReader;
  reader(instance: Instance): InstanceReader;
  /** Closes the connections that are kept open; the process ends sooner. */
  close(): void;
}

export interface ListedInstance extends Instance {
  /** `region` is the primary Region of the instance where AWS says so, else the configured one. */
  readonly status: "CREATE_IN_PROGRESS" | "CREATE_FAILED" | "ACTIVE" | "DELETE_IN_PROGRESS";
  /** AWS's own words; null where it gives none. */
  readonly statusReason: string | null;
}

export interface OrganizationsReader {
  listAccounts(): Promise<readonly ListedAccount[]>;
  listRoots(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  listOrganizationalUnitsForParent(
    parentId: string,
  ): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Direct children only. */
  listAccountsForParent(parentId: string): Promise<readonly ListedAccount[]>;
  listTagsForResource(id: string): Promise<Readonly<Record<string, string>>>;
}

export interface ListedAccount {
  readonly id: string;
  readonly name: string;
  readonly state: AccountState;
  /** Ids from the root down, without organization and account: [r-…, ou-…, ou-…]; null where AWS did not say. */
  readonly path: readonly string[] | null;
}

export interface InstanceReader {
  /** ARNs. */
  listPermissionSets(): Promise<readonly string[]>;
  describePermissionSet(arn: string): Promise<DescribedPermissionSet>;
  /** JSON text; null: none. */
  getInlinePolicy(arn: string): Promise<string | null>;
  listManagedPolicies(arn: string): Promise<readonly string[]>;
  listCustomerManagedPolicies(arn: string): Promise<readonly CustomerManagedPolicyReference[]>;
  getPermissionsBoundary(arn: string): Promise<PermissionsBoundary | null>;
  listTags(arn: string): Promise<Readonly<Record<string, string>>>;
  listAccountsForProvisionedPermissionSet(
    arn: string,
    status: ProvisioningFilter,
  ): Promise<readonly string[]>;
  listPermissionSetsProvisionedToAccount(
    accountId: string,
    status: ProvisioningFilter,
  ): Promise<readonly string[]>;
  listAccountAssignments(accountId: string, arn: string): Promise<readonly ListedAssignment[]>;
  listAccountAssignmentsForPrincipal(type: PrincipalType, id: string): Promise<readonly ListedAssignment[]>;
  listUsers(): Promise<readonly ListedUser[]>;
  listGroups(): Promise<readonly ListedGroup[]>;
  listGroupMemberships(groupId: string): Promise<readonly ListedMembership[]>;
  listGroupMembershipsForMember(userId: string): Promise<readonly ListedMembership[]>;
  /** null: there is none. */
  getUserId(userName: string): Promise<string | null>;
  getGroupId(displayName: string): Promise<string | null>;
  getGroupMembershipId(groupId: string, userId: string): Promise<string | null>;
  /**
   * Ids of the requests in one state. null: there are more than `mostPages` of a hundred. AWS keeps finished requests
   * for a time that it does not state, so that their list may be long.
   */
  listRequests(
    operation: AsyncOperation,
    status: AsyncStatus["status"],
    mostPages: number,
  ): Promise<readonly string[] | null>;
  /** null: AWS no longer knows the request. */
  describeRequest(operation: AsyncOperation, requestId: string): Promise<AsyncStatus | null>;
}

export type ProvisioningFilter =
  | "LATEST_PERMISSION_SET_PROVISIONED"
  | "LATEST_PERMISSION_SET_NOT_PROVISIONED"
  | null;

export type AsyncOperation = "create-assignment" | "delete-assignment" | "provision";

export interface AsyncStatus {
  readonly requestId: string;
  readonly status: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
  /** AWS's own words; null unless FAILED. */
  readonly failureReason: string | null;
}

export interface DescribedPermissionSet {
  readonly arn: string;
  readonly name: string;
  readonly description: string | null;
  /** ISO 8601, as AWS holds it. */
  readonly sessionDuration: string;
  readonly relayState: string | null;
  /** Epoch milliseconds; null: not told. */
  readonly createdAt: number | null;
}

export interface ListedAssignment {
  readonly accountId: string;
  readonly permissionSetArn: string;
  readonly principalType: PrincipalType;
  readonly principalId: string;
}

export interface ListedUser {
  readonly id: string;
  readonly userName: string;
  readonly attributes: Readonly<Record<UserAttribute, UserAttributeValue>>;
  /** Whether an identity provider owns it: it carries external ids. */
  readonly external: boolean;
  /** Nobody can sign in with it. false: AWS says that it is enabled, or nothing. */
  readonly disabled: boolean;
}

export interface ListedGroup {
  readonly id: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly external: boolean;
}

export interface ListedMembership {
  readonly id: string;
  readonly groupId: string;
  readonly userId: string;
}

/** Every write is one API call. Creations return the new id. Removing what is already gone is done, not an error. */
export interface InstanceWriter {
  createUser(userName: string, attributes: UserAttributes): Promise<string>;
  /**
   * Sends only what differs; null clears. `before` and `after` are whole, so that list attributes (email, phone,
   * address), which AWS replaces as one, keep their other parts.
   */
  updateUser(id: string, before: UserAttributes, after: UserAttributes): Promise<void>;
  deleteUser(id: string): Promise<void>;
  createGroup(displayName: string, description: string | null): Promise<string>;
  updateGroup(id: string, change: { displayName?: string; description?: string | null }): Promise<void>;
  deleteGroup(id: string): Promise<void>;
  createGroupMembership(groupId: string, userId: string): Promise<string>;
  deleteGroupMembership(id: string): Promise<void>;
  createPermissionSet(
    settings: PermissionSetSettings & { tags: Readonly<Record<string, string>>; name: string },
  ): Promise<string>;
  /** Always sends all three: AWS clears a relay state that is left out. */
  updatePermissionSet(arn: string, settings: PermissionSetSettings): Promise<void>;
  deletePermissionSet(arn: string): Promise<void>;
  putInlinePolicy(arn: string, text: string): Promise<void>;
  deleteInlinePolicy(arn: string): Promise<void>;
  attachManagedPolicy(arn: string, policyArn: string): Promise<void>;
  detachManagedPolicy(arn: string, policyArn: string): Promise<void>;
  attachCustomerManagedPolicy(arn: string, policy: CustomerManagedPolicyReference): Promise<void>;
  detachCustomerManagedPolicy(arn: string, policy: CustomerManagedPolicyReference): Promise<void>;
  putPermissionsBoundary(arn: string, boundary: PermissionsBoundary): Promise<void>;
  deletePermissionsBoundary(arn: string): Promise<void>;
  tagPermissionSet(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  untagPermissionSet(arn: string, keys: readonly string[]): Promise<void>;
  /** null for the account: every account where the set is provisioned. */
  provisionPermissionSet(arn: string, accountId: string | null): Promise<AsyncStatus>;
  createAccountAssignment(arn: string, target: AssignmentTarget): Promise<AsyncStatus>;
  deleteAccountAssignment(arn: string, target: AssignmentTarget): Promise<AsyncStatus>;
}

export type UserAttributes = Readonly<Partial<Record<UserAttribute, UserAttributeValue>>>;

export interface PermissionSetSettings {
  readonly description: string | null;
  /** ISO 8601, such as PT4H. */
  readonly sessionDuration: string;
  readonly relayState: string | null;
}

export interface AssignmentTarget {
  readonly accountId: string;
  readonly principalType: PrincipalType;
  readonly principalId: string;
}
