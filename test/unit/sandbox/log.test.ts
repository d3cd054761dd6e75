import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  ListInstancesCommand,
  ProvisionPermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../../src/sandbox/server.ts";
import { createClient, developers, InstanceArn, startBench } from "./support.ts";

describe("the log", () => {
  it("tells of starts and ends of asynchronous work, and how much was under way", async () => {
    const { client, clock, log } = await startBench({ speed: "real" });
    const { PermissionSet } = await client.send(new CreatePermissionSetCommand({ InstanceArn, Name: "A" }));
    const PermissionSetArn = PermissionSet?.PermissionSetArn;
    const assign = (TargetId: string) =>
      client.send(
        new CreateAccountAssignmentCommand({
          InstanceArn,
          TargetId,
          TargetType: "AWS_ACCOUNT",
          PermissionSetArn,
          PrincipalType: "GROUP",
          PrincipalId: developers,
        }),
      );
    const { AccountAssignmentCreationStatus: first } = await assign("111111111111");
    await assign("777777777777");
    await client.send(
      new ProvisionPermissionSetCommand({
        InstanceArn,
        PermissionSetArn,
        TargetType: "AWS_ACCOUNT",
        TargetId: "222222222222",
      }),
    );
    clock.advance(60_000);
    await client.send(new ListInstancesCommand({}));
    expect(log.slice(1, 4)).toMatchObject([
      {
        event: "request",
        time: "2026-06-01T00:00:00.000Z",
        service: "sso-admin",
        operation: "CreateAccountAssignment",
        outcome: "ok",
        status: 200,
        attempt: 1,
        accessKeyId: "test",
        outstandingAssignments: 1,
        provisionings: 0,
        perAccountMaximum: 1,
        requestId: first?.RequestId,
        accountId: "111111111111",
        permissionSetArn: PermissionSetArn,
      },
      { outstandingAssignments: 2, provisionings: 0, perAccountMaximum: 1 },
      { outstandingAssignments: 2, provisionings: 1, perAccountMaximum: 1 },
    ]);
    const ends = log.filter((entry) => entry.event === "async-end");
    expect(ends).toHaveLength(3);
    expect(ends.map((entry) => entry.time)).toEqual(ends.map((entry) => entry.time).toSorted());
    expect(ends.find((entry) => entry.accountId === "777777777777")).toMatchObject({
      kind: "create-assignment",
      outcome: "FAILED",
      message: expect.stringContaining("taking longer than usual"),
    });
    expect(log.at(-1)).toMatchObject({
      operation: "ListInstances",
      outstandingAssignments: 0,
      provisionings: 0,
    });
  });

  it("counts two requests in one account as two", async () => {
    const { client, log } = await startBench({ speed: "real" });
    for (const Name of ["A", "B"]) {
      const { PermissionSet } = await client.send(new CreatePermissionSetCommand({ InstanceArn, Name }));
      await client.send(
        new ProvisionPermissionSetCommand({
          InstanceArn,
          PermissionSetArn: PermissionSet?.PermissionSetArn,
          TargetType: "AWS_ACCOUNT",
          TargetId: "222222222222",
        }),
      );
    }
    expect(log.at(-1)).toMatchObject({ perAccountMaximum: 2 });
  });

  it("has the SDK's number of the attempt", async () => {
    const { sandbox, log } = await startBench({ faults: "error@ListInstances=1" });
    const client = createClient(sandbox.url, "us-east-1", 2);
    await expect(client.send(new ListInstancesCommand({}))).rejects.toThrow();
    client.destroy();
    expect(log).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
  });

  it("has a line for a request that names nothing that is there", async () => {
    const { sandbox, log } = await startBench();
    await fetch(`${sandbox.url}/favicon.ico`);
    expect(log).toMatchObject([
      {
        service: "unknown",
        operation: "GET /favicon.ico",
        outcome: "MissingAuthenticationTokenException",
        status: 403,
      },
    ]);
  });

  it("goes to a file, one JSON object a line, after what is there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-log-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "log.jsonl");
    for (let n = 0; n < 2; n += 1) {
      const sandbox = await startSandbox({ log: file });
      const client = createClient(sandbox.url);
      await client.send(new ListInstancesCommand({}));
      client.destroy();
      await sandbox.close();
    }
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { operation: string }).operation)).toEqual([
      "ListInstances",
      "ListInstances",
    ]);
  });

  it("that can not be written is a usage error", async () => {
    await expect(startSandbox({ log: "/nowhere/at/all.jsonl" })).rejects.toMatchObject({
      name: "SandboxUsageError",
    });
  });
});
