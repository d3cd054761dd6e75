import {
  ListAccountsForProvisionedPermissionSetCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  ProvisionPermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import type { Bench } from "../support.ts";
import { failure, InstanceArn } from "../support.ts";
import {
  assign,
  benchWithSets,
  creation,
  development,
  production,
  provision,
  setArn,
  suspended,
  triple,
} from "./calls.ts";

describe("provisioning", () => {
  const accounts = async (bench: Bench, latest: boolean) =>
    (
      await bench.client.send(
        new ListAccountsForProvisionedPermissionSetCommand({
          InstanceArn,
          PermissionSetArn: setArn(0),
          ProvisioningStatus: latest
            ? "LATEST_PERMISSION_SET_PROVISIONED"
            : "LATEST_PERMISSION_SET_NOT_PROVISIONED",
        }),
      )
    ).AccountIds;

  it("brings every account of a set up to date", async () => {
    const bench = await benchWithSets(1);
    await assign(bench, triple());
    await assign(bench, triple(production));
    for (const role of bench.instance.provisioned) role.latest = false;
    expect(await accounts(bench, false)).toEqual([production, development]);
    expect(await provision(bench, 0)).not.toHaveProperty("FailureReason");
    expect(await accounts(bench, false)).toEqual([]);
    expect(await accounts(bench, true)).toEqual([production, development]);
  });

  it("of a set without accounts succeeds", async () => {
    const bench = await benchWithSets(1);
    expect((await provision(bench, 0))?.Status).toBe("SUCCEEDED");
  });

  it("of one account makes the role without an assignment", async () => {
    const bench = await benchWithSets(1);
    expect(await provision(bench, 0, development)).toMatchObject({
      Status: "SUCCEEDED",
      AccountId: development,
    });
    const { PermissionSets } = await bench.client.send(
      new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn, AccountId: development }),
    );
    expect(PermissionSets).toEqual([setArn(0)]);
    expect(bench.instance.assignments).toEqual([]);
  });

  it("of all accounts fails with one reason, after it did the ones it could", async () => {
    const bench = await benchWithSets(1);
    await assign(bench, triple());
    bench.instance.provisioned.push({
      AccountId: suspended,
      PermissionSetArn: setArn(0),
      latest: false,
      roleSuffix: "0",
    });
    expect((await provision(bench, 0))?.FailureReason).toContain(`'${suspended}'`);
    expect(await accounts(bench, true)).toEqual([development]);
    expect(await accounts(bench, false)).toEqual([suspended]);
  });

  it("of one account needs the account, and fails where it does not exist", async () => {
    const bench = await benchWithSets(1);
    const without = bench.client.send(
      new ProvisionPermissionSetCommand({
        InstanceArn,
        PermissionSetArn: setArn(0),
        TargetType: "AWS_ACCOUNT",
      }),
    );
    expect((await failure(without)).name).toBe("ValidationException");
    expect((await provision(bench, 0, "123123123123"))?.Status).toBe("FAILED");
  });

  it("is not found under another kind of request", async () => {
    const bench = await benchWithSets(1);
    const status = await provision(bench, 0, development);
    expect((await failure(creation(bench, status?.RequestId))).name).toBe("ResourceNotFoundException");
  });
});
