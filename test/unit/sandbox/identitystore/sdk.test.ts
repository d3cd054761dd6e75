import {
  ConflictException,
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  CreateUserCommand,
  DeleteGroupMembershipCommand,
  DescribeGroupMembershipCommand,
  DescribeUserCommand,
  GetGroupIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  paginateListGroupMemberships,
  paginateListUsers,
  ResourceNotFoundException,
  UpdateUserCommand,
  ValidationException,
} from "@aws-sdk/client-identitystore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunningSandbox } from "../../../../src/sandbox/server.ts";
import { startSandbox } from "../../../../src/sandbox/server.ts";
import { IdentityStoreId, jane } from "./people.ts";

const enterprise = "aws:identitystore:enterprise";
let sandbox: RunningSandbox;
let client: IdentitystoreClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  client = new IdentitystoreClient({
    endpoint: sandbox.url,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});

afterEach(async () => {
  client.destroy();
  await sandbox.close();
});

async function createUser(UserName: string): Promise<string> {
  const { UserId = "" } = await client.send(
    new CreateUserCommand({ ...jane, UserName, Emails: [{ Value: `${UserName}@company.com` }] }),
  );
  return UserId;
}

describe("the Identity Store through the AWS SDK", () => {
  it("gives a user back with its dates and documents", async () => {
    const Extensions = { [enterprise]: { costCenter: "4130", manager: { value: "7" } } };
    const { UserId } = await client.send(new CreateUserCommand({ ...jane, Extensions }));
    const { $metadata, ...user } = await client.send(
      new DescribeUserCommand({ IdentityStoreId, UserId, Extensions: [enterprise] }),
    );
    expect(user).toEqual({
      ...jane,
      UserId,
      Extensions,
      UserStatus: "ENABLED",
      CreatedAt: expect.any(Date),
      UpdatedAt: expect.any(Date),
    });
    expect(Math.abs((user.CreatedAt?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect($metadata.requestId).toBeTypeOf("string");
  });

  it("pages users and members with the SDK's paginators", async () => {
    const { GroupId } = await client.send(
      new CreateGroupCommand({ IdentityStoreId, DisplayName: "Developers" }),
    );
    for (let index = 0; index < 12; index += 1) {
      const UserId = await createUser(`user${index}`);
      await client.send(new CreateGroupMembershipCommand({ IdentityStoreId, GroupId, MemberId: { UserId } }));
    }
    const users: unknown[] = [];
    for await (const page of paginateListUsers({ client, pageSize: 5 }, { IdentityStoreId })) {
      users.push(...(page.Users ?? []));
    }
    const members: unknown[] = [];
    for await (const page of paginateListGroupMemberships({ client }, { IdentityStoreId, GroupId })) {
      members.push(...(page.GroupMemberships ?? []));
    }
    expect([users.length, members.length]).toEqual([12, 12]);
  });

  it("clears an attribute by a null on the wire only: the SDK alone drops it", async () => {
    const UserId = await createUser("jane");
    const setTitle = (AttributeValue: string | null) =>
      client.send(
        new UpdateUserCommand({
          IdentityStoreId,
          UserId,
          Operations: [{ AttributePath: "title", AttributeValue }],
        }),
      );
    const title = async () => (await client.send(new DescribeUserCommand({ IdentityStoreId, UserId }))).Title;
    await setTitle("Engineer");
    expect(await title()).toBe("Engineer");
    await expect(setTitle(null)).rejects.toBeInstanceOf(ValidationException);
    expect(await title()).toBe("Engineer");
    sendNulls(client);
    await setTitle(null);
    expect(await title()).toBeUndefined();
  });

  it("finds users and groups by their unique attributes", async () => {
    const UserId = await createUser("jane");
    const { GroupId } = await client.send(
      new CreateGroupCommand({ IdentityStoreId, DisplayName: "Developers" }),
    );
    const by = (AttributePath: string, AttributeValue: string) => ({
      IdentityStoreId,
      AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
    });
    expect(await client.send(new GetUserIdCommand(by("userName", "jane")))).toMatchObject({ UserId });
    expect(await client.send(new GetUserIdCommand(by("emails.value", "jane@company.com")))).toMatchObject({
      UserId,
    });
    expect(await client.send(new GetGroupIdCommand(by("displayName", "Developers")))).toMatchObject({
      GroupId,
    });
  });

  it("answers errors as the SDK's own classes, with their fields", async () => {
    const UserId = await createUser("jane");
    const { GroupId } = await client.send(
      new CreateGroupCommand({ IdentityStoreId, DisplayName: "Developers" }),
    );
    const membership = { IdentityStoreId, GroupId, MemberId: { UserId } };
    const { MembershipId } = await client.send(new CreateGroupMembershipCommand(membership));
    const conflict = await client
      .send(new CreateGroupMembershipCommand(membership))
      .catch((error: unknown) => error);
    expect(conflict).toBeInstanceOf(ConflictException);
    expect(conflict).toMatchObject({
      Reason: "UNIQUENESS_CONSTRAINT_VIOLATION",
      message: "Member and Group relationship already exists.",
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    await client.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    const gone = await client
      .send(new DescribeGroupMembershipCommand({ IdentityStoreId, MembershipId }))
      .catch((error: unknown) => error);
    expect(gone).toBeInstanceOf(ResourceNotFoundException);
    expect(gone).toMatchObject({ ResourceType: "GROUP_MEMBERSHIP", ResourceId: MembershipId });
  });
});

/** Writes the nulls that the SDK's serialiser leaves out. */
function sendNulls(target: IdentitystoreClient): void {
  target.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: Uint8Array };
      const body = JSON.parse(new TextDecoder().decode(request.body)) as {
        Operations?: Record<string, unknown>[];
      };
      for (const operation of body.Operations ?? []) operation.AttributeValue ??= null;
      request.body = new TextEncoder().encode(JSON.stringify(body));
      return next(args);
    },
    { step: "build", priority: "high" },
  );
}
