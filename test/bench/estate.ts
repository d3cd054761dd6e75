import { defaultSeed } from "../../src/sandbox/seed.ts";
import type { SandboxInstance, SandboxState } from "../../src/sandbox/state.ts";

/** How much there is. `setsInEachAccount` gives the (account, permission set) pairs: accounts × that. */
export interface EstateSize {
  readonly accounts: number;
  readonly permissionSets: number;
  readonly setsInEachAccount: number;
  readonly groups: number;
  readonly users: number;
  readonly membersOfEachGroup: number;
}

export interface Estate {
  readonly size: EstateSize;
  /** What stands: everything that the manifest says, or all of it but the assignments. */
  readonly seed: SandboxState;
  readonly manifest: object;
}

/** A company made up by arithmetic: the same size gives the same company. One group holds each pair. */
export const makeEstate = (size: EstateSize, stands: "everything" | "no assignments"): Estate => {
  const accounts = names(size.accounts, (index) => String(100_000_000_000 + index));
  const sets = names(size.permissionSets, (index) => `Set-${index}`);
  const groups = names(size.groups, (index) => `Group-${index}`);
  const users = names(size.users, (index) => `user-${index}`);
  const members = groups.map((_, group) =>
    names(size.membersOfEachGroup, (index) => at(users, group * size.membersOfEachGroup + index)),
  );
  const grants = accounts.flatMap((account, index) =>
    names(size.setsInEachAccount, (slot) => ({
      account,
      set: at(sets, index * size.setsInEachAccount + slot),
      group: at(groups, index + slot),
    })),
  );
  return {
    size,
    seed: seedOf({ accounts, sets, groups, users, members, grants: stands === "everything" ? grants : [] }),
    manifest: {
      version: 1,
      users: Object.fromEntries(
        users.map((name) => [name, { ...person(name), email: `${name}@company.com` }]),
      ),
      groups: Object.fromEntries(groups.map((name, index) => [name, { members: members[index] ?? [] }])),
      permissionSets: Object.fromEntries(
        sets.map((name) => [name, { managedPolicies: ["ReadOnlyAccess"], tags }]),
      ),
      assignments: grants.map(({ account, set, group }) => ({
        groups: [group],
        permissionSets: [set],
        accounts: [account],
      })),
    },
  };
};

interface Content {
  readonly accounts: readonly string[];
  readonly sets: readonly string[];
  readonly groups: readonly string[];
  readonly users: readonly string[];
  /** By group, in the order of `groups`. */
  readonly members: readonly (readonly string[])[];
  readonly grants: readonly { readonly account: string; readonly set: string; readonly group: string }[];
}

const seedOf = (content: Content): SandboxState => {
  const seed = defaultSeed();
  const [instance] = seed.instances;
  if (instance === undefined || seed.organization === null) throw new Error("The seed has no instance.");
  Object.assign(instance, instanceContent(instance, content));
  const { organization } = seed;
  organization.accounts = content.accounts.map((Id, index) => ({
    Id,
    Name: `account-${index}`,
    Email: `aws-${index}@company.com`,
    State: "ACTIVE",
    ParentId: organization.rootId,
    JoinedTimestamp: created,
    tags: {},
    customerManagedPolicies: [],
  }));
  return seed;
};

const instanceContent = (
  { InstanceArn }: SandboxInstance,
  { sets, groups, users, members, grants }: Content,
): Partial<SandboxInstance> => {
  const arns = new Map(
    sets.map((name, index) => [
      name,
      `${InstanceArn.replace(":instance/", ":permissionSet/")}/ps-${hex(index, 16)}`,
    ]),
  );
  const groupIds = new Map(groups.map((name, index) => [name, uuid("a", index)]));
  const userIds = new Map(users.map((name, index) => [name, uuid("b", index)]));
  const times = { CreatedAt: created, UpdatedAt: created };
  return {
    permissionSets: sets.map((Name) => ({
      PermissionSetArn: known(arns, Name),
      Name,
      SessionDuration: "PT1H",
      CreatedDate: created,
      managedPolicies: [{ Name: "ReadOnlyAccess", Arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
      customerManagedPolicies: [],
      tags,
    })),
    groups: groups.map((DisplayName) => ({
      GroupId: known(groupIds, DisplayName),
      DisplayName,
      ExternalIds: [],
      ...times,
    })),
    users: users.map((UserName) => {
      const { givenName, familyName } = person(UserName);
      return {
        UserId: known(userIds, UserName),
        UserName,
        attributes: {
          Name: { GivenName: givenName, FamilyName: familyName },
          DisplayName: `${givenName} ${familyName}`,
          Emails: [{ Value: `${UserName}@company.com`, Type: "work", Primary: true }],
        },
        ExternalIds: [],
        UserStatus: "ENABLED" as const,
        ...times,
      };
    }),
    memberships: groups.flatMap((group, groupIndex) =>
      (members[groupIndex] ?? []).map((user, index) => ({
        MembershipId: uuid("c", groupIndex * 1000 + index),
        GroupId: known(groupIds, group),
        UserId: known(userIds, user),
        CreatedAt: created,
      })),
    ),
    assignments: grants.map(({ account, set, group }) => ({
      AccountId: account,
      PermissionSetArn: known(arns, set),
      PrincipalType: "GROUP" as const,
      PrincipalId: known(groupIds, group),
    })),
    provisioned: grants.map(({ account, set }, index) => ({
      AccountId: account,
      PermissionSetArn: known(arns, set),
      latest: true,
      roleSuffix: hex(index, 16),
    })),
  };
};

/** With tags to manage, a set takes six calls. */
const tags = { team: "platform" };
const created = Date.UTC(2026, 0, 5);

const person = (userName: string): { readonly givenName: string; readonly familyName: string } => ({
  givenName: "User",
  familyName: userName.replace("user-", "No "),
});

const names = <T>(count: number, name: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => name(index));

const at = (list: readonly string[], index: number): string => list[index % list.length] ?? "";

const known = (ids: ReadonlyMap<string, string>, name: string): string => ids.get(name) ?? "";

const hex = (index: number, digits: number): string => index.toString(16).padStart(digits, "0");

const uuid = (kind: string, index: number): string => `${kind}0000000-0000-4000-8000-${hex(index, 12)}`;
