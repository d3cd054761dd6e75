import { expect, test } from "vitest";
import { AwsError } from "../../../src/model/errors.ts";
import type { InstanceReader, InstanceWriter } from "../../../src/model/ports.ts";
import { failed, succeeded } from "./support/fake-ports.ts";
import { accounts, execute, first, second, stale, third } from "./support/fake-run.ts";
import { create, liveOf, permissionSet, planOf, provisioning, remove, update } from "./support/plans.ts";

test("a permission set of that name that is not like ours is not taken over", async () => {
  const plan = planOf(create("permissionSet", permissionSet("New", { owner: "acme" })));
  const described = {
    name: "New",
    description: null,
    sessionDuration: "PT1H",
    relayState: null,
    createdAt: null,
  };
  const exists = (afterOpenAttempt: boolean) =>
    new AwsError("conflict", "PermissionSet with name New already exists.", { afterOpenAttempt });
  const there = {
    createPermissionSet: () => Promise.reject(exists(true)),
    listPermissionSets: async () => ["arn-admins", "arn-new"],
    describePermissionSet: async (arn: string) => ({ arn, ...described }),
    getInlinePolicy: async () => null,
    listManagedPolicies: async () => [],
    listCustomerManagedPolicies: async () => [],
    getPermissionsBoundary: async () => null,
    listAccountsForProvisionedPermissionSet: async () => [],
    listTags: async () => ({ "reconcile:owner": "acme" }),
  };
  const ours = await execute(plan, there);
  expect(ours.result).toMatchObject({ counts: { created: 1 }, remaining: [] });
  expect(ours.calls).not.toContain("describePermissionSet arn-admins");

  const foreign: Partial<InstanceReader & InstanceWriter>[] = [
    { listTags: async () => ({ "reconcile:owner": "other" }) },
    { describePermissionSet: async (arn) => ({ arn, ...described, sessionDuration: "PT12H" }) },
    { listManagedPolicies: async () => ["arn:aws:iam::aws:policy/AdministratorAccess"] },
    { listCustomerManagedPolicies: async () => [{ name: "Everything", path: "/" }] },
    { getInlinePolicy: async () => "{}" },
    { getPermissionsBoundary: async () => ({ managedPolicyArn: "arn:aws:iam::aws:policy/PowerUserAccess" }) },
    { listAccountsForProvisionedPermissionSet: async () => [first] },
    // Sent once, or throttled before: no attempt can have made it.
    { createPermissionSet: () => Promise.reject(exists(false)) },
  ];
  for (const theirs of foreign) {
    const { result } = await execute(plan, { ...there, ...theirs });
    expect(result.outcomes[0]?.detail).toBe("permissionSet/New appeared since the plan was made");
  }
});

test("a policy that is attached already is attached, once a read shows it", async () => {
  const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
  const conflict = new AwsError("conflict", `The managed policy ${admin} is already attached`);
  const plan = planOf(
    update("permissionSet", permissionSet("Admins"), permissionSet("Admins", { managedPolicies: [admin] })),
  );
  let reads = 0;
  const methods = {
    attachManagedPolicy: () => Promise.reject(conflict),
    listManagedPolicies: async () => {
      reads += 1;
      return reads < 3 ? [] : [admin];
    },
    listAccountsForProvisionedPermissionSet: async () => [],
  };
  const attached = await execute(plan, methods);
  expect(attached.result.outcomes[0]?.status).toBe("done");
  const refused = await execute(plan, { ...methods, listManagedPolicies: async () => [] });
  expect(refused.result.outcomes[0]).toMatchObject({ status: "failed", detail: conflict.message });
});

test("a permission set is deleted when its accounts have let go of it", async () => {
  let attempts = 0;
  const conflict = new AwsError("conflict", "Could not delete because PermissionSet has ApplicationProfile");
  const { result, progress } = await execute(planOf(remove("permissionSet", permissionSet("Admins"))), {
    deletePermissionSet: async () => {
      attempts += 1;
      if (attempts < 6) throw conflict;
    },
    listPermissionSets: async () => [],
  });
  expect(result).toMatchObject({ counts: { deleted: 1 }, remaining: [] });
  expect(progress.filter(({ type }) => type === "retry")).toHaveLength(5);

  const stuck = await execute(planOf(remove("permissionSet", permissionSet("Admins"))), {
    deletePermissionSet: () => Promise.reject(conflict),
    listAccountsForProvisionedPermissionSet: async () => [first],
  });
  expect(stuck.result.outcomes[0]).toMatchObject({
    status: "failed",
    detail: `It is still provisioned in account-0 (${first})`,
    failureReason: conflict.message,
  });
  expect(stuck.milliseconds / 60_000).toBeGreaterThan(4);
  expect(stuck.milliseconds / 60_000).toBeLessThan(5.1);
});

test("an edit is brought to every account that has the set, though AWS does not tell yet that it is stale", async () => {
  const { calls } = await execute(
    planOf(
      update("permissionSet", permissionSet("Admins"), permissionSet("Admins", { sessionDuration: 7200 })),
    ),
    {
      updatePermissionSet: async () => {},
      listAccountsForProvisionedPermissionSet: async (_arn, status) =>
        status === null ? [first, second] : [second],
      provisionPermissionSet: async () => succeeded("r"),
    },
  );
  expect(calls.filter((call) => call.startsWith("provisionPermissionSet"))).toEqual([
    `provisionPermissionSet arn-admins ${first}`,
    `provisionPermissionSet arn-admins ${second}`,
  ]);
});

test("asks once, and provisions nothing, where only tags changed", async () => {
  const { result, calls } = await execute(
    planOf(update("permissionSet", permissionSet("Admins"), permissionSet("Admins", { tags: { a: "b" } }))),
    {
      tagPermissionSet: async () => {},
      listAccountsForProvisionedPermissionSet: async () => [],
      describePermissionSet: async (arn) => ({
        arn,
        name: "Admins",
        description: null,
        sessionDuration: "PT1H",
        relayState: null,
        createdAt: null,
      }),
      getInlinePolicy: async () => null,
      listManagedPolicies: async () => [],
      listCustomerManagedPolicies: async () => [],
      getPermissionsBoundary: async () => null,
      listTags: async () => ({ a: "b" }),
    },
  );
  expect(result.remaining).toEqual([]);
  expect(calls.slice(0, 3)).toEqual([
    `tagPermissionSet arn-admins ${JSON.stringify({ a: "b" })}`,
    stale,
    "describePermissionSet arn-admins",
  ]);
});

test("many stale accounts take one request; what it left behind is asked for one by one", async () => {
  const all = accounts.map(({ id }) => id);
  let left = all;
  const { result, calls } = await execute(planOf(provisioning("Admins", all)), {
    listAccountsForProvisionedPermissionSet: async (_, status) => (status === null ? all : left),
    provisionPermissionSet: async (_, accountId) => {
      if (accountId === null) {
        left = [second, third];
        return failed("r", "Received a 404 status error: Not supported policy");
      }
      left = left.filter((id) => id !== third);
      return accountId === third
        ? succeeded("r")
        : failed("r", "Received a 404 status error: Not supported policy P.");
    },
  });
  expect(calls.filter((call) => call.startsWith("provision"))).toEqual([
    "provisionPermissionSet arn-admins null",
    `provisionPermissionSet arn-admins ${second}`,
    `provisionPermissionSet arn-admins ${third}`,
  ]);
  expect(result.outcomes[0]).toMatchObject({
    status: "failed",
    detail: `Not provisioned in 1 of 20 accounts: account-1 (${second})`,
    failureReason: `account-1 (${second}): Received a 404 status error: Not supported policy P.`,
    hint: expect.stringContaining("Create the customer managed policy"),
  });
});

test("one account that is not active makes many requests of one", async () => {
  const all = accounts.map(({ id }) => id);
  const state = liveOf({
    accounts: accounts.map((account, index) =>
      index === 0 ? { ...account, state: "SUSPENDED" as const } : account,
    ),
    permissionSets: { Admins: "arn-admins" },
  });
  let left = all;
  const { calls, result } = await execute(
    planOf(provisioning("Admins", all)),
    {
      listAccountsForProvisionedPermissionSet: async (_, status) => (status === null ? all : left),
      provisionPermissionSet: async (_, accountId) => {
        left = left.filter((id) => id !== accountId);
        return succeeded("r");
      },
    },
    { state },
  );
  expect(calls.filter((call) => call.startsWith("provision"))).toHaveLength(19);
  expect(calls).not.toContain(`provisionPermissionSet arn-admins ${first}`);
  expect(result).toMatchObject({ counts: { provisioned: 1 }, remaining: [] });
});

test("an edit that was interrupted before its provisioning is not told as done", async () => {
  const controller = new AbortController();
  const { result } = await execute(
    planOf(
      update("permissionSet", permissionSet("Admins"), permissionSet("Admins", { sessionDuration: 7200 })),
    ),
    {
      updatePermissionSet: async () => controller.abort(),
      listAccountsForProvisionedPermissionSet: async () => [first],
    },
    { signal: controller.signal },
  );
  expect(result.outcomes[0]).toMatchObject({
    status: "failed",
    detail: "Edited, and not provisioned: the run was interrupted first",
  });
});
