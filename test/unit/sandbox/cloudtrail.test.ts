import {
  CloudTrailClient,
  type LookupEventsCommandInput,
  LookupEventsCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CreateGroupCommand,
  DeleteUserCommand,
  IdentitystoreClient,
  ListUsersCommand,
} from "@aws-sdk/client-identitystore";
import { CreatePermissionSetCommand, ListPermissionSetsCommand } from "@aws-sdk/client-sso-admin";
import { expect, it, onTestFinished } from "vitest";
import { type Bench, failure, InstanceArn, jane, startBench } from "./support.ts";

const IdentityStoreId = "d-9067a1b2c3";
const start = Date.UTC(2026, 5, 1);

const clients = (url: string) => {
  const config = {
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const [trail, store] = [new CloudTrailClient(config), new IdentitystoreClient(config)];
  onTestFinished(() => {
    trail.destroy();
    store.destroy();
  });
  return { trail, store };
};

const makeSet = (bench: Bench, Name: string) =>
  bench.client.send(new CreatePermissionSetCommand({ InstanceArn, Name }));

const lookUp = async (trail: CloudTrailClient, input: LookupEventsCommandInput = {}) => {
  const { Events = [], NextToken } = await trail.send(new LookupEventsCommand(input));
  return {
    names: Events.map(({ EventName }) => EventName),
    records: Events.map(({ CloudTrailEvent = "" }) => JSON.parse(CloudTrailEvent) as Record<string, unknown>),
    events: Events,
    NextToken,
  };
};

const byName = (AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey: "EventName" as const, AttributeValue }],
});

it("keeps who made which call with what, and forgets reads", async () => {
  const bench = await startBench();
  const { trail } = clients(bench.sandbox.url);
  const { PermissionSet } = await makeSet(bench, "Dev");
  await bench.client.send(new ListPermissionSetsCommand({ InstanceArn }));

  const { names, records, events } = await lookUp(trail);
  expect(names).toEqual(["CreatePermissionSet"]);
  expect(events[0]).toMatchObject({
    EventSource: "sso.amazonaws.com",
    EventTime: new Date(start),
    ReadOnly: "false",
    Username: "sandbox",
  });
  expect(records[0]).toMatchObject({
    eventTime: "2026-06-01T00:00:00Z",
    userIdentity: { type: "AssumedRole", arn: bench.sandbox.state.caller.Arn },
    requestParameters: { instanceArn: InstanceArn, name: "Dev" },
    responseElements: { permissionSet: { name: "Dev", permissionSetArn: PermissionSet?.PermissionSetArn } },
  });
});

it("keeps calls that were refused, with the error", async () => {
  const bench = await startBench();
  const { trail } = clients(bench.sandbox.url);
  await makeSet(bench, "Dev");
  await failure(makeSet(bench, "Dev"));
  const { records } = await lookUp(trail);
  expect(new Set(records.map(({ errorCode }) => errorCode))).toEqual(
    new Set([undefined, "ConflictException"]),
  );
});

it("leaves out what people and groups are called, and keeps ids", async () => {
  const bench = await startBench();
  const { trail, store } = clients(bench.sandbox.url);
  const { GroupId } = await store.send(
    new CreateGroupCommand({ IdentityStoreId, DisplayName: "Secret-Team" }),
  );
  await store.send(new ListUsersCommand({ IdentityStoreId }));
  await store.send(new DeleteUserCommand({ IdentityStoreId, UserId: jane }));
  const { records } = await lookUp(trail, {
    LookupAttributes: [{ AttributeKey: "EventSource", AttributeValue: "identitystore.amazonaws.com" }],
  });
  expect(JSON.stringify(records)).not.toContain("Secret-Team");
  expect(records.find(({ eventName }) => eventName === "CreateGroup")).toMatchObject({
    requestParameters: { identityStoreId: IdentityStoreId, displayName: "HIDDEN_DUE_TO_SECURITY_REASONS" },
    responseElements: { groupId: GroupId },
  });
  expect(records.find(({ eventName }) => eventName === "DeleteUser")).toMatchObject({
    requestParameters: { userId: jane },
    responseElements: null,
  });
});

it("answers newest first, in pages of at most 50, by one attribute and within a time", async () => {
  const bench = await startBench();
  const { trail } = clients(bench.sandbox.url);
  for (let index = 0; index < 60; index += 1) {
    await makeSet(bench, `Set-${index}`);
    bench.clock.advance(1000);
  }
  const first = await lookUp(trail, byName("CreatePermissionSet"));
  expect(first.names).toHaveLength(50);
  expect(first.records[0]).toMatchObject({ requestParameters: { name: "Set-59" } });
  const second = await lookUp(trail, { ...byName("CreatePermissionSet"), NextToken: first.NextToken });
  expect(second.names).toHaveLength(10);
  expect(second.records.at(-1)).toMatchObject({ requestParameters: { name: "Set-0" } });
  expect(second.NextToken).toBeUndefined();

  expect((await lookUp(trail, byName("CreateUser"))).names).toEqual([]);
  const some = { StartTime: new Date(start + 2000), EndTime: new Date(start + 4500) };
  expect((await lookUp(trail, some)).names).toHaveLength(3);
});

it("forgets after 90 days", async () => {
  const bench = await startBench();
  const { trail } = clients(bench.sandbox.url);
  await makeSet(bench, "Dev");
  bench.clock.advance(90 * 24 * 3600 * 1000 - 1000);
  expect((await lookUp(trail)).names).toHaveLength(1);
  bench.clock.advance(3000);
  expect((await lookUp(trail)).names).toEqual([]);
});

it("refuses what CloudTrail refuses", async () => {
  const bench = await startBench();
  const { trail } = clients(bench.sandbox.url);
  const { LookupAttributes } = byName("CreateUser");
  const codes = [];
  for (const input of [
    { LookupAttributes: [...LookupAttributes, ...LookupAttributes] },
    { MaxResults: 51 },
    { MaxResults: 0 },
    { StartTime: new Date(start + 9000), EndTime: new Date(start) },
    { NextToken: "made-up" },
  ]) {
    codes.push((await failure(lookUp(trail, input))).name);
  }
  expect(codes).toEqual([
    "InvalidLookupAttributesException",
    "InvalidMaxResultsException",
    "InvalidMaxResultsException",
    "InvalidTimeRangeException",
    "InvalidNextTokenException",
  ]);
});

it("allows two look-ups a second at real speed", async () => {
  const bench = await startBench({ speed: "real" });
  const { trail } = clients(bench.sandbox.url);
  await lookUp(trail);
  await lookUp(trail);
  expect((await failure(lookUp(trail))).name).toBe("ThrottlingException");
  bench.clock.advance(500);
  expect((await lookUp(trail)).names).toEqual([]);
});

it("takes the operation also with the whole namespace before it, as the AWS CLI sends it", async () => {
  const bench = await startBench();
  const reply = await fetch(bench.sandbox.url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20260601/us-east-1/cloudtrail/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: "{}",
  });
  expect(await reply.json()).toEqual({ Events: [] });
});
