import { describe, expect, it } from "vitest";
import type { InstanceWriter } from "../../../src/model/ports.ts";
import { instance, setArn } from "./support/stub-service.ts";
import { useStub } from "./support/use-stub.ts";

const open = useStub();

const target = { accountId: "111111111111", principalType: "GROUP", principalId: "g-1" } as const;
const settings = { description: null, sessionDuration: "PT4H", relayState: null };
const policy = { name: "Reader", path: "/p/" };
const reference = { Name: "Reader", Path: "/p/" };

describe("what is sent", () => {
  const inSet = { InstanceArn: instance.instanceArn, PermissionSetArn: setArn };
  const inStore = { IdentityStoreId: "d-1234567890" };
  const ids = {
    UserId: "u-1",
    GroupId: "g-1",
    MembershipId: "m-1",
    PermissionSet: { PermissionSetArn: setArn },
  };

  it.each<[string, (writer: InstanceWriter) => Promise<unknown>, Record<string, unknown>]>([
    [
      "CreateUser",
      (writer) => writer.createUser("jane", { givenName: "Jane", "email.value": "jane@x.org", title: null }),
      { ...inStore, UserName: "jane", Name: { GivenName: "Jane" }, Emails: [{ Value: "jane@x.org" }] },
    ],
    ["DeleteUser", (writer) => writer.deleteUser("u-1"), { ...inStore, UserId: "u-1" }],
    [
      "CreateGroup",
      (writer) => writer.createGroup("G", "d"),
      { ...inStore, DisplayName: "G", Description: "d" },
    ],
    ["CreateGroup", (writer) => writer.createGroup("G", null), { ...inStore, DisplayName: "G" }],
    ["DeleteGroup", (writer) => writer.deleteGroup("g-1"), { ...inStore, GroupId: "g-1" }],
    [
      "CreateGroupMembership",
      (writer) => writer.createGroupMembership("g-1", "u-1"),
      { ...inStore, GroupId: "g-1", MemberId: { UserId: "u-1" } },
    ],
    [
      "DeleteGroupMembership",
      (writer) => writer.deleteGroupMembership("m-1"),
      { ...inStore, MembershipId: "m-1" },
    ],
    [
      "CreatePermissionSet",
      (writer) =>
        writer.createPermissionSet({
          name: "A",
          description: "d",
          sessionDuration: "PT4H",
          relayState: "https://r",
          tags: { a: "b" },
        }),
      {
        InstanceArn: instance.instanceArn,
        Name: "A",
        Description: "d",
        SessionDuration: "PT4H",
        RelayState: "https://r",
        Tags: [{ Key: "a", Value: "b" }],
      },
    ],
    [
      "CreatePermissionSet",
      (writer) => writer.createPermissionSet({ ...settings, name: "A", tags: {} }),
      { InstanceArn: instance.instanceArn, Name: "A", SessionDuration: "PT4H" },
    ],
    [
      "UpdatePermissionSet",
      (writer) =>
        writer.updatePermissionSet(setArn, {
          description: "d",
          sessionDuration: "PT1H",
          relayState: "https://r",
        }),
      { ...inSet, Description: "d", SessionDuration: "PT1H", RelayState: "https://r" },
    ],
    [
      "UpdatePermissionSet",
      (writer) => writer.updatePermissionSet(setArn, settings),
      { ...inSet, SessionDuration: "PT4H" },
    ],
    ["DeletePermissionSet", (writer) => writer.deletePermissionSet(setArn), inSet],
    [
      "PutInlinePolicyToPermissionSet",
      (writer) => writer.putInlinePolicy(setArn, "{}"),
      { ...inSet, InlinePolicy: "{}" },
    ],
    ["DeleteInlinePolicyFromPermissionSet", (writer) => writer.deleteInlinePolicy(setArn), inSet],
    [
      "AttachManagedPolicyToPermissionSet",
      (writer) => writer.attachManagedPolicy(setArn, "arn:aws:iam::aws:policy/X"),
      { ...inSet, ManagedPolicyArn: "arn:aws:iam::aws:policy/X" },
    ],
    [
      "DetachManagedPolicyFromPermissionSet",
      (writer) => writer.detachManagedPolicy(setArn, "arn:aws:iam::aws:policy/X"),
      { ...inSet, ManagedPolicyArn: "arn:aws:iam::aws:policy/X" },
    ],
    [
      "AttachCustomerManagedPolicyReferenceToPermissionSet",
      (writer) => writer.attachCustomerManagedPolicy(setArn, policy),
      { ...inSet, CustomerManagedPolicyReference: reference },
    ],
    [
      "DetachCustomerManagedPolicyReferenceFromPermissionSet",
      (writer) => writer.detachCustomerManagedPolicy(setArn, policy),
      { ...inSet, CustomerManagedPolicyReference: reference },
    ],
    [
      "PutPermissionsBoundaryToPermissionSet",
      (writer) => writer.putPermissionsBoundary(setArn, { managedPolicyArn: "arn:x" }),
      { ...inSet, PermissionsBoundary: { ManagedPolicyArn: "arn:x" } },
    ],
    [
      "PutPermissionsBoundaryToPermissionSet",
      (writer) => writer.putPermissionsBoundary(setArn, { customerManagedPolicy: policy }),
      { ...inSet, PermissionsBoundary: { CustomerManagedPolicyReference: reference } },
    ],
    [
      "DeletePermissionsBoundaryFromPermissionSet",
      (writer) => writer.deletePermissionsBoundary(setArn),
      inSet,
    ],
    [
      "TagResource",
      (writer) => writer.tagPermissionSet(setArn, { a: "b" }),
      { InstanceArn: instance.instanceArn, ResourceArn: setArn, Tags: [{ Key: "a", Value: "b" }] },
    ],
    [
      "UntagResource",
      (writer) => writer.untagPermissionSet(setArn, ["a"]),
      { InstanceArn: instance.instanceArn, ResourceArn: setArn, TagKeys: ["a"] },
    ],
  ])("%s", async (operation, write, body) => {
    const { writer, requests } = await open(() => ids);
    await write(writer);
    expect(requests).toMatchObject([{ operation }]);
    expect(requests[0]?.body).toEqual(body);
  });

  it("nothing, where nothing differs", async () => {
    const { writer, requests } = await open(() => ({}));
    await writer.updateUser("u-1", { title: "x" }, { title: "x" });
    await writer.updateGroup("g-1", {});
    await writer.tagPermissionSet(setArn, {});
    await writer.untagPermissionSet(setArn, []);
    expect(requests).toEqual([]);
  });

  it("asynchronous writes answer with the request", async () => {
    const { writer, requests } = await open(({ operation }) => ({
      [operation === "ProvisionPermissionSet"
        ? "PermissionSetProvisioningStatus"
        : operation === "CreateAccountAssignment"
          ? "AccountAssignmentCreationStatus"
          : "AccountAssignmentDeletionStatus"]: { RequestId: "r-1", Status: "IN_PROGRESS" },
    }));
    const status = { requestId: "r-1", status: "IN_PROGRESS", failureReason: null };
    expect(await writer.createAccountAssignment(setArn, target)).toEqual(status);
    expect(await writer.deleteAccountAssignment(setArn, target)).toEqual(status);
    expect(await writer.provisionPermissionSet(setArn, "111111111111")).toEqual(status);
    expect(await writer.provisionPermissionSet(setArn, null)).toEqual(status);
    expect(requests.map(({ body }) => [body.TargetType, body.TargetId, body.PrincipalId])).toEqual([
      ["AWS_ACCOUNT", "111111111111", "g-1"],
      ["AWS_ACCOUNT", "111111111111", "g-1"],
      ["AWS_ACCOUNT", "111111111111", undefined],
      ["ALL_PROVISIONED_ACCOUNTS", undefined, undefined],
    ]);
  });
});
