import { once } from "node:events";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { startS3Server } from "./s3-server.ts";

/** A store for locks over the loopback, for a command that is spawned. */
export interface LockPlace {
  /** For --lock. */
  readonly url: string;
  /** What makes the AWS SDK go there. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export const s3LockPlace = async (): Promise<LockPlace> => {
  const server = await startS3Server({ buckets: ["locks"] });
  return {
    url: "s3://locks/identity-center.lock",
    env: { AWS_ENDPOINT_URL_S3: server.url },
    close: server.close,
  };
};

export const dynamoDbLockPlace = async (): Promise<LockPlace> => {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("DynamoDB has no port.");
  const endpoint = `http://127.0.0.1:${address.port}`;
  await createTable(endpoint);
  return {
    url: "dynamodb://locks/identity-center",
    env: { AWS_ENDPOINT_URL_DYNAMODB: endpoint },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const createTable = async (endpoint: string): Promise<void> => {
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await client.send(
    new CreateTableCommand({
      TableName: "locks",
      KeySchema: [{ AttributeName: "LockID", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "LockID", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  client.destroy();
};
