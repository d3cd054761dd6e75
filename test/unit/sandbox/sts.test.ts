import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunningSandbox } from "../../../src/sandbox/server.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";

let sandbox: RunningSandbox;
let client: STSClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  client = new STSClient({
    endpoint: sandbox.url,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});

afterEach(async () => {
  client.destroy();
  await sandbox.close();
});

it("tells who the caller is, also where the name needs escaping in XML", async () => {
  sandbox.state.caller = {
    Account: "999999999999",
    Arn: "arn:aws:sts::999999999999:assumed-role/R&D/<jane>",
    UserId: "AROASANDBOX:jane",
  };
  const { $metadata, ...caller } = await client.send(new GetCallerIdentityCommand({}));
  expect(caller).toEqual(sandbox.state.caller);
  expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

it("answers an operation that it does not know as STS does", async () => {
  await expect(client.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: "InvalidAction",
    message: "Could not find operation GetSessionToken for version 2011-06-15",
    $metadata: { httpStatusCode: 400 },
  });
});
