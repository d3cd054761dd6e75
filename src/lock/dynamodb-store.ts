import { fieldsOf } from "../aws/error-names.ts";
import { UsageError } from "../model/errors.ts";
import { clientOptions, requireRegion } from "./client-options.ts";
import { notALock, readRecord, writeRecord } from "./record.ts";
import { createServerClock, serverClockPlace } from "./server-clock.ts";
import type { LockClock, LockStore } from "./store.ts";
import { storeError } from "./store-error.ts";
import type { LockTarget } from "./target.ts";

/**
 * The lock as one item: LockID (the partition key, named as Terraform names it, so that a table made for its locks
 * will do), `fence` (another text with each write), `expires` (epoch seconds, for people and for TTL) and `record`.
 */
export const openDynamoDbStore = async (target: DynamoDbTarget, clock: LockClock): Promise<LockStore> => {
  const { DynamoDBClient, GetItemCommand, PutItemCommand } = await import("@aws-sdk/client-dynamodb");
  const client = new DynamoDBClient(clientOptions);
  await requireRegion(client.config.region, target);
  const serverClock = createServerClock(clock.now);
  client.middlewareStack.add(serverClock.middleware, serverClockPlace);

  const key = { LockID: { S: target.key } };
  return {
    target,
    clock,
    serverTime: serverClock.now,
    close: () => client.destroy(),
    read: async (signal) => {
      const command = new GetItemCommand({ TableName: target.table, Key: key, ConsistentRead: true });
      try {
        const { Item } = await client.send(command, sending(signal));
        if (Item === undefined) return null;
        const fence = Item.fence?.S;
        const record = Item.record?.S;
        if (fence === undefined || record === undefined) throw notALock(target);
        return { record: readRecord(record, target), fence };
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof UsageError) throw error;
        throw storeError(error, "dynamodb:GetItem", target);
      }
    },
    write: async (record, expected, signal) => {
      const condition =
        expected === null
          ? { ConditionExpression: "attribute_not_exists(LockID)" }
          : {
              ConditionExpression: "fence = :expected",
              ExpressionAttributeValues: { ":expected": { S: expected } },
            };
      const command = new PutItemCommand({
        TableName: target.table,
        Item: {
          ...key,
          fence: { S: record.write },
          expires: { N: String(Math.ceil(record.until / 1000)) },
          record: { S: writeRecord(record) },
        },
        ...condition,
      });
      try {
        await client.send(command, sending(signal));
        return record.write;
      } catch (error) {
        signal?.throwIfAborted();
        if (fieldsOf(error).name === "ConditionalCheckFailedException") return null;
        throw storeError(error, "dynamodb:PutItem", target);
      }
    },
  };
};

type DynamoDbTarget = Extract<LockTarget, { kind: "dynamodb" }>;

const sending = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });
