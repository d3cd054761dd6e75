import type {
  Assignment,
  Group,
  Membership,
  PermissionSet,
  User,
} from "../../../../src/model/access-state.ts";
import {
  assignmentAddress,
  groupAddress,
  membershipAddress,
  permissionSetAddress,
  provisioningAddress,
  userAddress,
} from "../../../../src/model/address.ts";
import type { LiveState } from "../../../../src/model/live-state.ts";
import { inlinePolicyFromText } from "../../../../src/model/policy.ts";
import type { Change, ChangeBody, Plan } from "../../../../src/plan/plan.ts";

export const planOf = (...changes: readonly Change[]): Plan => ({
  formatVersion: 1,
  tool: { name: "identity-center-reconciler", version: "0.0.0-test" },
  manifest: { name: null, digest: "0".repeat(64) },
  modes: {
    users: "declared",
    groups: "declared",
    memberships: "declared",
    permissionSets: "declared",
    assignments: "declared",
  },
  instance,
  digest: "d".repeat(64),
  counts: { create: 0, update: 0, delete: 0, provision: 0 },
  changes,
  unmanaged: [],
  ignored: [],
  withheld: [],
  unchecked: [],
  skipped: [],
  warnings: [],
  guards: [],
});

interface Objects {
  user: User;
  group: Group;
  membership: Membership;
  permissionSet: PermissionSet;
  assignment: Assignment;
}

export const create = <K extends keyof Objects>(kind: K, after: Objects[K], ...dependsOn: string[]): Change =>
  changeOf({ kind, action: "create", before: null, after } as ChangeBody, null, dependsOn);

export const remove = <K extends keyof Objects>(
  kind: K,
  before: Objects[K],
  ...dependsOn: string[]
): Change => changeOf({ kind, action: "delete", before, after: null } as ChangeBody, null, dependsOn);

export const update = <K extends keyof Objects>(
  kind: K,
  before: Objects[K],
  after: Objects[K],
  ...dependsOn: string[]
): Change => changeOf({ kind, action: "update", before, after } as ChangeBody, null, dependsOn);

export const provisioning = (permissionSet: string, accounts: readonly string[]): Change =>
  changeOf({ kind: "provisioning", action: "provision", permissionSet, accounts }, null, []);

const changeOf = (body: ChangeBody, id: string | null, dependsOn: readonly string[]): Change => ({
  ...body,
  id,
  address: addressOf(body),
  reason: { code: "declared" },
  risk: { direction: "neutral", reasons: [] },
  position: null,
  dependsOn,
});

const addressOf = (body: ChangeBody): string => {
  switch (body.kind) {
    case "user":
      return userAddress((body.after ?? body.before).userName);
    case "group":
      return groupAddress((body.after ?? body.before).displayName);
    case "membership":
      return membershipAddress(body.after ?? body.before);
    case "permissionSet":
      return permissionSetAddress((body.after ?? body.before).name);
    case "provisioning":
      return provisioningAddress(body.permissionSet);
    case "assignment":
      return assignmentAddress(body.after ?? body.before);
  }
};

export const user = (userName: string, attributes: User["attributes"] = {}): User => ({
  userName,
  attributes: { givenName: userName, familyName: "Doe", displayName: `${userName} Doe`, ...attributes },
});

export const group = (displayName: string, description: string | null = null): Group => ({
  displayName,
  description,
});

export const permissionSet = (name: string, parts: Partial<PermissionSet> = {}): PermissionSet => ({
  name,
  description: null,
  sessionDuration: 3600,
  relayState: null,
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicy: null,
  permissionsBoundary: null,
  tags: {},
  owner: null,
  ...parts,
});

export const policy = (...actions: readonly string[]) =>
  inlinePolicyFromText(
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
    }),
  );

export const toGroup = (accountId: string, set: string, principal: string): Assignment => ({
  accountId,
  permissionSet: set,
  principalType: "GROUP",
  principal,
});

export const toUser = (accountId: string, set: string, principal: string): Assignment => ({
  accountId,
  permissionSet: set,
  principalType: "USER",
  principal,
});

export const instance = {
  instanceArn: "arn:aws:sso:::instance/ssoins-5a4d6b0c1e2f3a4b",
  identityStoreId: "d-9067a1b2c3",
  ownerAccountId: "999999999999",
  name: "sandbox",
  region: "us-east-1",
};

interface LiveParts {
  readonly accounts?: readonly {
    readonly id: string;
    readonly name: string;
    readonly state?: "ACTIVE" | "SUSPENDED";
  }[];
  readonly users?: Readonly<Record<string, string>>;
  readonly groups?: Readonly<Record<string, string>>;
  readonly permissionSets?: Readonly<Record<string, string>>;
  readonly memberships?: Readonly<Record<string, string>>;
  /** Accounts by permission set. */
  readonly provisioned?: Readonly<Record<string, readonly string[]>>;
}

/** What apply looks at in the live state: ids, accounts and where sets are provisioned. */
export const liveOf = (parts: LiveParts): LiveState => ({
  instance,
  organization: {
    source: "organizations",
    unavailable: null,
    managementAccountId: "999999999999",
    accounts: new Map(
      (parts.accounts ?? []).map(({ id, name, state = "ACTIVE" }) => [
        id,
        { id, name, state, organizationalUnits: null, tags: null },
      ]),
    ),
    tagsRead: false,
    organizationalUnitsRead: false,
  },
  state: {
    users: new Map(),
    groups: new Map(),
    memberships: new Map(),
    permissionSets: new Map(),
    assignments: new Map(),
  },
  ids: {
    users: new Map(Object.entries(parts.users ?? {})),
    groups: new Map(Object.entries(parts.groups ?? {})),
    permissionSets: new Map(Object.entries(parts.permissionSets ?? {})),
    memberships: new Map(Object.entries(parts.memberships ?? {})),
  },
  provisioning: new Map(
    Object.entries(parts.provisioned ?? {}).map(([name, accounts]) => [name, { accounts, stale: null }]),
  ),
  externallyOwned: { users: new Set(), groups: new Set() },
  disabledUsers: new Set(),
  createdAt: new Map(),
  coverage: { unread: [] },
});
