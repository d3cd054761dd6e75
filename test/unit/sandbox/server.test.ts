import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { ListInstancesCommand } from "@aws-sdk/client-sso-admin";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/server.ts";
import { SandboxUsageError } from "../../../src/sandbox/usage-error.ts";
import { startBench } from "./support.ts";

const authorization =
  "AWS4-HMAC-SHA256 Credential=test/20260601/us-east-1/sso/aws4_request, SignedHeaders=host, Signature=00";

interface Raw {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request as it is, without an SDK. */
async function send(url: string, { method = "POST", headers = {}, body = "" }: Raw) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { method, headers }, resolve).on("error", reject).end(body);
  });
  return {
    status: response.statusCode,
    type: response.headers["content-type"],
    requestId: response.headers["x-amzn-requestid"],
    body: await text(response),
  };
}

const target = (operation: string) => ({ "x-amz-target": operation, authorization });

describe("what the server answers", () => {
  it.each([
    ["a browser", { method: "GET" }, 403, "MissingAuthenticationTokenException"],
    ["a signed GET", { method: "GET", headers: { authorization } }, 400, "UnknownOperationException"],
    [
      "no signature",
      { headers: { "x-amz-target": "SWBExternalService.ListInstances" } },
      403,
      "MissingAuthenticationTokenException",
    ],
    [
      "a signature of another kind",
      { headers: { ...target("SWBExternalService.ListInstances"), authorization: "Bearer x" } },
      403,
      "IncompleteSignatureException",
    ],
    [
      "an unknown operation",
      { headers: target("SWBExternalService.MakeCoffee"), body: "{}" },
      400,
      "UnknownOperationException",
    ],
    [
      "a name that every object has",
      { headers: target("SWBExternalService.constructor"), body: "{}" },
      400,
      "UnknownOperationException",
    ],
    [
      "an unknown service",
      { headers: target("Coffee.ListInstances"), body: "{}" },
      400,
      "UnknownOperationException",
    ],
    [
      "broken JSON",
      { headers: target("SWBExternalService.ListInstances"), body: "{" },
      400,
      "SerializationException",
    ],
    [
      "JSON that is no object",
      { headers: target("SWBExternalService.ListInstances"), body: "[]" },
      400,
      "SerializationException",
    ],
    [
      "a number for a text",
      { headers: target("SWBExternalService.ListPermissionSets"), body: '{"InstanceArn":1}' },
      400,
      "SerializationException",
    ],
    [
      "a foreign host",
      { headers: { ...target("SWBExternalService.ListInstances"), host: "evil.example" }, body: "{}" },
      403,
      "AccessDeniedException",
    ],
    [
      "2 MB",
      { headers: target("SWBExternalService.ListInstances"), body: "x".repeat(2_000_000) },
      413,
      "RequestEntityTooLargeException",
    ],
  ])("%s gets an AWS error in JSON", async (_what, raw, status, code) => {
    const { sandbox } = await startBench();
    const reply = await send(sandbox.url, raw);
    expect(reply.status).toBe(status);
    expect(reply.type).toBe("application/x-amz-json-1.1");
    expect(reply.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(reply.body)).toEqual({ __type: code, Message: expect.any(String) });
  });

  it("what is not HTTP gets JSON too", async () => {
    const { sandbox } = await startBench();
    const socket = connect(sandbox.port, "127.0.0.1");
    socket.end("hello\r\n\r\n");
    const reply = await text(socket);
    expect(reply).toMatch(/^HTTP\/1.1 400 /);
    expect(JSON.parse(reply.slice(reply.indexOf("\r\n\r\n") + 4))).toMatchObject({
      __type: "BadRequestException",
    });
  });

  it("localhost is served as well as 127.0.0.1", async () => {
    const { sandbox } = await startBench();
    const headers = { ...target("SWBExternalService.ListInstances"), host: `localhost:${sandbox.port}` };
    expect((await send(sandbox.url, { headers, body: "" })).status).toBe(200);
  });

  it("has the statuses of the service model: 404, 409, and 400 for throttling", async () => {
    const { sandbox } = await startBench({
      faults: "throttle@ListInstances=1,conflict@DeletePermissionSet=1",
    });
    const set = {
      InstanceArn: "arn:aws:sso:::instance/ssoins-0000000000000000",
      PermissionSetArn: "arn:aws:sso:::permissionSet/ssoins-0000000000000000/ps-0000000000000000",
    };
    const statusOf = async (operation: string) =>
      (
        await send(sandbox.url, {
          headers: target(`SWBExternalService.${operation}`),
          body: JSON.stringify(set),
        })
      ).status;
    expect(await statusOf("DescribePermissionSet")).toBe(404);
    expect(await statusOf("DeletePermissionSet")).toBe(409);
    expect(await statusOf("ListInstances")).toBe(400);
  });

  it("identitystore errors carry the request id in the body", async () => {
    const { sandbox } = await startBench();
    const reply = await send(sandbox.url, { headers: target("AWSIdentityStore.ListUsers"), body: "{}" });
    expect(JSON.parse(reply.body)).toMatchObject({
      __type: "ValidationException",
      RequestId: reply.requestId,
    });
  });

  it("speaks STS's query protocol", async () => {
    const { sandbox } = await startBench();
    const sts = new STSClient({
      endpoint: sandbox.url,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: "999999999999" });
    sts.destroy();
    const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
    const reply = await send(sandbox.url, { headers, body: "Action=AssumeRole&Version=2011-06-15" });
    expect(reply).toMatchObject({ status: 400, type: "text/xml" });
    expect(reply.body).toContain("<Code>InvalidAction</Code>");
  });
});

describe("starting", () => {
  it("on a port that is in use is a usage error", async () => {
    const { sandbox } = await startBench();
    await expect(startSandbox({ port: sandbox.port })).rejects.toThrow(
      new SandboxUsageError(`The sandbox can not listen on port ${sandbox.port}: it is in use.`),
    );
  });

  it("with a fault pinned to an operation that is not there is a usage error", async () => {
    await expect(startSandbox({ faults: "throttle@ListUser=1" })).rejects.toThrow(
      new SandboxUsageError('Fault "throttle@ListUser": the sandbox has no operation ListUser.'),
    );
  });

  it("listens on loopback only, and no more after close", async () => {
    const sandbox = await startSandbox();
    expect(sandbox.url).toBe(`http://127.0.0.1:${sandbox.port}`);
    await sandbox.close();
    await expect(send(sandbox.url, {})).rejects.toThrow("ECONNREFUSED");
  });

  it("gives the same ids for the same calls", async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const { sandbox } = await startBench();
        const body = JSON.stringify({ InstanceArn: sandbox.state.instances[0]?.InstanceArn, Name: "A" });
        return (await send(sandbox.url, { headers: target("SWBExternalService.CreatePermissionSet"), body }))
          .body;
      }),
    );
    expect(ids[0]).toContain("permissionSet/ssoins-5a4d6b0c1e2f3a4b/ps-");
    expect(ids[0]).toBe(ids[1]);
  });

  it("does not change the seed that it was given", async () => {
    const { client, sandbox } = await startBench();
    await client.send(new ListInstancesCommand({}));
    const other = await startBench({ seed: sandbox.state });
    other.instance.Name = "changed";
    expect(sandbox.state.instances[0]?.Name).toBe("sandbox");
  });
});
