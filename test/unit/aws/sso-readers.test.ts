import { describe, expect, it } from "vitest";
import { setArn } from "./support/stub-service.ts";
import { notFound, useStub } from "./support/use-stub.ts";

const open = useStub();

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
