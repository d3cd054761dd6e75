import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import { failure, InstanceArn, startBench } from "../support.ts";
import { allowAll, createSet, policyArn } from "./permission-set-calls.ts";

describe("policies of a permission set", () => {
  it("are attached once, listed, and detached once", async () => {
    const bench = await startBench();
    const set = { InstanceArn, PermissionSetArn: await createSet(bench) };
    const attach = () =>
      bench.client.send(
        new AttachManagedPolicyToPermissionSetCommand({ ...set, ManagedPolicyArn: policyArn("A") }),
      );
    const detach = () =>
      bench.client.send(
        new DetachManagedPolicyFromPermissionSetCommand({ ...set, ManagedPolicyArn: policyArn("A") }),
      );
    await attach();
    expect((await failure(attach())).name).toBe("ConflictException");
    const { AttachedManagedPolicies } = await bench.client.send(
      new ListManagedPoliciesInPermissionSetCommand(set),
    );
    expect(AttachedManagedPolicies).toEqual([{ Name: "PolicyA", Arn: policyArn("A") }]);
    await detach();
    expect((await failure(detach())).name).toBe("ResourceNotFoundException");
  });

  it("are told apart by path and name where the account owns them, and the path is / by default", async () => {
    const bench = await startBench();
    const set = { InstanceArn, PermissionSetArn: await createSet(bench) };
    for (const CustomerManagedPolicyReference of [
      { Name: "Reader" },
      { Name: "Reader", Path: "/platform/" },
    ]) {
      await bench.client.send(
        new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({
          ...set,
          CustomerManagedPolicyReference,
        }),
      );
    }
    const { CustomerManagedPolicyReferences } = await bench.client.send(
      new ListCustomerManagedPolicyReferencesInPermissionSetCommand(set),
    );
    expect(CustomerManagedPolicyReferences).toEqual([
      { Name: "Reader", Path: "/" },
      { Name: "Reader", Path: "/platform/" },
    ]);
    const twin = bench.client.send(
      new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({
        ...set,
        CustomerManagedPolicyReference: { Name: "Reader", Path: "/" },
      }),
    );
    expect((await failure(twin)).name).toBe("ConflictException");
    const missing = bench.client.send(
      new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({
        ...set,
        CustomerManagedPolicyReference: { Name: "Writer" },
      }),
    );
    expect((await failure(missing)).name).toBe("ResourceNotFoundException");
  });

  it("are at most 25, of both kinds together, and the default page holds ten", async () => {
    const bench = await startBench();
    const set = { InstanceArn, PermissionSetArn: await createSet(bench) };
    for (let n = 1; n <= 25; n += 1) {
      await bench.client.send(
        new AttachManagedPolicyToPermissionSetCommand({ ...set, ManagedPolicyArn: policyArn(n) }),
      );
    }
    const oneMore = bench.client.send(
      new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({
        ...set,
        CustomerManagedPolicyReference: { Name: "Reader" },
      }),
    );
    expect((await failure(oneMore)).name).toBe("ServiceQuotaExceededException");
    const page = await bench.client.send(new ListManagedPoliciesInPermissionSetCommand(set));
    expect(page.AttachedManagedPolicies).toHaveLength(10);
    expect(page.NextToken).toBeTruthy();
  });

  it("take only AWS's own ARNs as managed policies", async () => {
    const bench = await startBench();
    const set = { InstanceArn, PermissionSetArn: await createSet(bench) };
    const attach = bench.client.send(
      new AttachManagedPolicyToPermissionSetCommand({
        ...set,
        ManagedPolicyArn: "arn:aws:iam::111111111111:policy/Mine",
      }),
    );
    expect((await failure(attach)).name).toBe("ValidationException");
  });

  it("keep the inline policy as it was written, and no policy is an empty text", async () => {
    const bench = await startBench();
    const set = { InstanceArn, PermissionSetArn: await createSet(bench) };
    const get = () => bench.client.send(new GetInlinePolicyForPermissionSetCommand(set));
    expect((await get()).InlinePolicy).toBe("");
    const InlinePolicy = ` ${allowAll}\n`;
    await bench.client.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy }));
    expect((await get()).InlinePolicy).toBe(InlinePolicy);
  });

  const statement = { Effect: "Allow", Action: "s3:Get*", Resource: "*" };
  it.each([
    ["no JSON", "{", "not a JSON object"],
    ["a list", "[]", "not a JSON object"],
    ["no statement", "{}", "no Statement"],
    ["an empty list of statements", JSON.stringify({ Statement: [] }), "no Statement"],
    ["another version", JSON.stringify({ Version: "2020-01-01", Statement: [statement] }), "Version must be"],
    ["an unknown element", JSON.stringify({ Statements: [] }), "Statements is not known"],
    ["no effect", JSON.stringify({ Statement: { Action: "*", Resource: "*" } }), "Effect must be"],
    ["a principal", JSON.stringify({ Statement: { ...statement, Principal: "*" } }), "Principal"],
    [
      "both kinds of actions",
      JSON.stringify({ Statement: { ...statement, NotAction: "*" } }),
      "exactly one of Action",
    ],
    [
      "no resource",
      JSON.stringify({ Statement: { Effect: "Allow", Action: "*" } }),
      "exactly one of Resource",
    ],
    ["a number as action", JSON.stringify({ Statement: { ...statement, Action: 1 } }), "must be a string"],
    [
      "a condition that is a text",
      JSON.stringify({ Statement: { ...statement, Condition: "x" } }),
      "Condition",
    ],
    ["a statement that is a text", JSON.stringify({ Statement: ["x"] }), "not an object"],
  ])("refuse as inline policy: %s", async (_what, InlinePolicy, message) => {
    const bench = await startBench();
    const set = { InstanceArn, PermissionSetArn: await createSet(bench) };
    const put = bench.client.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy }));
    const error = await failure(put);
    expect(error.name).toBe("ValidationException");
    expect(error.message).toContain(message);
  });

  it("count 10,240 bytes of an inline policy without its white space", async () => {
    const bench = await startBench();
    const set = { InstanceArn, PermissionSetArn: await createSet(bench) };
    const put = (sid: number, padding: number) =>
      bench.client.send(
        new PutInlinePolicyToPermissionSetCommand({
          ...set,
          InlinePolicy:
            JSON.stringify({ Statement: [{ Sid: "x".repeat(sid), ...statement }] }) + " ".repeat(padding),
        }),
      );
    const frame = JSON.stringify({ Statement: [{ Sid: "", ...statement }] }).length;
    await put(10_240 - frame, 20_000);
    expect((await failure(put(10_241 - frame, 0))).name).toBe("ServiceQuotaExceededException");
  });

  it("have one boundary: replaced by a put, not found where there is none", async () => {
    const bench = await startBench();
    const set = { InstanceArn, PermissionSetArn: await createSet(bench) };
    const get = () => bench.client.send(new GetPermissionsBoundaryForPermissionSetCommand(set));
    const put = (PermissionsBoundary: object) =>
      bench.client.send(new PutPermissionsBoundaryToPermissionSetCommand({ ...set, PermissionsBoundary }));
    const remove = () => bench.client.send(new DeletePermissionsBoundaryFromPermissionSetCommand(set));
    expect((await failure(get())).name).toBe("ResourceNotFoundException");
    expect((await failure(remove())).name).toBe("ResourceNotFoundException");
    await put({ ManagedPolicyArn: policyArn("A") });
    expect((await get()).PermissionsBoundary).toEqual({ ManagedPolicyArn: policyArn("A") });
    await put({ CustomerManagedPolicyReference: { Name: "Limit", Path: "/platform/" } });
    expect((await get()).PermissionsBoundary).toEqual({
      CustomerManagedPolicyReference: { Name: "Limit", Path: "/platform/" },
    });
    expect((await failure(put({}))).message).toContain("Exactly one of");
    await remove();
    expect((await failure(get())).name).toBe("ResourceNotFoundException");
  });
});
