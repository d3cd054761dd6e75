/** How much runs side by side, and what is left when something fails, is not active or is interrupted. */
import { afterEach, expect, test } from "vitest";
import { exitCodeOf } from "../../../src/apply/result.ts";
import { defaultSeed } from "../../../src/sandbox/seed.ts";
import type { SandboxState } from "../../../src/sandbox/state.ts";
import { admins, developers, development, production, readOnly } from "./support/first-plan.ts";
import { create, group, permissionSet, planOf, provisioning, toGroup, update } from "./support/plans.ts";
import type { SandboxRun } from "./support/sandbox-run.ts";
import { runSandbox } from "./support/sandbox-run.ts";

let run: SandboxRun;
afterEach(() => run.close());

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
  expect(run.calls("ProvisionPermissionSet").filter(({ accountId }) => accountId === undefined)).toHaveLength(
    1,
  );
  expect(run.calls("ProvisionPermissionSet").filter(({ accountId }) => accountId !== undefined)).toHaveLength(
    12,
  );

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
  expect(run.calls("ProvisionPermissionSet").map(({ accountId }) => accountId)).toEqual([production]);
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
        startedBefore = run.calls("CreateAccountAssignment").length;
        controller.abort();
      },
    },
  );

  expect(result.interrupted).toBe(true);
  expect(exitCodeOf(result)).toBe(130);
  expect(result.counts).toMatchObject({ failed: 0, skipped: 0 });
  expect(result.counts.notStarted).toBeGreaterThan(0);
  // What had been handed over to be sent went out; how far the run had come by then is up to the machine.
  expect(run.calls("CreateAccountAssignment").length).toBeLessThanOrEqual(startedBefore + 15);
  // Every request that went out was waited for, and is told as done.
  expect(run.holds.assignments).toHaveLength(result.counts.created - 2);
  expect(run.holds.requests.filter(({ Status }) => Status === "IN_PROGRESS")).toEqual([]);
});

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
