import { afterEach, expect, test } from "vitest";
import { exitCodeOf } from "../../../src/apply/result.ts";
import type { LogEntry } from "../../../src/sandbox/log.ts";
import { defaultSeed } from "../../../src/sandbox/seed.ts";
import type { SandboxState } from "../../../src/sandbox/state.ts";
import {
  create,
  group,
  permissionSet,
  planOf,
  policy,
  provisioning,
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

const production = "111111111111";
const development = "222222222222";
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const powerUser = "arn:aws:iam::aws:policy/PowerUserAccess";
const reader = { name: "BoundaryReader", path: "/platform/" };

const jane = user("jane.doe", { "email.value": "jane.doe@company.com", "email.type": "work" });
const john = user("john.roe");
const admins = permissionSet("Admins", {
  description: "Everything",
  sessionDuration: 4 * 3600,
  managedPolicies: [administrator],
  tags: { team: "platform" },
  owner: "acme",
});
const developers = permissionSet("Developers", {
  inlinePolicy: policy("s3:*"),
  customerManagedPolicies: [reader],
  permissionsBoundary: { managedPolicyArn: powerUser },
  relayState: "https://us-east-1.console.aws.amazon.com/",
});

const firstPlan = () =>
  planOf(
    create("user", jane),
    create("user", john),
    create("group", group("Developers", "Build things")),
    create("group", group("Old")),
    create("membership", { group: "Developers", user: "jane.doe" }, "group/Developers", "user/jane.doe"),
    create("membership", { group: "Old", user: "john.roe" }, "group/Old", "user/john.roe"),
    create("permissionSet", admins),
    create("permissionSet", developers),
    create("assignment", toUser(production, "Admins", "jane.doe"), "permissionSet/Admins", "user/jane.doe"),
    create(
      "assignment",
      toGroup(production, "Developers", "Developers"),
      "group/Developers",
      "permissionSet/Developers",
    ),
    create(
      "assignment",
      toGroup(development, "Developers", "Developers"),
      "group/Developers",
      "permissionSet/Developers",
    ),
  );

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
  expect(calls("ProvisionPermissionSet")).toHaveLength(0);
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

test("keeps to AWS's limits: 15 outstanding, one an account, 3 provisionings", async () => {
  run = await runSandbox({ seed: seedWithAccounts(30) });
  const sets = ["A", "B", "C"].map((name) => permissionSet(name, { managedPolicies: [readOnly] }));
  const accounts = accountIds(30);
  const assignments = sets.flatMap((set) =>
    accounts.map((account) =>
      create("assignment", toGroup(account, set.name, "All"), "group/All", `permissionSet/${set.name}`),
    ),
  );
  const first = await run.apply(
    planOf(create("group", group("All")), ...sets.map((set) => create("permissionSet", set)), ...assignments),
  );
  expect(first.counts).toMatchObject({ created: 94, failed: 0, remaining: 0 });
  expect(run.holds.assignments).toHaveLength(90);

  // A few accounts each: one request an account. B in many: one request for all.
  const stale = new Set(accounts.slice(0, 6));
  run.holds.provisioned = run.holds.provisioned.filter(
    (role) => nameOf(role.PermissionSetArn) === "B" || stale.has(role.AccountId),
  );
  const changed = (set: (typeof sets)[number]) => ({ ...set, sessionDuration: 7200 });
  const second = await run.apply(planOf(...sets.map((set) => update("permissionSet", set, changed(set)))));
  expect(second.counts).toMatchObject({ updated: 3, failed: 0, remaining: 0 });
  expect(run.holds.provisioned.every((role) => role.latest)).toBe(true);
  expect(calls("ProvisionPermissionSet").filter(({ accountId }) => accountId === undefined)).toHaveLength(1);
  expect(calls("ProvisionPermissionSet").filter(({ accountId }) => accountId !== undefined)).toHaveLength(12);

  expect(Math.max(...run.log.map((entry) => entry.outstandingAssignments))).toBeLessThanOrEqual(15);
  expect(Math.max(...run.log.map((entry) => entry.provisionings))).toBeLessThanOrEqual(3);
  expect(Math.max(...run.log.map((entry) => entry.perAccountMaximum))).toBe(1);
  expect(run.log.filter(({ outcome }) => outcome === "throttled" || outcome === "ConflictException")).toEqual(
    [],
  );
});

test("a failure stops only what depends on it, and says why in AWS's words", async () => {
  run = await runSandbox();
  const needy = permissionSet("Needy", { customerManagedPolicies: [{ name: "Missing", path: "/" }] });
  const result = await run.apply(
    planOf(
      create("group", group("Developers")),
      create("permissionSet", needy),
      create("permissionSet", admins),
      create(
        "assignment",
        toGroup(production, "Needy", "Developers"),
        "group/Developers",
        "permissionSet/Needy",
      ),
      create(
        "assignment",
        toGroup(production, "Admins", "Developers"),
        "group/Developers",
        "permissionSet/Admins",
      ),
      create("assignment", toGroup("123456789012", "Admins", "Developers"), "group/Developers"),
      create(
        "assignment",
        toGroup(development, "Admins", "Developers"),
        `assignment/${production}/Needy/group:Developers`,
      ),
    ),
  );

  expect(result.outcomes.map(({ status }) => status)).toEqual([
    "done",
    "done",
    "done",
    "failed",
    "done",
    "failed",
    "skipped",
  ]);
  expect(result.outcomes[3]).toMatchObject({
    detail: "Could not assign Needy to group Developers in production (111111111111)",
    failureReason:
      "Received a 404 status error: Not supported policy arn:aws:iam::111111111111:policy/Missing.",
    hint: expect.stringContaining("Create the customer managed policy in that account"),
  });
  expect(result.outcomes[5]?.detail).toBe(
    "Nothing can be assigned there: account 123456789012 is not in the organization",
  );
  expect(result.outcomes[6]?.detail).toBe(
    "It needs assignment/111111111111/Needy/group:Developers, which failed",
  );
  expect(exitCodeOf(result)).toBe(6);
  expect(run.holds.assignments).toHaveLength(1);
  expect(run.audit.find(({ address }) => address.includes("/Needy/"))).toMatchObject({
    action: "create",
    outcome: "failed",
    failureReason: expect.stringContaining("Not supported policy"),
  });
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

test("provisions what is stale, but not in accounts that are not active", async () => {
  run = await runSandbox();
  await run.apply(
    planOf(
      create("group", group("Developers")),
      create("permissionSet", developers),
      create("assignment", toGroup(production, "Developers", "Developers"), "permissionSet/Developers"),
      create("assignment", toGroup(development, "Developers", "Developers"), "permissionSet/Developers"),
    ),
  );
  for (const role of run.holds.provisioned) role.latest = false;
  run.sandbox.state.organization!.accounts.find(({ Id }) => Id === development)!.State = "SUSPENDED";
  const result = await run.apply(planOf(provisioning("Developers", [development, production])));

  expect(result.outcomes).toEqual([
    {
      address: "provisioning/Developers",
      action: "provision",
      status: "done",
      detail: "Left as it was in accounts that are not active: development (222222222222)",
    },
  ]);
  expect(result).toMatchObject({ remaining: [], counts: { provisioned: 1 } });
  expect(calls("ProvisionPermissionSet").map(({ accountId }) => accountId)).toEqual([production]);
});

test("an interruption starts nothing new and lets what is under way end", async () => {
  run = await runSandbox({ seed: seedWithAccounts(120) });
  const controller = new AbortController();
  let startedBefore = 0;
  const result = await run.apply(
    planOf(
      create("group", group("All")),
      create("permissionSet", admins),
      ...accountIds(120).map((account) =>
        create("assignment", toGroup(account, "Admins", "All"), "group/All", "permissionSet/Admins"),
      ),
    ),
    {
      signal: controller.signal,
      audit: ({ address }) => {
        if (!address.startsWith("assignment/") || controller.signal.aborted) return;
        startedBefore = calls("CreateAccountAssignment").length;
        controller.abort();
      },
    },
  );

  expect(result.interrupted).toBe(true);
  expect(exitCodeOf(result)).toBe(130);
  expect(result.counts).toMatchObject({ failed: 0, skipped: 0 });
  expect(result.counts.notStarted).toBeGreaterThan(0);
  // What had been handed over to be sent went out; how far the run had come by then is up to the machine.
  expect(calls("CreateAccountAssignment").length).toBeLessThanOrEqual(startedBefore + 15);
  // Every request that went out was waited for, and is told as done.
  expect(run.holds.assignments).toHaveLength(result.counts.created - 2);
  expect(run.holds.requests.filter(({ Status }) => Status === "IN_PROGRESS")).toEqual([]);
});

const isWrite = (operation: string): boolean => !/^(List|Describe|Get|Is)/.test(operation);

const calls = (operation: string) =>
  run.log.filter(
    (entry): entry is Extract<LogEntry, { event: "request" }> =>
      entry.event === "request" && entry.operation === operation && entry.outcome === "ok",
  );

const nameOf = (arn: string): string | undefined =>
  run.holds.permissionSets.find(({ PermissionSetArn }) => PermissionSetArn === arn)?.Name;

const accountIds = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => String(600_000_000_000 + index));

const seedWithAccounts = (count: number): SandboxState => {
  const seed = defaultSeed();
  const { organization } = seed;
  if (organization === null) throw new Error("The seed has no organization.");
  for (const [index, Id] of accountIds(count).entries()) {
    organization.accounts.push({
      ...organization.accounts[0]!,
      Id,
      Name: `account-${index}`,
      Email: `a${index}@company.com`,
    });
  }
  return seed;
};
