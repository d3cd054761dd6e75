import type { SandboxState, StoredAccount } from "./state.ts";

/** The organization that a sandbox starts with: eight accounts, Identity Center turned on, no access given yet. */
export function defaultSeed(): SandboxState {
  return {
    formatVersion: 1,
    idCounter: 0,
    caller: {
      Account: management,
      Arn: `arn:aws:sts::${management}:assumed-role/SandboxAdministrator/sandbox`,
      UserId: "AROASANDBOXSANDBOX123:sandbox",
    },
    instances: [
      {
        InstanceArn: "arn:aws:sso:::instance/ssoins-5a4d6b0c1e2f3a4b",
        IdentityStoreId: "d-9067a1b2c3",
        OwnerAccountId: management,
        Name: "sandbox",
        Status: "ACTIVE",
        CreatedDate: created,
        PrimaryRegion: "us-east-1",
        tags: {},
        users: [],
        groups: [],
        memberships: [],
        permissionSets: [],
        assignments: [],
        provisioned: [],
        requests: [],
      },
    ],
    organization: {
      Id: "o-sandbox0001",
      MasterAccountId: management,
      MasterAccountEmail: "management@company.com",
      rootId: root,
      organizationalUnits: [
        { Id: workloads, Name: "Workloads", ParentId: root },
        { Id: prod, Name: "Prod", ParentId: workloads },
        { Id: dev, Name: "Dev", ParentId: workloads },
        { Id: platform, Name: "Platform", ParentId: root },
        { Id: sandboxes, Name: "Sandbox", ParentId: root },
      ],
      accounts: [
        account(management, "management", root, { env: "management", team: "platform" }),
        account("111111111111", "production", prod, { env: "prod", team: "shop" }),
        account("222222222222", "development", dev, { env: "dev", team: "shop" }),
        account("333333333333", "staging", dev, { env: "staging", team: "shop" }),
        account("444444444444", "security", platform, { env: "prod", team: "security" }),
        account("555555555555", "log-archive", platform, { env: "prod", team: "security" }),
        // A leading zero: an account id is text, and a client that reads it as a number is found out.
        account("012345678901", "sandbox-alice", sandboxes, { env: "sandbox", team: "shop" }),
        { ...account("777777777777", "legacy", dev, { env: "dev", team: "shop" }), State: "SUSPENDED" },
      ],
      delegatedAdministrators: [],
    },
  };
}

const management = "999999999999";
const root = "r-sand";
const workloads = "ou-sand-workload";
const prod = "ou-sand-workprod";
const dev = "ou-sand-workdev1";
const platform = "ou-sand-platform";
const sandboxes = "ou-sand-sandbox1";
const created = Date.UTC(2026, 0, 5, 9, 30);

function account(
  id: string,
  name: string,
  parentId: string,
  tags: Readonly<Record<string, string>>,
): StoredAccount {
  return {
    Id: id,
    Name: name,
    Email: `aws-${name}@company.com`,
    State: "ACTIVE",
    ParentId: parentId,
    JoinedTimestamp: created,
    tags: { ...tags },
    customerManagedPolicies: ["/platform/BoundaryReader"],
  };
}
