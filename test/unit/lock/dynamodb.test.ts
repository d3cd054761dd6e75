import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { acquireLock } from "../../../src/lock/acquire.ts";
import { openLock } from "../../../src/lock/open-lock.ts";
import { storeError } from "../../../src/lock/store-error.ts";
import type { LockStore } from "../../../src/lock/store.ts";
import { parseLockUrl } from "../../../src/lock/target.ts";
import { AwsError, UsageError } from "../../../src/model/errors.ts";
import { createFakeTime, eventually, type FakeTime } from "./support/fake-time.ts";
import { options } from "./support/options.ts";
import { createTable, dynamoDbPlace } from "./support/stores.ts";

let time: FakeTime;
let place: Awaited<ReturnType<typeof dynamoDbPlace>>;
let store: LockStore;
let client: DynamoDBClient;
const key = { LockID: { S: "identity-center" } };

beforeEach(async () => {
  time = createFakeTime();
  place = await dynamoDbPlace(time.now);
  store = await place.open(time.machine(1));
  client = new DynamoDBClient({ endpoint: place.endpoint });
});

afterEach(async () => {
  store.close();
  client.destroy();
  await place.close();
  vi.unstubAllEnvs();
});

const item = async () => (await client.send(new GetItemCommand({ TableName: "locks", Key: key }))).Item;

it("keeps fence, expiry and record in one item of a table as Terraform has them", async () => {
  const held = await acquireLock(store, options());
  const { fence } = held;
  expect(await item()).toEqual({
    ...key,
    fence: { S: fence },
    expires: { N: String((time.now() + 60_000) / 1000) },
    record: { S: expect.stringContaining('"owner": "jane"') },
  });
  await held.release();
  expect((await item())?.fence?.S).not.toBe(fence);
});

it("knows its own lock where the reply was lost", async () => {
  place.lost.count = 1;
  const held = await acquireLock(store, options());
  expect((await item())?.fence?.S).toBe(held.fence);
  place.lost.count = 1;
  const { fence } = held;
  await time.advance(20_000);
  await eventually(() => held.fence !== fence);
  expect(held.lost.aborted).toBe(false);
  await held.release();
  expect((await item())?.record?.S).toContain('"state": "released"');
});

it("leaves an item of Terraform alone", async () => {
  const terraform = { ...key, Digest: { S: "d41d8cd98f00b204e9800998ecf8427e" } };
  await client.send(new PutItemCommand({ TableName: "locks", Item: terraform }));
  await expect(acquireLock(store, options())).rejects.toMatchObject({ code: "not-a-lock" });
  expect(await item()).toEqual(terraform);
});

it("fails closed where there is no such table, and says what it must look like", async () => {
  const elsewhere = await openLock(parseLockUrl("dynamodb://no-such-table/x"), time.machine(2));
  const error: unknown = await acquireLock(elsewhere, options()).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(AwsError);
  expect((error as AwsError).hint).toContain(
    "Create the table no-such-table with the partition key LockID (String)",
  );
  elsewhere.close();
});

it("fails closed where the table has another key", async () => {
  await createTable(place.endpoint, "other", "id");
  const other = await openLock(parseLockUrl("dynamodb://other/x"), time.machine(2));
  const error: unknown = await acquireLock(other, options()).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(AwsError);
  expect((error as AwsError).hint).toContain("needs LockID (String) as its partition key");
  other.close();
});

it("names the permissions of the table", () => {
  const denied = Object.assign(
    new Error("User: x is not authorized to perform: dynamodb:GetItem on resource: y"),
    {
      name: "AccessDeniedException",
    },
  );
  const { code, hint } = storeError(denied, "dynamodb:GetItem", store.target);
  expect(code).toBe("access-denied");
  expect(hint).toBe(
    "Allow dynamodb:GetItem: the lock needs dynamodb:GetItem and dynamodb:PutItem on the table locks",
  );
});

it("does not send the user of a lock to Identity Center's pace where DynamoDB throttles", () => {
  const throttled = Object.assign(new Error("slow down"), { name: "ThrottlingException" });
  expect(storeError(throttled, "dynamodb:PutItem", store.target).hint).toBe("Try again later");
});

it("refuses where no Region is configured", async () => {
  vi.stubEnv("AWS_REGION", undefined);
  const error: unknown = await place.open(time.machine(2)).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ code: "region-missing" });
});
