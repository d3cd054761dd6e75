import { once } from "node:events";
import type { Server } from "node:http";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { openLock } from "../../../../src/lock/open-lock.ts";
import type { LockClock, LockStore } from "../../../../src/lock/store.ts";
import { parseLockUrl } from "../../../../src/lock/target.ts";
import { type S3Server, startS3Server } from "../../../support/s3-server.ts";
import { stubAwsEnvironment } from "./environment.ts";

/** A place for locks that is reached by the real SDK client over the loopback, and whose Date is the fake time. */
export interface Place {
  readonly url: string;
  open(clock: LockClock): Promise<LockStore>;
  close(): Promise<void>;
}

export const s3Place = async (now: () => number): Promise<Place & { readonly server: S3Server }> => {
  const server = await startS3Server({ buckets: ["locks"], now });
  stubAwsEnvironment({ AWS_ENDPOINT_URL_S3: server.url });
  const url = "s3://locks/identity-center.lock";
  return { url, server, open: (clock) => openLock(parseLockUrl(url), clock), close: server.close };
};

interface DynamoDb {
  readonly endpoint: string;
  /** How many of the writes to come take place without anybody being told. */
  readonly lost: { count: number };
}

export const dynamoDbPlace = async (now: () => number): Promise<Place & DynamoDb> => {
  const server = dynalite({ createTableMs: 0 });
  const lost = { count: 0 };
  server.prependListener("request", (request, response) => {
    response.setHeader("Date", new Date(now()).toUTCString());
    if (lost.count === 0 || !String(request.headers["x-amz-target"]).endsWith(".PutItem")) return;
    lost.count -= 1;
    response.end = () => response.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${portOf(server)}`;
  stubAwsEnvironment({ AWS_ENDPOINT_URL_DYNAMODB: endpoint });
  await createTable(endpoint, "locks", "LockID");
  const url = "dynamodb://locks/identity-center";
  return {
    url,
    endpoint,
    lost,
    open: (clock) => openLock(parseLockUrl(url), clock),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};

export const createTable = async (endpoint: string, table: string, key: string): Promise<void> => {
  const client = new DynamoDBClient({ endpoint });
  await client.send(
    new CreateTableCommand({
      TableName: table,
      KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  client.destroy();
};

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};
