import { afterEach, expect, test } from "vitest";
import { exitCodeOf } from "../../../src/apply/result.ts";
import {
  administrator,
  developers,
  development,
  firstPlan,
  admins,
  jane,
  powerUser,
  production,
  readOnly,
} from "./support/first-plan.ts";
import {
  create,
  group,
  permissionSet,
  planOf,
  policy,
  remove,
  toGroup,
  toUser,
  update,
  user,
} from "./support/plans.ts";
import type { SandboxRun } from "./support/sandbox-run.ts";
import { runSandbox } from "./support/sandbox-run.ts";

let run: SandboxRun;
afterEach(() => run.close());

test("creates every kind of object, and the sandbox holds exactly them", async () => {
  run = await runSandbox();
  const result = await run.apply(firstPlan());

  expect(result).toMatchObject({ remaining: [], interrupted: false });
  expect(result.outcomes.map(({ status, detail }) => [status, detail])).toEqual(
    firstPlan().changes.map(() => ["done", undefined]),
  );
  expect(exitCodeOf(result)).toBe(0);
  const { users, groups, memberships, permissionSets, assignments, provisioned } = run.holds;
  expect(users.map(({ UserName }) => UserName).toSorted()).toEqual(["jane.doe", "john.roe"]);
  expect(users.find(({ UserName }) => UserName === "jane.doe")?.attributes).toMatchObject({
    Name: { GivenName: "jane.doe", FamilyName: "Doe" },
    Emails: [{ Value: "jane.doe@company.com", Type: "work" }],
  });
  expect(groups.map(({ DisplayName, Description }) => [DisplayName, Description])).toEqual([
    ["Developers", "Build things"],
    ["Old", undefined],
  ]);
  expect(memberships).toHaveLength(2);
  expect(permissionSets.find(({ Name }) => Name === "Admins")).toMatchObject({
    Description: "Everything",
    SessionDuration: "PT4H",
    managedPolicies: [{ Arn: administrator }],
    tags: { team: "platform", "reconcile:owner": "acme" },
  });
  expect(permissionSets.find(({ Name }) => Name === "Developers")).toMatchObject({
    SessionDuration: "PT1H",
    RelayState: "https://us-east-1.console.aws.amazon.com/",
    InlinePolicy: developers.inlinePolicy?.text,
    customerManagedPolicies: [{ Name: "BoundaryReader", Path: "/platform/" }],
    PermissionsBoundary: { ManagedPolicyArn: powerUser },
  });
  expect(assignments).toHaveLength(3);
  expect(provisioned.every((role) => role.latest)).toBe(true);
  expect(run.calls("ProvisionPermissionSet")).toHaveLength(0);
  expect(run.audit.map(({ outcome }) => outcome)).toEqual(firstPlan().changes.map(() => "done"));
  expect(run.audit.filter(({ address }) => address.startsWith("assignment/"))).toSatisfy(
    (records: { requestIds: readonly string[] }[]) =>
      records.every(({ requestIds }) => requestIds.length === 1),
  );
});

test("updates and deletes every kind of object, in an order that AWS takes", async () => {
  run = await runSandbox();
  await run.apply(firstPlan());
  const before = run.log.length;
  const changedDevelopers = permissionSet("Developers", {
    description: "Now described",
    sessionDuration: 2 * 3600,
    managedPolicies: [readOnly],
    inlinePolicy: policy("s3:*", "sqs:*"),
    permissionsBoundary: null,
    tags: { team: "shop" },
  });
  const changedJane = user("jane.doe", {
    "email.value": "jane@company.com",
    "email.type": "work",
    title: "Engineer",
  });
  const oldAssignment = toUser(production, "Admins", "jane.doe");
  const result = await run.apply(
    planOf(
      update("user", jane, changedJane),
      update("group", group("Developers", "Build things"), group("Engineers", null)),
      update("permissionSet", developers, changedDevelopers),
      create("membership", { group: "Engineers", user: "john.roe" }, "group/Engineers"),
      create("assignment", toGroup("333333333333", "Developers", "Engineers"), "permissionSet/Developers"),
      remove("assignment", oldAssignment),
      remove("membership", { group: "Old", user: "john.roe" }),
      remove("permissionSet", admins, `assignment/${production}/Admins/user:jane.doe`),
      remove("group", group("Old"), "membership/Old/john.roe"),
    ),
  );

  expect(result.outcomes.filter(({ status }) => status !== "done")).toEqual([]);
  expect(result.remaining).toEqual([]);
  const { users, groups, memberships, permissionSets, assignments, provisioned } = run.holds;
  expect(users.find(({ UserName }) => UserName === "jane.doe")?.attributes).toMatchObject({
    Title: "Engineer",
    Emails: [{ Value: "jane@company.com", Type: "work" }],
  });
  expect(groups).toMatchObject([{ DisplayName: "Engineers" }]);
  expect(groups[0]).not.toHaveProperty("Description");
  expect(memberships).toHaveLength(2);
  expect(permissionSets).toHaveLength(1);
  expect(permissionSets[0]).toMatchObject({
    Description: "Now described",
    SessionDuration: "PT2H",
    managedPolicies: [{ Arn: readOnly }],
    customerManagedPolicies: [],
    InlinePolicy: changedDevelopers.inlinePolicy?.text,
    tags: { team: "shop" },
  });
  expect(permissionSets[0]).not.toHaveProperty("PermissionsBoundary");
  expect(permissionSets[0]).not.toHaveProperty("RelayState");
  expect(assignments).toHaveLength(3);
  expect(provisioned.map(({ AccountId, latest }) => [AccountId, latest])).toEqual(
    expect.arrayContaining([
      [production, true],
      [development, true],
      ["333333333333", true],
    ]),
  );

  const writes = run.log
    .slice(before)
    .flatMap((entry) => (entry.event === "request" && isWrite(entry.operation) ? [entry.operation] : []));
  const ofDevelopers = writes.filter((operation) =>
    /PermissionSet|Policy|Boundary|TagResource/.test(operation),
  );
  expect(ofDevelopers.filter((operation) => operation !== "DeletePermissionSet")).toEqual([
    "UpdatePermissionSet",
    "TagResource",
    "DetachCustomerManagedPolicyReferenceFromPermissionSet",
    "PutInlinePolicyToPermissionSet",
    "AttachManagedPolicyToPermissionSet",
    "DeletePermissionsBoundaryFromPermissionSet",
    // One for each of the two accounts that held the earlier version, after all the edits.
    "ProvisionPermissionSet",
    "ProvisionPermissionSet",
  ]);
  expect(writes.indexOf("DeletePermissionSet")).toBeGreaterThan(writes.indexOf("DeleteAccountAssignment"));
  expect(writes.indexOf("DeleteGroup")).toBeGreaterThan(writes.indexOf("DeleteGroupMembership"));
  expect(writes.lastIndexOf("CreateAccountAssignment")).toBeGreaterThan(
    writes.lastIndexOf("ProvisionPermissionSet"),
  );
});

test("lost replies, failures that pass, conflicts and stale reads end in the state that was planned", async () => {
  run = await runSandbox({
    faults:
      "throttle=0.1,error=0.05,reset=0.03,lost-reply=0.15,async-failed=0.2,conflict=0.1,stale-read=100ms,seed=7",
  });
  const result = await run.apply(firstPlan());

  expect(result.outcomes.filter(({ status }) => status !== "done")).toEqual([]);
  expect(result.remaining).toEqual([]);
  expect(run.holds.users).toHaveLength(2);
  expect(run.holds.groups).toHaveLength(2);
  expect(run.holds.memberships).toHaveLength(2);
  expect(run.holds.permissionSets).toHaveLength(2);
  expect(run.holds.assignments).toHaveLength(3);
  expect(run.log.some(({ outcome }) => outcome === "lost-reply")).toBe(true);
});

const isWrite = (operation: string): boolean => !/^(List|Describe|Get|Is)/.test(operation);
