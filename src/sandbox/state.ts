/**
 * What a sandbox holds: the shape of `--seed` and `--state` files. Names of fields follow AWS's own shapes, so that
 * what a test reads here is what an API call would answer. Times are epoch milliseconds.
 */
export interface SandboxState {
  readonly formatVersion: 1;
  instances: SandboxInstance[];
  organization: SandboxOrganization | null;
  caller: { Account: string; Arn: string; UserId: string };
  /** What CloudTrail keeps of calls that write, oldest first; absent before the first one. */
  events?: StoredEvent[];
  /** Feeds every generated id, so that the same calls on the same seed make the same ids. */
  idCounter: number;
}

export interface SandboxInstance {
  InstanceArn: string;
  IdentityStoreId: string;
  OwnerAccountId: string;
  Name: string;
  Status: "CREATE_IN_PROGRESS" | "CREATE_FAILED" | "ACTIVE" | "DELETE_IN_PROGRESS";
  CreatedDate: number;
  PrimaryRegion: string;
  tags: Record<string, string>;
  users: StoredUser[];
  groups: StoredGroup[];
  memberships: StoredMembership[];
  permissionSets: StoredPermissionSet[];
  assignments: StoredAssignment[];
  provisioned: StoredProvisioning[];
  requests: StoredRequest[];
  /** Attributes for access control; absent while the feature is off. */
  accessControlAttributes?: { Key: string; Value: { Source: string[] } }[];
}

export interface StoredUser {
  UserId: string;
  UserName: string;
  /** Every other attribute, in the API's own PascalCase shape (Name, DisplayName, Emails, Extensions, ...). */
  attributes: Record<string, unknown>;
  ExternalIds: { Issuer: string; Id: string }[];
  UserStatus: "ENABLED" | "DISABLED";
  CreatedAt: number;
  UpdatedAt: number;
}

export interface StoredGroup {
  GroupId: string;
  DisplayName: string;
  Description?: string;
  ExternalIds: { Issuer: string; Id: string }[];
  CreatedAt: number;
  UpdatedAt: number;
}

export interface StoredMembership {
  MembershipId: string;
  GroupId: string;
  UserId: string;
  CreatedAt: number;
}

export interface StoredPermissionSet {
  PermissionSetArn: string;
  Name: string;
  Description?: string;
  SessionDuration: string;
  RelayState?: string;
  CreatedDate: number;
  /** The text exactly as it was put. */
  InlinePolicy?: string;
  managedPolicies: { Name: string; Arn: string }[];
  customerManagedPolicies: { Name: string; Path: string }[];
  PermissionsBoundary?:
    | { ManagedPolicyArn: string }
    | { CustomerManagedPolicyReference: { Name: string; Path: string } };
  tags: Record<string, string>;
}

export interface StoredAssignment {
  AccountId: string;
  PermissionSetArn: string;
  PrincipalType: "USER" | "GROUP";
  /** Stays when the principal is deleted: an orphan. */
  PrincipalId: string;
}

export interface StoredProvisioning {
  AccountId: string;
  PermissionSetArn: string;
  /** false: the account's role is older than the set (LATEST_PERMISSION_SET_NOT_PROVISIONED). */
  latest: boolean;
  /** Suffix of the role name: a new one whenever the role is made again. */
  roleSuffix: string;
}

export interface StoredRequest {
  RequestId: string;
  kind: "create-assignment" | "delete-assignment" | "provision";
  Status: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
  FailureReason?: string;
  PermissionSetArn: string;
  /** Absent on a provisioning of all accounts. */
  AccountId?: string;
  PrincipalType?: "USER" | "GROUP";
  PrincipalId?: string;
  CreatedDate: number;
  /** When it ends, epoch milliseconds. */
  endsAt: number;
  /** While in progress: the reason for which it is going to fail. */
  failsWith?: string;
}

export interface SandboxOrganization {
  Id: string;
  MasterAccountId: string;
  MasterAccountEmail: string;
  rootId: string;
  organizationalUnits: { Id: string; Name: string; ParentId: string }[];
  accounts: StoredAccount[];
  delegatedAdministrators: { AccountId: string; ServicePrincipal: string }[];
}

export interface StoredAccount {
  Id: string;
  Name: string;
  Email: string;
  State: "PENDING_ACTIVATION" | "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED";
  /** The root or an organizational unit. */
  ParentId: string;
  JoinedTimestamp: number;
  tags: Record<string, string>;
  /** Customer managed policies that exist in the account, as path + name: provisioning fails without them. */
  customerManagedPolicies: string[];
}

export interface StoredEvent {
  EventId: string;
  EventName: string;
  /** Such as sso.amazonaws.com. */
  EventSource: string;
  /** Whole seconds. */
  EventTime: number;
  Username: string;
  region: string;
  requestId: string;
  userIdentity: { type: string; principalId: string; arn: string; accountId: string };
  /** Plain JSON, names in lower camel case. */
  requestParameters: unknown;
  responseElements: unknown;
  errorCode?: string;
  errorMessage?: string;
}
