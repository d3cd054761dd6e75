/**
 * One call at a time, with the SDK's own error classes as it would throw them: what is absence and what is an error.
 * The wire, retries and pace are tested elsewhere, against a server.
 */
import {
  GetGroupIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  ResourceNotFoundException as NotInStore,
} from "@aws-sdk/client-identitystore";
import {
  AccessDeniedException,
  DetachManagedPolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ResourceNotFoundException,
  SSOAdminClient,
} from "@aws-sdk/client-sso-admin";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDirectory } from "../../../src/aws/directory.ts";
import { openForWriting } from "../../../src/aws/writer.ts";
import { instance, setArn } from "./support/stub-service.ts";

const sso = mockClient(SSOAdminClient);
const store = mockClient(IdentitystoreClient);
const $metadata = { httpStatusCode: 400, attempts: 1 };

beforeEach(() => {
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  sso.reset();
  store.reset();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const reader = async () => (await openDirectory()).reader(instance);
const denied = () => new AccessDeniedException({ $metadata, message: "no" });
const gone = () => new ResourceNotFoundException({ $metadata, message: "gone" });
const notInStore = (ResourceType: "USER" | "GROUP" | "IDENTITY_STORE") =>
  new NotInStore({ $metadata, message: "gone", ResourceType });

describe("absence", () => {
  it("is an answer where a permission set has no boundary", async () => {
    sso.on(GetPermissionsBoundaryForPermissionSetCommand).rejects(gone());
    expect(await (await reader()).getPermissionsBoundary(setArn)).toBeNull();
  });

  it("is an answer where the inline policy is empty or missing", async () => {
    sso.on(GetInlinePolicyForPermissionSetCommand).resolvesOnce({ InlinePolicy: "" }).resolvesOnce({});
    const live = await reader();
    expect(await live.getInlinePolicy(setArn)).toBeNull();
    expect(await live.getInlinePolicy(setArn)).toBeNull();
  });

  it("is an answer where a user or a group does not exist", async () => {
    store.on(GetUserIdCommand).rejects(notInStore("USER"));
    store.on(GetGroupIdCommand).rejects(notInStore("GROUP"));
    const live = await reader();
    expect(await live.getUserId("jane")).toBeNull();
    expect(await live.getGroupId("Team")).toBeNull();
  });

  it("is an error where the whole identity store is missing", async () => {
    store.on(GetUserIdCommand).rejects(notInStore("IDENTITY_STORE"));
    await expect((await reader()).getUserId("jane")).rejects.toMatchObject({ code: "not-found" });
  });

  it("is an error where the permission set itself is gone", async () => {
    sso.on(GetInlinePolicyForPermissionSetCommand).rejects(gone());
    await expect((await reader()).getInlinePolicy(setArn)).rejects.toMatchObject({ code: "not-found" });
  });

  it("is never what a refusal means", async () => {
    sso.on(GetPermissionsBoundaryForPermissionSetCommand).rejects(denied());
    await expect((await reader()).getPermissionsBoundary(setArn)).rejects.toMatchObject({
      code: "access-denied",
      hint: expect.stringContaining("sso:GetPermissionsBoundaryForPermissionSet"),
    });
  });
});

it("takes a policy that is already detached as detached, with one call", async () => {
  sso.on(DetachManagedPolicyFromPermissionSetCommand).rejects(gone());
  const writer = (await openForWriting()).writer(instance);
  await writer.detachManagedPolicy(setArn, "arn:aws:iam::aws:policy/ReadOnlyAccess");
  expect(
    sso.commandCalls(DetachManagedPolicyFromPermissionSetCommand).map(({ args }) => args[0].input),
  ).toEqual([
    {
      InstanceArn: instance.instanceArn,
      PermissionSetArn: setArn,
      ManagedPolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    },
  ]);
});
