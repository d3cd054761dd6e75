/** Fields that no AWS would give, over the wire to the real SDK: an error, and no names that nobody gave. */
import { describe, expect, it } from "vitest";
import type { AwsDirectory, InstanceReader } from "../../../src/model/ports.ts";
import { errorOf, json, useHostileAws } from "./support/hostile-aws.ts";
import { setArn } from "./support/stub-service.ts";

const open = useHostileAws();

const user = { UserId: "u-1", UserName: "ann" };

describe("a field that is missing or of another type", () => {
  it.each<
    [(use: { reader: InstanceReader; directory: AwsDirectory }) => Promise<unknown>, readonly unknown[]]
  >([
    [
      ({ reader }) => reader.listUsers(),
      [
        {},
        { Users: null },
        { Users: "ann" },
        { Users: { 0: user } },
        { Users: 7 },
        { Users: [7] },
        { Users: [null] },
        { Users: [{}] },
        { Users: [{ ...user, UserId: {} }] },
        { Users: [{ ...user, UserName: 5 }] },
        { Users: [{ ...user, ExternalIds: 5 }] },
      ],
    ],
    [
      ({ reader }) => reader.listGroups(),
      [
        {},
        { Groups: [{ DisplayName: "a" }] },
        { Groups: [{ GroupId: "g", DisplayName: ["a"] }] },
        { Groups: [{ GroupId: "g", Description: {} }] },
      ],
    ],
    [
      ({ reader }) => reader.listGroupMemberships("g"),
      [
        {},
        { GroupMemberships: "x" },
        { GroupMemberships: [5] },
        { GroupMemberships: [{ MembershipId: "m", GroupId: "g" }] },
        { GroupMemberships: [{ MembershipId: "m", MemberId: { UserId: "u" } }] },
      ],
    ],
    [({ reader }) => reader.getUserId("ann"), [{}, { UserId: 5 }, { UserId: "" }]],
    [({ reader }) => reader.getGroupId("a"), [{}, { GroupId: [] }]],
    [({ reader }) => reader.getGroupMembershipId("g", "u"), [{}]],
    [
      ({ reader }) => reader.listPermissionSets(),
      [{ PermissionSets: [5] }, { PermissionSets: [{}] }, { PermissionSets: [""] }, { PermissionSets: "x" }],
    ],
    [
      ({ reader }) => reader.describePermissionSet(setArn),
      [
        {},
        { PermissionSet: {} },
        { PermissionSet: "x" },
        { PermissionSet: { Name: 5 } },
        { PermissionSet: { Name: "a", Description: {} } },
        { PermissionSet: { Name: "a", SessionDuration: 5 } },
        { PermissionSet: { Name: "a", RelayState: [] } },
        { PermissionSet: { Name: "a", CreatedDate: "yesterday" } },
      ],
    ],
    [
      ({ reader }) => reader.getInlinePolicy(setArn),
      [{ InlinePolicy: { Version: "2012-10-17" } }, { InlinePolicy: 5 }],
    ],
    [
      ({ reader }) => reader.listManagedPolicies(setArn),
      [{ AttachedManagedPolicies: [{}] }, { AttachedManagedPolicies: [{ Arn: 5 }] }],
    ],
    [
      ({ reader }) => reader.listCustomerManagedPolicies(setArn),
      [
        { CustomerManagedPolicyReferences: [{ Path: "/" }] },
        { CustomerManagedPolicyReferences: [{ Name: "a", Path: 5 }] },
      ],
    ],
    [
      ({ reader }) => reader.getPermissionsBoundary(setArn),
      [
        { PermissionsBoundary: { ManagedPolicyArn: 5 } },
        { PermissionsBoundary: { CustomerManagedPolicyReference: { Path: "/" } } },
      ],
    ],
    [
      ({ reader }) => reader.listTags(setArn),
      [{ Tags: [{ Value: "x" }] }, { Tags: [{ Key: "a", Value: {} }] }],
    ],
    [
      ({ reader }) => reader.listAccountsForProvisionedPermissionSet(setArn, null),
      [{ AccountIds: [5] }, { AccountIds: ["1/../2"] }],
    ],
    [
      ({ reader }) => reader.listPermissionSetsProvisionedToAccount("111111111111", null),
      [{ PermissionSets: [{}] }],
    ],
    [
      ({ reader }) => reader.listAccountAssignments("111111111111", setArn),
      [
        { AccountAssignments: [5] },
        { AccountAssignments: [{ PrincipalType: "USER" }] },
        { AccountAssignments: [{ PrincipalType: 5, PrincipalId: "u" }] },
        { AccountAssignments: [{ AccountId: "::error::", PrincipalType: "USER", PrincipalId: "u" }] },
      ],
    ],
    [
      ({ reader }) => reader.listRequests("provision", "FAILED", 3),
      [{ PermissionSetsProvisioningStatus: [{ Status: "FAILED" }] }],
    ],
    [
      ({ directory }) => directory.listInstances(),
      [
        { Instances: [{}] },
        { Instances: "x" },
        { Instances: [{ InstanceArn: "a", IdentityStoreId: "d", OwnerAccountId: "x" }] },
      ],
    ],
    [
      ({ directory }) => directory.organizations.listAccounts(),
      [
        { Accounts: [{ Name: "a" }] },
        { Accounts: [{ Id: 5 }] },
        { Accounts: [{ Id: "111111111111", Name: {} }] },
        { Accounts: [{ Id: "111111111111", Paths: [5] }] },
        { Accounts: [{ Id: "111111111111", Paths: "x" }] },
      ],
    ],
    [({ directory }) => directory.organizations.listRoots(), [{ Roots: [{ Name: "Root" }] }]],
    [
      ({ directory }) => directory.organizations.listTagsForResource("111111111111"),
      [{ Tags: [{ Key: 5, Value: "a" }] }],
    ],
  ])("%s", async (call, replies) => {
    for (const reply of replies) {
      const used = await open(json(reply));
      const error = await errorOf(call(used));
      expect([reply, error.code]).toEqual([reply, "malformed-reply"]);
    }
  });

  it("a type of principal that AWS may yet invent leaves that list unread, and no more", async () => {
    const { reader } = await open(
      json({ AccountAssignments: [{ PrincipalType: "ROBOT", PrincipalId: "r" }] }),
    );
    expect(await errorOf(reader.listAccountAssignments("111111111111", setArn))).toMatchObject({
      code: "aws-error",
      message: expect.stringContaining("ROBOT"),
    });
  });

  it("keys such as __proto__ are names like any other", async () => {
    const tags =
      '{"Tags":[{"Key":"__proto__","Value":"a"},{"Key":"constructor","Value":"b"}],"__proto__":{"NextToken":"x"}}';
    const { reader } = await open({ body: tags });
    expect(Object.entries(await reader.listTags(setArn))).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
  });
});
