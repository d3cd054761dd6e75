import { afterEach, describe, expect, it, vi } from "vitest";
import { openDirectory } from "../../../src/aws/directory.ts";
import {
  type Answer,
  fast,
  instance,
  type SeenRequest,
  setArn,
  startStub,
  useEndpoint,
} from "./support/stub-service.ts";

let stub: Awaited<ReturnType<typeof startStub>> | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await stub?.close();
  stub = undefined;
});

const open = async (answer: (request: SeenRequest, index: number) => Answer) => {
  stub = await startStub(answer);
  useEndpoint(stub.url);
  const directory = await openDirectory(fast);
  return {
    reader: directory.reader(instance),
    organizations: directory.organizations,
    requests: stub.requests,
  };
};

const notFound = (ResourceType?: string): Answer => ({
  error: "ResourceNotFoundException",
  status: 404,
  fields: ResourceType === undefined ? {} : { ResourceType },
});

describe("permission sets", () => {
  it("has null for what a set does not have", async () => {
    const { reader } = await open(() => ({ PermissionSet: { Name: "A" } }));
    expect(await reader.describePermissionSet(setArn)).toEqual({
      arn: setArn,
      name: "A",
      description: null,
      sessionDuration: "PT1H",
      relayState: null,
      createdAt: null,
    });
  });

  it("has the time at which a set was made, and takes nothing else for one", async () => {
    const told = (CreatedDate: unknown) => open(() => ({ PermissionSet: { Name: "A", CreatedDate } }));
    const { reader } = await told(1_700_000_000.5);
    expect((await reader.describePermissionSet(setArn)).createdAt).toBe(1_700_000_000_500);
    const { reader: another } = await told("yesterday");
    await expect(another.describePermissionSet(setArn)).rejects.toMatchObject({ code: "malformed-reply" });
  });

  it("does not take a set without a name", async () => {
    const { reader } = await open(() => ({}));
    await expect(reader.describePermissionSet(setArn)).rejects.toMatchObject({ code: "malformed-reply" });
  });

  it.each([[{}], [{ InlinePolicy: "" }]])("takes %j for no inline policy", async (reply) => {
    const { reader } = await open(() => reply);
    expect(await reader.getInlinePolicy(setArn)).toBeNull();
  });

  it("does not take a missing set for one without an inline policy", async () => {
    const { reader } = await open(() => notFound());
    await expect(reader.getInlinePolicy(setArn)).rejects.toMatchObject({ code: "not-found" });
  });

  it.each([
    [notFound(), null],
    [{}, null],
    [{ PermissionsBoundary: {} }, null],
    [
      { PermissionsBoundary: { ManagedPolicyArn: "arn:aws:iam::aws:policy/X" } },
      { managedPolicyArn: "arn:aws:iam::aws:policy/X" },
    ],
    [
      { PermissionsBoundary: { CustomerManagedPolicyReference: { Name: "X" } } },
      { customerManagedPolicy: { name: "X", path: "/" } },
    ],
  ])("reads the boundary in %j", async (reply, boundary) => {
    const { reader } = await open(() => reply);
    expect(await reader.getPermissionsBoundary(setArn)).toEqual(boundary);
  });

  it("does not take a denied boundary for none", async () => {
    const { reader } = await open(() => ({ error: "AccessDeniedException", status: 403 }));
    await expect(reader.getPermissionsBoundary(setArn)).rejects.toMatchObject({ code: "access-denied" });
  });

  it("reads policies and tags, with paths", async () => {
    const { reader } = await open(({ operation }) => {
      if (operation === "ListTagsForResource")
        return {
          Tags: [
            { Key: "team", Value: "platform" },
            { Key: "empty", Value: "" },
          ],
        };
      if (operation === "ListManagedPoliciesInPermissionSet")
        return { AttachedManagedPolicies: [{ Name: "X", Arn: "arn:x" }] };
      return { CustomerManagedPolicyReferences: [{ Name: "B", Path: "/p/" }, { Name: "C" }] };
    });
    expect(await reader.listTags(setArn)).toEqual({ team: "platform", empty: "" });
    expect(await reader.listManagedPolicies(setArn)).toEqual(["arn:x"]);
    expect(await reader.listCustomerManagedPolicies(setArn)).toEqual([
      { name: "B", path: "/p/" },
      { name: "C", path: "/" },
    ]);
  });
});

describe("assignments", () => {
  it("asks with the provisioning status, or without", async () => {
    const { reader, requests } = await open(() => ({
      AccountIds: ["012345678901"],
      PermissionSets: [setArn],
    }));
    expect(await reader.listAccountsForProvisionedPermissionSet(setArn, null)).toEqual(["012345678901"]);
    await reader.listAccountsForProvisionedPermissionSet(setArn, "LATEST_PERMISSION_SET_NOT_PROVISIONED");
    expect(await reader.listPermissionSetsProvisionedToAccount("012345678901", null)).toEqual([setArn]);
    expect(requests.map(({ body }) => body.ProvisioningStatus)).toEqual([
      undefined,
      "LATEST_PERMISSION_SET_NOT_PROVISIONED",
      undefined,
    ]);
  });

  it("fills in what was asked for, and refuses an assignment of nobody", async () => {
    const { reader } = await open(({ operation }) =>
      operation === "ListAccountAssignments"
        ? { AccountAssignments: [{ PrincipalType: "GROUP", PrincipalId: "g-1" }] }
        : { AccountAssignments: [{ AccountId: "111111111111", PermissionSetArn: setArn }] },
    );
    const expected = {
      accountId: "111111111111",
      permissionSetArn: setArn,
      principalType: "GROUP",
      principalId: "g-1",
    };
    expect(await reader.listAccountAssignments("111111111111", setArn)).toEqual([expected]);
    expect(await reader.listAccountAssignmentsForPrincipal("GROUP", "g-1")).toEqual([expected]);
  });

  it("refuses an assignment of nobody", async () => {
    const { reader } = await open(() => ({ AccountAssignments: [{ PrincipalType: "GROUP" }] }));
    await expect(reader.listAccountAssignments("111111111111", setArn)).rejects.toMatchObject({
      code: "malformed-reply",
    });
  });
});

describe("asynchronous requests", () => {
  it.each([
    ["create-assignment", "ListAccountAssignmentCreationStatus", "AccountAssignmentsCreationStatus"],
    ["delete-assignment", "ListAccountAssignmentDeletionStatus", "AccountAssignmentsDeletionStatus"],
    ["provision", "ListPermissionSetProvisioningStatus", "PermissionSetsProvisioningStatus"],
  ] as const)("lists those of %s in one state", async (kind, operation, field) => {
    const { reader, requests } = await open(() => ({
      [field]: [{ RequestId: "r-1" }, { RequestId: "r-2" }],
    }));
    expect(await reader.listRequests(kind, "IN_PROGRESS", 1)).toEqual(["r-1", "r-2"]);
    expect(requests[0]).toMatchObject({
      operation,
      body: { Filter: { Status: "IN_PROGRESS" }, MaxResults: 100 },
    });
  });

  it("gives a list up that is longer than was asked for", async () => {
    const { reader, requests } = await open((_, index) => ({
      AccountAssignmentsCreationStatus: [{ RequestId: `r-${index}` }],
      ...(index < 2 ? { NextToken: `page-${index + 1}` } : {}),
    }));
    expect(await reader.listRequests("create-assignment", "FAILED", 2)).toBeNull();
    expect(requests).toHaveLength(2);
    expect(await reader.listRequests("create-assignment", "FAILED", 3)).toEqual(["r-2"]);
  });

  it.each([
    ["create-assignment", "AccountAssignmentCreationStatus", "AccountAssignmentCreationRequestId"],
    ["delete-assignment", "AccountAssignmentDeletionStatus", "AccountAssignmentDeletionRequestId"],
    ["provision", "PermissionSetProvisioningStatus", "ProvisionPermissionSetRequestId"],
  ] as const)("describes one of %s", async (kind, field, idField) => {
    const { reader, requests } = await open(() => ({
      [field]: { RequestId: "r-1", Status: "FAILED", FailureReason: "why" },
    }));
    expect(await reader.describeRequest(kind, "r-1")).toEqual({
      requestId: "r-1",
      status: "FAILED",
      failureReason: "why",
    });
    expect(requests[0]?.body[idField]).toBe("r-1");
  });

  it("has null for one that AWS does not know any more", async () => {
    const { reader } = await open(() => notFound());
    expect(await reader.describeRequest("provision", "r-1")).toBeNull();
  });
});

describe("identity store", () => {
  it("asks for the enterprise attributes, and never for a filter", async () => {
    const { reader, requests } = await open(() => ({
      Users: [
        {
          UserId: "u-1",
          UserName: "jane",
          Name: { GivenName: "Jane" },
          ExternalIds: [{ Issuer: "https://idp", Id: "1" }],
          Extensions: { "aws:identitystore:enterprise": { costCenter: "42" } },
        },
        { UserId: "u-2" },
      ],
    }));
    const [jane, nameless] = await reader.listUsers();
    expect(jane).toMatchObject({ id: "u-1", userName: "jane", external: true });
    expect(jane?.attributes).toMatchObject({
      givenName: "Jane",
      familyName: null,
      "enterprise.costCenter": "42",
    });
    expect(nameless).toMatchObject({ id: "u-2", userName: "u-2", external: false });
    expect(requests[0]?.body).toEqual({
      IdentityStoreId: "d-1234567890",
      MaxResults: 100,
      Extensions: ["aws:identitystore:enterprise"],
    });
  });

  it("reads groups and memberships, and leaves out members that are no users", async () => {
    const membership = { MembershipId: "m-1", GroupId: "g-1", MemberId: { UserId: "u-1" } };
    const { reader } = await open(({ operation }) =>
      operation === "ListGroups"
        ? { Groups: [{ GroupId: "g-1", DisplayName: "Developers", Description: "d", ExternalIds: [] }] }
        : { GroupMemberships: [membership, { MembershipId: "m-2", GroupId: "g-1", MemberId: {} }] },
    );
    expect(await reader.listGroups()).toEqual([
      { id: "g-1", displayName: "Developers", description: "d", external: false },
    ]);
    const expected = [{ id: "m-1", groupId: "g-1", userId: "u-1" }];
    expect(await reader.listGroupMemberships("g-1")).toEqual(expected);
    expect(await reader.listGroupMembershipsForMember("u-1")).toEqual(expected);
  });

  it("looks names up", async () => {
    const { reader, requests } = await open(() => ({ UserId: "u-1", GroupId: "g-1", MembershipId: "m-1" }));
    expect(await reader.getUserId("jane")).toBe("u-1");
    expect(await reader.getGroupId("Developers")).toBe("g-1");
    expect(await reader.getGroupMembershipId("g-1", "u-1")).toBe("m-1");
    expect(requests.map(({ body }) => body.AlternateIdentifier ?? body.MemberId)).toEqual([
      { UniqueAttribute: { AttributePath: "userName", AttributeValue: "jane" } },
      { UniqueAttribute: { AttributePath: "displayName", AttributeValue: "Developers" } },
      { UserId: "u-1" },
    ]);
  });

  it.each([
    ["USER", "u"],
    ["GROUP", "g"],
    ["GROUP_MEMBERSHIP", "m"],
  ])("a missing %s is null for its own look-up", async (type, which) => {
    const { reader } = await open(() => notFound(type));
    const lookUp = {
      u: () => reader.getUserId("x"),
      g: () => reader.getGroupId("x"),
      m: () => reader.getGroupMembershipId("g", "u"),
    };
    expect(await lookUp[which as "u" | "g" | "m"]()).toBeNull();
  });

  it("a missing identity store is an error for all of them", async () => {
    const { reader } = await open(() => notFound("IDENTITY_STORE"));
    await expect(reader.getUserId("x")).rejects.toMatchObject({ code: "not-found" });
    await expect(reader.getGroupId("x")).rejects.toMatchObject({ code: "not-found" });
    await expect(reader.getGroupMembershipId("g", "u")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("organizations", () => {
  it("reads accounts with their place, in pages of twenty", async () => {
    const { organizations, requests } = await open(({ body }) =>
      body.NextToken === undefined
        ? {
            Accounts: [
              {
                Id: "012345678901",
                Name: "a",
                State: "PENDING_CLOSURE",
                Status: "ACTIVE",
                Paths: ["o-1/r-1/ou-1/ou-2/012345678901/"],
              },
            ],
            NextToken: "n",
          }
        : {
            Accounts: [
              { Id: "222222222222", Name: "b", Status: "SUSPENDED" },
              { Id: "333333333333", Name: "c" },
            ],
          },
    );
    expect(await organizations.listAccounts()).toEqual([
      { id: "012345678901", name: "a", state: "PENDING_CLOSURE", path: ["r-1", "ou-1", "ou-2"] },
      { id: "222222222222", name: "b", state: "SUSPENDED", path: null },
      { id: "333333333333", name: "c", state: "UNKNOWN", path: null },
    ]);
    expect(requests.map(({ body }) => body.MaxResults)).toEqual([20, 20]);
  });

  it("reads roots, units, children and tags", async () => {
    const { organizations, requests } = await open(
      ({ operation }) =>
        ({
          ListRoots: { Roots: [{ Id: "r-1", Name: "Root" }] },
          ListOrganizationalUnitsForParent: { OrganizationalUnits: [{ Id: "ou-1", Name: "Dev" }] },
          ListAccountsForParent: { Accounts: [{ Id: "111111111111", Name: "a", State: "ACTIVE" }] },
          ListTagsForResource: { Tags: [{ Key: "env", Value: "dev" }] },
        })[operation] ?? {},
    );
    expect(await organizations.listRoots()).toEqual([{ id: "r-1", name: "Root" }]);
    expect(await organizations.listOrganizationalUnitsForParent("r-1")).toEqual([
      { id: "ou-1", name: "Dev" },
    ]);
    expect(await organizations.listAccountsForParent("ou-1")).toMatchObject([{ id: "111111111111" }]);
    expect(await organizations.listTagsForResource("1")).toEqual({ env: "dev" });
    expect(requests.at(-1)?.body).toEqual({ ResourceId: "1" });
  });
});
