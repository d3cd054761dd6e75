import { expect, test } from "vitest";
import { exitCodeOf } from "../../../src/apply/result.ts";
import { AwsError } from "../../../src/model/errors.ts";
import { succeeded } from "./support/fake-ports.ts";
import { accounts, execute, first, grant, listed, listedGroup, second } from "./support/fake-run.ts";
import { create, group, liveOf, permissionSet, planOf, remove, update, user } from "./support/plans.ts";

test("what AWS reports as done and does not show is read again for half a minute, then told", async () => {
  let reads = 0;
  const { result, milliseconds } = await execute(
    planOf(create("assignment", grant(first)), create("assignment", grant(second))),
    {
      createAccountAssignment: async () => succeeded("r"),
      listAccountAssignments: async (accountId) => {
        reads += 1;
        return accountId === first && reads > 4 ? [listed(first)] : [];
      },
    },
  );
  expect(result.remaining).toEqual([
    {
      address: `assignment/${second}/Admins/group:Developers`,
      problem: "missing",
      detail: "AWS reported success, and it is not there",
    },
  ]);
  expect(exitCodeOf(result)).toBe(7);
  expect(milliseconds).toBeGreaterThan(20_000);
  expect(milliseconds).toBeLessThan(31_000);
});

const lagging = {
  createAccountAssignment: async () => succeeded("r"),
  listAccountAssignments: async (accountId: string) => (accountId === first ? [listed(first)] : []),
};

test("what a signal leaves unread is not told as missing: the run was interrupted", async () => {
  const interrupt = new AbortController();
  const plan = planOf(create("assignment", grant(first)), create("assignment", grant(second)));
  let reads = 0;
  const { result, milliseconds } = await execute(
    plan,
    {
      ...lagging,
      listAccountAssignments: async (accountId) => {
        reads += 1;
        if (reads === 2) interrupt.abort();
        return await lagging.listAccountAssignments(accountId);
      },
    },
    { signal: interrupt.signal },
  );
  expect(result.remaining).toEqual([
    {
      address: `assignment/${second}/Admins/group:Developers`,
      problem: "unreadable",
      detail: "Done, and it could not be verified: the run was interrupted first",
    },
  ]);
  expect(result.interrupted).toBe(true);
  expect(exitCodeOf(result)).toBe(130);
  expect(milliseconds).toBeLessThan(10_000);
});

test("a signal that finds everything in place has interrupted nothing", async () => {
  const interrupt = new AbortController();
  const { result } = await execute(
    planOf(create("assignment", grant(first))),
    {
      ...lagging,
      listAccountAssignments: async (accountId) => {
        interrupt.abort();
        return await lagging.listAccountAssignments(accountId);
      },
    },
    { signal: interrupt.signal },
  );
  expect(result).toMatchObject({ interrupted: false, remaining: [] });
  expect(exitCodeOf(result)).toBe(0);
});

test("a lock that is lost while all is read back leaves everything in doubt, and is no interruption", async () => {
  const lost = new AbortController();
  const plan = planOf(create("assignment", grant(first)), create("assignment", grant(second)));
  const { result } = await execute(
    plan,
    {
      ...lagging,
      listAccountAssignments: async (accountId) => {
        lost.abort();
        return await lagging.listAccountAssignments(accountId);
      },
    },
    { signal: lost.signal, whyNotAlone: async () => "Another run took the lock" },
  );
  expect(result.remaining.map(({ detail }) => detail)).toEqual([
    "Done, and not certain to stand: Another run took the lock",
    "Done, and not certain to stand: Another run took the lock",
  ]);
  expect(exitCodeOf(result)).toBe(7);
});

test("reads back every kind of object, and names what differs", async () => {
  const jane = user("jane.doe", { title: "Engineer" });
  const { result } = await execute(
    planOf(
      update("user", user("jane.doe"), jane),
      update("group", group("Developers"), group("Engineers", "New")),
      remove("membership", { group: "Engineers", user: "jane.doe" }),
      update("permissionSet", permissionSet("Admins"), permissionSet("Admins", { sessionDuration: 7200 })),
      remove("assignment", grant(first)),
    ),
    {
      updateUser: async () => {},
      updateGroup: async () => {},
      deleteGroupMembership: async () => {},
      updatePermissionSet: async () => {},
      deleteAccountAssignment: async () => succeeded(""),
      listAccountsForProvisionedPermissionSet: async () => [],
      listUsers: async () => [],
      listGroups: async () => [listedGroup("g-dev", "Developers")],
      getGroupMembershipId: async () => "m-1",
      describePermissionSet: async () => ({
        arn: "arn-admins",
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
      listTags: async () => ({}),
      listAccountAssignments: () => Promise.reject(new AwsError("access-denied", "Not authorized")),
    },
    {
      state: liveOf({
        accounts,
        users: { "jane.doe": "u-jane" },
        groups: { Developers: "g-dev" },
        permissionSets: { Admins: "arn-admins" },
        memberships: { "membership/Engineers/jane.doe": "m-1" },
      }),
    },
  );
  expect(result.outcomes.map(({ status }) => status)).toEqual(["done", "done", "done", "done", "done"]);
  expect(result.remaining.map(({ problem, detail }) => [problem, detail])).toEqual([
    ["missing", "AWS reported success, and it is not there"],
    ["differs", "Not as planned: displayName, description"],
    ["still-there", "AWS reported success, and it is still there"],
    ["differs", "Not as planned: sessionDuration"],
    ["unreadable", "It could not be read back: Not authorized"],
  ]);
});

test("a group is listed once where many of its memberships were touched", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const { calls, result } = await execute(
    planOf(...names.map((name) => create("membership", { group: "Developers", user: name }))),
    {
      createGroupMembership: async (_, userId) => `m-${userId}`,
      listGroupMemberships: async (groupId) =>
        names.map((name) => ({ id: `m-${name}`, groupId, userId: `u-${name}` })),
    },
    {
      state: liveOf({
        groups: { Developers: "g-dev" },
        users: Object.fromEntries(names.map((name) => [name, `u-${name}`])),
      }),
    },
  );
  expect(result.remaining).toEqual([]);
  expect(calls.filter((call) => call.startsWith("list"))).toEqual(["listGroupMemberships g-dev"]);
});

test("nothing is certain where another run may have written before everything was read back", async () => {
  const plan = planOf(create("assignment", grant(first)), create("assignment", grant(second)));
  const methods = {
    createAccountAssignment: async () => succeeded("r"),
    listAccountAssignments: async (accountId: string) => (accountId === first ? [listed(first)] : []),
  };
  const lost = await execute(plan, methods, {
    whyNotAlone: async () => "Another run took the lock\nowner  joe",
  });
  expect(lost.result.remaining.map(({ problem, detail }) => [problem, detail])).toEqual([
    ["unreadable", "Done, and not certain to stand: Another run took the lock"],
    ["missing", "AWS reported success, and it is not there"],
  ]);
  expect(exitCodeOf(lost.result)).toBe(7);
  const alone = await execute(planOf(create("assignment", grant(first))), methods, {
    whyNotAlone: async () => null,
  });
  expect(exitCodeOf(alone.result)).toBe(0);
});
