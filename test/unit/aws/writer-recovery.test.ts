/** Writes that meet what is gone, what is there already, or what another write holds up. */
import { describe, expect, it } from "vitest";
import type { InstanceWriter } from "../../../src/model/ports.ts";
import { type Answer, type SeenRequest, setArn } from "./support/stub-service.ts";
import { useStub } from "./support/use-stub.ts";

const open = useStub();

const error = (name: string, fields: Record<string, unknown> = {}): Answer => ({ error: name, fields });
const conflict = (Message: string) => error("ConflictException", { Message });
const taken = error("ConflictException", { Reason: "UNIQUENESS_CONSTRAINT_VIOLATION" });
const target = { accountId: "111111111111", principalType: "GROUP", principalId: "g-1" } as const;
const settings = { description: null, sessionDuration: "PT4H", relayState: null };
const policy = { name: "Reader", path: "/p/" };
const reference = { Name: "Reader", Path: "/p/" };

const operationsOf = (requests: readonly SeenRequest[]) => requests.map(({ operation }) => operation);

describe("what is gone already", () => {
  it.each<[string, (writer: InstanceWriter) => Promise<unknown>]>([
    ["USER", (writer) => writer.deleteUser("u-1")],
    ["GROUP", (writer) => writer.deleteGroup("g-1")],
    ["GROUP_MEMBERSHIP", (writer) => writer.deleteGroupMembership("m-1")],
  ])("%s: is deleted; but a missing identity store is an error", async (ResourceType, remove) => {
    const { writer } = await open((_request, index) =>
      error("ResourceNotFoundException", { ResourceType: index === 0 ? ResourceType : "IDENTITY_STORE" }),
    );
    await remove(writer);
    await expect(remove(writer)).rejects.toMatchObject({ code: "not-found" });
  });

  it("is done for everything that sso-admin removes", async () => {
    const { writer } = await open(() => error("ResourceNotFoundException"));
    await writer.deletePermissionSet(setArn);
    await writer.deleteInlinePolicy(setArn);
    await writer.detachManagedPolicy(setArn, "arn:x");
    await writer.detachCustomerManagedPolicy(setArn, policy);
    await writer.deletePermissionsBoundary(setArn);
    expect(await writer.deleteAccountAssignment(setArn, target)).toMatchObject({ status: "SUCCEEDED" });
  });

  it("is an error for everything else", async () => {
    const { writer } = await open(() => error("ResourceNotFoundException"));
    await expect(writer.createAccountAssignment(setArn, target)).rejects.toMatchObject({ code: "not-found" });
    await expect(writer.putInlinePolicy(setArn, "{}")).rejects.toMatchObject({ code: "not-found" });
    await expect(writer.updatePermissionSet(setArn, settings)).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a creation whose reply was lost", () => {
  const exists = conflict("PermissionSet with name A already exists");

  /** The first attempt ends so, the second meets the name. */
  const meeting = async (first: Answer, second: Answer, ...then: readonly Answer[]) => {
    const { writer, requests } = await open((_, index) => [first, second, ...then][index] ?? {});
    return { writer, requests };
  };

  it.each<[string, (writer: InstanceWriter) => Promise<unknown>, Answer]>([
    ["CreateUser", (writer) => writer.createUser("jane", {}), taken],
    ["CreateGroup", (writer) => writer.createGroup("G", null), taken],
    ["CreateGroupMembership", (writer) => writer.createGroupMembership("g-1", "u-1"), taken],
    [
      "CreatePermissionSet",
      (writer) => writer.createPermissionSet({ ...settings, name: "A", tags: {} }),
      exists,
    ],
  ])(
    "%s: is a conflict that may be with itself, and whose it is is not for the writer to say",
    async (operation, create, met) => {
      const { writer, requests } = await meeting("cut", met);
      await expect(create(writer)).rejects.toMatchObject({ code: "conflict", afterOpenAttempt: true });
      expect(operationsOf(requests)).toEqual([operation, operation]);
    },
  );

  it.each<[string, Answer, boolean]>([
    ["a connection that breaks", "cut", true],
    ["a failure of AWS", { error: "InternalServerException", status: 500 }, true],
    ["a page of a proxy", { raw: "<html>Bad gateway</html>", status: 502 }, true],
    ["throttling", error("ThrottlingException", { Message: "Rate exceeded" }), false],
    ["throttling with another status", { error: "ThrottlingException", status: 503 }, false],
  ])("after %s", async (_, first, afterOpenAttempt) => {
    const { writer } = await meeting(first, taken);
    await expect(writer.createGroup("G", null)).rejects.toMatchObject({ code: "conflict", afterOpenAttempt });
  });

  it("stays so through throttling and conflicts that pass", async () => {
    const busy = error("ConflictException", { Reason: "CONCURRENT_MODIFICATION" });
    const throttled = error("ThrottlingException", { Message: "Rate exceeded" });
    const { writer, requests } = await meeting("cut", throttled, busy, taken);
    await expect(writer.createGroup("G", null)).rejects.toMatchObject({ afterOpenAttempt: true });
    expect(requests).toHaveLength(4);
  });

  it("is no matter of another call", async () => {
    const { writer } = await meeting("cut", { GroupId: "g-1" }, taken);
    await writer.createGroup("G", null);
    await expect(writer.createGroup("H", null)).rejects.toMatchObject({ afterOpenAttempt: false });
  });

  it("is not taken for made where the reply has no id", async () => {
    const { writer } = await open(() => ({}));
    await expect(writer.createUser("jane", {})).rejects.toMatchObject({ code: "malformed-reply" });
    await expect(writer.createAccountAssignment(setArn, target)).rejects.toMatchObject({
      code: "malformed-reply",
    });
  });
});

describe("conflicts", () => {
  it("are repeated while they pass", async () => {
    const { writer, requests } = await open((_request, index) =>
      index < 3 ? conflict("There is a conflicting operation in process.") : {},
    );
    await writer.putInlinePolicy(setArn, "{}");
    expect(requests).toHaveLength(4);
  });

  it("of the identity store are repeated for a concurrent modification only", async () => {
    const { writer, requests } = await open((_request, index) =>
      index === 0 ? error("ConflictException", { Reason: "CONCURRENT_MODIFICATION" }) : taken,
    );
    await expect(writer.updateGroup("g-1", { displayName: "x" })).rejects.toMatchObject({ code: "conflict" });
    expect(requests).toHaveLength(2);
  });

  it("of an attachment are settled by what is attached", async () => {
    const { writer } = await open(({ operation }) => {
      if (operation.startsWith("Attach")) return conflict("already attached");
      if (operation === "ListManagedPoliciesInPermissionSet")
        return { AttachedManagedPolicies: [{ Name: "X", Arn: "arn:x" }] };
      return { CustomerManagedPolicyReferences: [reference] };
    });
    await writer.attachManagedPolicy(setArn, "arn:x");
    await writer.attachCustomerManagedPolicy(setArn, policy);
    await expect(writer.attachManagedPolicy(setArn, "arn:y")).rejects.toMatchObject({ code: "conflict" });
    await expect(writer.attachCustomerManagedPolicy(setArn, { ...policy, path: "/" })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("of a deletion are left to the caller, who knows how long accounts take to let go", async () => {
    const { writer, requests } = await open(() => conflict("Could not delete because of accounts"));
    await expect(writer.deletePermissionSet(setArn)).rejects.toMatchObject({ code: "conflict" });
    expect(requests).toHaveLength(1);
  });
});

describe("the limit of outstanding requests", () => {
  it("is told apart from the rate, and left to the caller", async () => {
    const { writer, requests } = await open(() =>
      error("ThrottlingException", {
        Message: "There are too many requests processing. Please try again later.",
      }),
    );
    await expect(writer.createAccountAssignment(setArn, target)).rejects.toMatchObject({
      code: "outstanding-limit",
    });
    expect(requests).toHaveLength(1);
  });
});
