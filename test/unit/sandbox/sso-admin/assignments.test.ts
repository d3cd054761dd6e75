import { DeletePermissionSetCommand, ListAccountAssignmentsCommand } from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import { auditors, developers, failure, InstanceArn, jane, nobody } from "../support.ts";
import {
  assign,
  benchWithSets,
  creation,
  development,
  management,
  setArn,
  start,
  startDelete,
  suspended,
  triple,
  unassign,
} from "./calls.ts";

describe("creating an assignment", () => {
  it("is in progress until its time has come, then there, with a role for the set", async () => {
    const bench = await benchWithSets(1, { speed: "real" });
    const status = await start(bench, triple());
    expect(status).toMatchObject({ Status: "IN_PROGRESS", TargetId: development, PrincipalId: developers });
    bench.clock.advance(1999);
    expect((await creation(bench, status?.RequestId))?.Status).toBe("IN_PROGRESS");
    expect(bench.instance.assignments).toEqual([]);
    bench.clock.advance(4001);
    expect((await creation(bench, status?.RequestId))?.Status).toBe("SUCCEEDED");
    const { AccountAssignments } = await bench.client.send(
      new ListAccountAssignmentsCommand({ InstanceArn, AccountId: development, PermissionSetArn: setArn(0) }),
    );
    expect(AccountAssignments).toEqual([
      {
        AccountId: development,
        PermissionSetArn: setArn(0),
        PrincipalType: "GROUP",
        PrincipalId: developers,
      },
    ]);
    expect(bench.instance.provisioned).toMatchObject([{ AccountId: development, latest: true }]);
  });

  it("takes milliseconds at speed fast", async () => {
    const bench = await benchWithSets(1);
    const status = await start(bench, triple());
    bench.clock.advance(20);
    expect((await creation(bench, status?.RequestId))?.Status).toBe("SUCCEEDED");
  });

  it("again is no error and makes no second one", async () => {
    const bench = await benchWithSets(1);
    await assign(bench, triple());
    expect((await assign(bench, triple()))?.Status).toBe("SUCCEEDED");
    expect(bench.instance.assignments).toHaveLength(1);
  });

  it("to a principal that does not exist is accepted and fails", async () => {
    const bench = await benchWithSets(1);
    const input = { ...triple(), PrincipalType: "USER", PrincipalId: nobody } as const;
    expect(await assign(bench, input)).toMatchObject({
      Status: "FAILED",
      FailureReason: `Received a 404 status error: the USER assignee ${nobody} was not found in directory d-9067a1b2c3`,
    });
    expect(bench.instance.assignments).toEqual([]);
  });

  it("to an account that does not exist reports success, and nothing appears", async () => {
    const bench = await benchWithSets(1);
    expect((await assign(bench, triple("123123123123")))?.Status).toBe("SUCCEEDED");
    expect(bench.instance.assignments).toEqual([]);
    expect(bench.instance.provisioned).toEqual([]);
  });

  it("in a suspended account fails", async () => {
    const bench = await benchWithSets(1);
    expect(await assign(bench, triple(suspended))).toMatchObject({
      Status: "FAILED",
      FailureReason: expect.stringContaining(
        `Obtaining permissions to manage your AWS account '${suspended}' is taking longer than usual.`,
      ),
    });
  });

  it("fails where the account lacks a customer managed policy of the set, or of its boundary", async () => {
    const bench = await benchWithSets(2);
    const [first, second] = bench.instance.permissionSets;
    first?.customerManagedPolicies.push(
      { Name: "BoundaryReader", Path: "/platform/" },
      { Name: "Gone", Path: "/a/" },
    );
    if (second) second.PermissionsBoundary = { CustomerManagedPolicyReference: { Name: "Limit", Path: "/" } };
    expect((await assign(bench, triple()))?.FailureReason).toBe(
      `Received a 404 status error: Not supported policy arn:aws:iam::${development}:policy/a/Gone.`,
    );
    expect((await assign(bench, triple(development, 1)))?.FailureReason).toContain("policy/Limit.");
  });

  it("needs a permission set that exists", async () => {
    const bench = await benchWithSets(1);
    expect((await failure(start(bench, triple(development, 7)))).name).toBe("ResourceNotFoundException");
  });

  it("allows 100 groups for a set in an account", async () => {
    const bench = await benchWithSets(1);
    for (let n = 0; n < 100; n += 1) {
      bench.instance.assignments.push({
        AccountId: development,
        PermissionSetArn: setArn(0),
        PrincipalType: "GROUP",
        PrincipalId: `group ${n}`,
      });
    }
    expect((await failure(start(bench, triple()))).name).toBe("ServiceQuotaExceededException");
    const user = { ...triple(), PrincipalType: "USER", PrincipalId: jane } as const;
    expect((await assign(bench, user))?.Status).toBe("SUCCEEDED");
  });

  it("allows 500 permission sets in an account", async () => {
    const bench = await benchWithSets(501);
    bench.instance.provisioned = Array.from({ length: 500 }, (_, n) => ({
      AccountId: development,
      PermissionSetArn: setArn(n),
      latest: true,
      roleSuffix: "0",
    }));
    expect((await failure(start(bench, triple(development, 500)))).name).toBe(
      "ServiceQuotaExceededException",
    );
    expect((await start(bench, triple(development, 499)))?.Status).toBe("IN_PROGRESS");
  });
});

describe("deleting an assignment", () => {
  it("takes the role with the last one, and the next role has another suffix", async () => {
    const bench = await benchWithSets(1);
    await assign(bench, triple());
    await assign(bench, triple(development, 0, auditors));
    const suffix = bench.instance.provisioned[0]?.roleSuffix;
    expect((await unassign(bench, triple()))?.Status).toBe("SUCCEEDED");
    expect(bench.instance.provisioned[0]?.roleSuffix).toBe(suffix);
    await unassign(bench, triple(development, 0, auditors));
    expect(bench.instance.provisioned).toEqual([]);
    await assign(bench, triple());
    expect(bench.instance.provisioned[0]?.roleSuffix).toMatch(/^[0-9a-f]{16}$/);
    expect(bench.instance.provisioned[0]?.roleSuffix).not.toBe(suffix);
  });

  it("that is not there fails in the end", async () => {
    const bench = await benchWithSets(1);
    expect(await unassign(bench, triple())).toMatchObject({
      Status: "FAILED",
      FailureReason: "Received a 404 status error: Assignment not found.",
    });
  });

  it("works for a principal that is gone", async () => {
    const bench = await benchWithSets(1);
    await assign(bench, triple());
    bench.instance.groups = [];
    expect((await unassign(bench, triple()))?.Status).toBe("SUCCEEDED");
    expect(bench.instance.assignments).toEqual([]);
  });

  it("in a suspended account fails and leaves it", async () => {
    const bench = await benchWithSets(1);
    await assign(bench, triple());
    const account = bench.sandbox.state.organization?.accounts.find(({ Id }) => Id === development);
    if (account) account.State = "SUSPENDED";
    expect((await unassign(bench, triple()))?.Status).toBe("FAILED");
    expect(bench.instance.assignments).toHaveLength(1);
  });

  it("comes before deleting the permission set", async () => {
    const bench = await benchWithSets(1);
    await assign(bench, triple());
    const deleteSet = () =>
      bench.client.send(new DeletePermissionSetCommand({ InstanceArn, PermissionSetArn: setArn(0) }));
    expect((await failure(deleteSet())).name).toBe("ConflictException");
    await startDelete(bench, triple());
    expect((await failure(deleteSet())).name).toBe("ConflictException");
    bench.clock.advance(60_000);
    await deleteSet();
    expect(bench.instance.permissionSets).toEqual([]);
  });
});

describe("a delegated administrator", () => {
  it("may not give access in the management account, nor use a set that has a role there", async () => {
    const bench = await benchWithSets(2);
    await assign(bench, triple(management, 0));
    bench.sandbox.state.caller.Account = "444444444444";
    expect(await failure(start(bench, triple(development, 0)))).toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`sso:CreateAccountAssignment on resource: ${setArn(0)}`),
    });
    expect((await failure(start(bench, triple(management, 1)))).name).toBe("AccessDeniedException");
    expect((await assign(bench, triple(development, 1)))?.Status).toBe("SUCCEEDED");
  });
});
