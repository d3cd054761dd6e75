import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  DeleteInlinePolicyFromPermissionSetCommand,
  DeletePermissionSetCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  DescribePermissionSetCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
  TagResourceCommand,
  UpdatePermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import { describe, expect, it } from "vitest";
import { failure, InstanceArn, startBench } from "../support.ts";
import { allowAll, createSet, isLatest, policyArn, provisionByHand } from "./permission-set-calls.ts";

describe("a permission set", () => {
  it("is described with what it was made of and one hour by default", async () => {
    const bench = await startBench();
    const PermissionSetArn = await createSet(bench, "Developer", {
      Description: "Café",
      RelayState: "https://a/",
    });
    const { PermissionSet } = await bench.client.send(
      new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn }),
    );
    expect(PermissionSet).toEqual({
      Name: "Developer",
      PermissionSetArn,
      Description: "Café",
      RelayState: "https://a/",
      SessionDuration: "PT1H",
      CreatedDate: new Date(bench.clock.now()),
    });
  });

  it("is refused under a name that is taken", async () => {
    const bench = await startBench();
    await createSet(bench);
    expect(await failure(createSet(bench))).toEqual({
      name: "ConflictException",
      message: "PermissionSet with name Developer already exists.",
    });
    expect(bench.instance.permissionSets).toHaveLength(1);
  });

  it.each([
    ["no name", { Name: undefined }, "Value at 'name' failed to satisfy constraint: Member must not be null"],
    ["a long name", { Name: "x".repeat(33) }, "Member must have length less than or equal to 32"],
    ["a name with a space", { Name: "a b" }, "Member must satisfy regular expression pattern: [\\w+=,.@-]+"],
    ["an empty description", { Description: "" }, "Member must have length greater than or equal to 1"],
    ["a description with a dash", { Description: "a – b" }, "Value at 'description'"],
    ["a duration that is none", { SessionDuration: "4h" }, "Value at 'sessionDuration'"],
    ["59 minutes", { SessionDuration: "PT59M" }, "must be between PT1H and PT12H"],
    ["a day", { SessionDuration: "P1D" }, "must be between PT1H and PT12H"],
    ["a relay state with a tab", { RelayState: "a\tb" }, "Value at 'relayState'"],
    ["a tag without a value", { Tags: [{ Key: "a" }] }, "Value at 'tags.1.member.value'"],
    [
      "a tag key twice",
      {
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "a", Value: "2" },
        ],
      },
      "must be unique",
    ],
    ["AWS's own tag", { Tags: [{ Key: "aws:x", Value: "1" }] }, "reserved prefix"],
    ["an instance ARN that is none", { InstanceArn: "arn:aws:sso:::x" }, "Value at 'instanceArn'"],
  ])("is refused with %s", async (_what, input, message) => {
    const bench = await startBench();
    const error = await failure(createSet(bench, "Developer", input));
    expect(error.name).toBe("ValidationException");
    expect(error.message).toContain(message);
    expect(bench.instance.permissionSets).toEqual([]);
  });

  it("names every violated constraint in one error", async () => {
    const bench = await startBench();
    const { message } = await failure(createSet(bench, "a b", { Description: "" }));
    expect(message).toMatch(/^2 validation errors detected: Value at 'name' .*; Value at 'description' /);
  });

  it("loses a relay state that an update leaves out, and keeps description and duration", async () => {
    const bench = await startBench();
    const PermissionSetArn = await createSet(bench, "Developer", {
      Description: "old",
      RelayState: "https://a/",
      SessionDuration: "PT4H",
    });
    await bench.client.send(new UpdatePermissionSetCommand({ InstanceArn, PermissionSetArn }));
    const [set] = bench.instance.permissionSets;
    expect(set).toMatchObject({ Description: "old", SessionDuration: "PT4H" });
    expect(set).not.toHaveProperty("RelayState");
  });

  it("is deleted once, and is not found afterwards", async () => {
    const bench = await startBench();
    const PermissionSetArn = await createSet(bench);
    await bench.client.send(new DeletePermissionSetCommand({ InstanceArn, PermissionSetArn }));
    expect(bench.instance.permissionSets).toEqual([]);
    const again = bench.client.send(new DeletePermissionSetCommand({ InstanceArn, PermissionSetArn }));
    expect((await failure(again)).name).toBe("ResourceNotFoundException");
  });

  it("can not be deleted while it has a role in an account", async () => {
    const bench = await startBench();
    const PermissionSetArn = await createSet(bench);
    provisionByHand(bench, PermissionSetArn);
    const deletion = bench.client.send(new DeletePermissionSetCommand({ InstanceArn, PermissionSetArn }));
    expect(await failure(deletion)).toMatchObject({
      name: "ConflictException",
      message: expect.stringContaining("Could not delete because"),
    });
  });

  it("goes stale in its accounts after every kind of edit, but not after tagging", async () => {
    const bench = await startBench();
    const PermissionSetArn = await createSet(bench);
    provisionByHand(bench, PermissionSetArn);
    const set = { InstanceArn, PermissionSetArn };
    const role = bench.instance.provisioned[0];
    const reference = { CustomerManagedPolicyReference: { Name: "Reader" } };
    await bench.client.send(
      new TagResourceCommand({
        InstanceArn,
        ResourceArn: PermissionSetArn,
        Tags: [{ Key: "a", Value: "b" }],
      }),
    );
    expect(isLatest(bench)).toBe(true);
    const edits = [
      () => bench.client.send(new UpdatePermissionSetCommand({ ...set, Description: "new" })),
      () =>
        bench.client.send(
          new AttachManagedPolicyToPermissionSetCommand({ ...set, ManagedPolicyArn: policyArn(1) }),
        ),
      () =>
        bench.client.send(
          new DetachManagedPolicyFromPermissionSetCommand({ ...set, ManagedPolicyArn: policyArn(1) }),
        ),
      () =>
        bench.client.send(
          new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({ ...set, ...reference }),
        ),
      () =>
        bench.client.send(
          new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({ ...set, ...reference }),
        ),
      () => bench.client.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy: allowAll })),
      () => bench.client.send(new DeleteInlinePolicyFromPermissionSetCommand(set)),
      () =>
        bench.client.send(
          new PutPermissionsBoundaryToPermissionSetCommand({ ...set, PermissionsBoundary: reference }),
        ),
      () => bench.client.send(new DeletePermissionsBoundaryFromPermissionSetCommand(set)),
    ];
    for (const edit of edits) {
      if (role) role.latest = true;
      await edit();
      expect(isLatest(bench)).toBe(false);
    }
  });
});
