import {
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  ListPermissionSetProvisioningStatusCommand,
  ProvisionPermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import { auditors, failure, InstanceArn } from "../support.ts";
import {
  assign,
  benchWithSets,
  development,
  production,
  provision,
  setArn,
  start,
  startDelete,
  triple,
  unassign,
} from "./calls.ts";

describe("limits of asynchronous work", () => {
  it("are 15 requests for assignments at a time, deletions among them", async () => {
    const bench = await benchWithSets(16);
    for (let n = 0; n < 14; n += 1) await start(bench, triple(development, n));
    await startDelete(bench, triple(development, 14));
    expect(await failure(start(bench, triple(development, 15)))).toEqual({
      name: "ThrottlingException",
      message: "There are too many requests processing. Please try again later.",
    });
    bench.clock.advance(60_000);
    expect((await start(bench, triple(development, 15)))?.Status).toBe("IN_PROGRESS");
  });

  it("are 3 provisionings at a time", async () => {
    const bench = await benchWithSets(4);
    const startProvisioning = (n: number) =>
      bench.client.send(
        new ProvisionPermissionSetCommand({
          InstanceArn,
          PermissionSetArn: setArn(n),
          TargetType: "AWS_ACCOUNT",
          TargetId: development,
        }),
      );
    for (let n = 0; n < 3; n += 1) await startProvisioning(n);
    expect((await failure(startProvisioning(3))).name).toBe("ThrottlingException");
  });

  it("make work for one account and set a conflict, and work for one account wait", async () => {
    const bench = await benchWithSets(2, { speed: "real" });
    const first = await start(bench, triple());
    expect(await failure(start(bench, triple(development, 0, auditors)))).toEqual({
      name: "ConflictException",
      message: "There is a conflicting operation in process.",
    });
    const second = await start(bench, triple(development, 1));
    const elsewhere = await start(bench, triple(production, 0));
    const [one, two, three] = bench.instance.requests;
    expect(one?.RequestId).toBe(first?.RequestId);
    expect(two?.RequestId).toBe(second?.RequestId);
    expect(two?.endsAt).toBeGreaterThanOrEqual((one?.endsAt ?? 0) + 2000);
    expect(three?.RequestId).toBe(elsewhere?.RequestId);
    expect(three?.endsAt).toBeLessThanOrEqual(bench.clock.now() + 6000);
  });

  it("keep a provisioning of all accounts and an assignment in one of them apart", async () => {
    const bench = await benchWithSets(1);
    await assign(bench, triple());
    await bench.client.send(
      new ProvisionPermissionSetCommand({
        InstanceArn,
        PermissionSetArn: setArn(0),
        TargetType: "ALL_PROVISIONED_ACCOUNTS",
      }),
    );
    expect((await failure(startDelete(bench, triple()))).name).toBe("ConflictException");
  });
});

describe("lists of requests", () => {
  it("hold status, id and date only, and can be asked for one status", async () => {
    const bench = await benchWithSets(2);
    const done = await assign(bench, triple());
    const open = await start(bench, triple(development, 1));
    const list = async (Status?: "IN_PROGRESS" | "SUCCEEDED" | "FAILED") =>
      (
        await bench.client.send(
          new ListAccountAssignmentCreationStatusCommand({
            InstanceArn,
            ...(Status ? { Filter: { Status } } : {}),
          }),
        )
      ).AccountAssignmentsCreationStatus;
    expect(await list("SUCCEEDED")).toEqual([
      { Status: "SUCCEEDED", RequestId: done?.RequestId, CreatedDate: done?.CreatedDate },
    ]);
    expect((await list("IN_PROGRESS"))?.map((item) => item.RequestId)).toEqual([open?.RequestId]);
    expect(await list("FAILED")).toEqual([]);
    expect(await list()).toHaveLength(2);
  });

  it("are apart for deletions and for provisionings", async () => {
    const bench = await benchWithSets(2);
    const deleted = await unassign(bench, triple());
    const provisioned = await provision(bench, 1, production);
    const deletions = await bench.client.send(
      new ListAccountAssignmentDeletionStatusCommand({ InstanceArn, Filter: { Status: "FAILED" } }),
    );
    expect(deletions.AccountAssignmentsDeletionStatus?.map((item) => item.RequestId)).toEqual([
      deleted?.RequestId,
    ]);
    const provisionings = await bench.client.send(
      new ListPermissionSetProvisioningStatusCommand({ InstanceArn }),
    );
    expect(provisionings.PermissionSetsProvisioningStatus?.map((item) => item.RequestId)).toEqual([
      provisioned?.RequestId,
    ]);
  });
});
