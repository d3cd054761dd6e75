import { expect, test } from "vitest";
import { AwsError } from "../../../src/model/errors.ts";
import type { InstanceReader, InstanceWriter } from "../../../src/model/ports.ts";
import { newUserDefaults } from "../../../src/model/user-attributes.ts";
import { failed, succeeded } from "./support/fake-ports.ts";
import { execute, first, grant, listed, listedGroup, second } from "./support/fake-run.ts";
import { create, group, liveOf, planOf, provisioning, remove, user } from "./support/plans.ts";

test("an empty plan makes no call", async () => {
  const { result, calls } = await execute(planOf(), {});
  expect(calls).toEqual([]);
  expect(result).toMatchObject({ outcomes: [], remaining: [], interrupted: false });
});

test("a creation whose reply was lost is found, unless somebody else uses the object", async () => {
  const plan = planOf(
    create("group", group("New")),
    create("membership", { group: "New", user: "jane.doe" }, "group/New"),
  );
  let looks = 0;
  const lost = {
    createGroup: () => Promise.reject(duplicate({ afterOpenAttempt: true })),
    // The read lags behind.
    getGroupId: async () => {
      looks += 1;
      return looks < 3 ? null : "g-new";
    },
    createGroupMembership: async () => "m-2",
    listGroups: async () => [listedGroup("g-new", "New")],
    getGroupMembershipId: async () => "m-2",
    listGroupMemberships: async () => [],
    listAccountAssignmentsForPrincipal: async () => [],
  };
  const ours = await execute(plan, lost);
  expect(ours.result).toMatchObject({ counts: { created: 2 }, remaining: [] });
  expect(ours.calls).toContain("createGroupMembership g-new u-jane");

  const foreign: Partial<InstanceReader & InstanceWriter>[] = [
    { listGroupMemberships: async () => [{ id: "m", groupId: "g-new", userId: "u-x" }] },
    { listAccountAssignmentsForPrincipal: async () => [listed(first)] },
    { listGroups: async () => [{ ...listedGroup("g-new", "New"), description: "Theirs" }] },
    { listGroups: async () => [{ ...listedGroup("g-new", "New"), external: true }] },
    { listGroups: async () => [] },
    // Sent once, or throttled before: no attempt can have made it.
    { createGroup: () => Promise.reject(duplicate({})) },
  ];
  for (const theirs of foreign) {
    const { result } = await execute(plan, { ...lost, ...theirs });
    expect(result.outcomes.map(({ status, detail }) => [status, detail])).toEqual([
      ["failed", "group/New appeared since the plan was made"],
      ["skipped", "It needs group/New, which failed"],
    ]);
  }
});

const duplicate = (options: { readonly afterOpenAttempt?: boolean }) =>
  new AwsError("conflict", "Duplicate", options);

test("a user is ours with our attributes only, in no group and with no access", async () => {
  const plan = planOf(create("user", user("new", { title: "Engineer" })));
  const { attributes } = user("new", { title: "Engineer" });
  const listedUser = {
    id: "u-new",
    userName: "new",
    attributes: { ...newUserDefaults({}), ...attributes },
    external: false,
    disabled: false,
  };
  const lost = {
    createUser: () => Promise.reject(duplicate({ afterOpenAttempt: true })),
    getUserId: async () => "u-new",
    listUsers: async () => [listedUser],
    listGroupMembershipsForMember: async () => [],
    listAccountAssignmentsForPrincipal: async () => [],
  };
  const ours = await execute(plan, lost);
  expect(ours.result).toMatchObject({ counts: { created: 1 }, remaining: [] });

  const foreign: Partial<InstanceReader & InstanceWriter>[] = [
    {
      listUsers: async () => [
        { ...listedUser, attributes: { ...listedUser.attributes, "email.value": "mallory@evil.example" } },
      ],
    },
    { listGroupMembershipsForMember: async () => [{ id: "m", groupId: "g-dev", userId: "u-new" }] },
    { listAccountAssignmentsForPrincipal: async () => [listed(first)] },
    { createUser: () => Promise.reject(duplicate({})) },
  ];
  for (const theirs of foreign) {
    const { result } = await execute(plan, { ...lost, ...theirs });
    expect(result.outcomes[0]?.detail).toBe("user/new appeared since the plan was made");
  }
});

test("a membership that stands there is as planned, whoever made it", async () => {
  const { result } = await execute(planOf(create("membership", { group: "Developers", user: "jane.doe" })), {
    createGroupMembership: () => Promise.reject(duplicate({})),
    getGroupMembershipId: async () => "m-9",
  });
  expect(result).toMatchObject({ counts: { created: 1 }, remaining: [] });
});

test("an error without an object behind it stays what it was", async () => {
  const { result } = await execute(planOf(create("user", user("new"))), {
    createUser: () => Promise.reject(new AwsError("access-denied", "Not authorized", { hint: "Allow it" })),
    getUserId: () => Promise.reject(new AwsError("access-denied", "Not authorized to look, either")),
  });
  expect(result.outcomes).toEqual([
    { address: "user/new", action: "create", status: "failed", detail: "Not authorized", hint: "Allow it" },
  ]);
});

test("a run that was interrupted before it began has begun nothing", async () => {
  const { result, calls } = await execute(
    planOf(create("assignment", grant(first)), provisioning("Admins", [first])),
    {},
    { signal: AbortSignal.abort() },
  );
  expect(calls).toEqual([]);
  expect(result).toMatchObject({ counts: { notStarted: 2 }, interrupted: true });
});

test("refuses to assign in an account that is not there or not active", async () => {
  const state = liveOf({
    accounts: [{ id: first, name: "legacy", state: "SUSPENDED" }],
    groups: { Developers: "g-dev" },
    permissionSets: { Admins: "arn-admins" },
  });
  const { result, calls } = await execute(
    planOf(create("assignment", grant(first)), create("assignment", grant(second))),
    {},
    { state },
  );
  expect(calls).toEqual([]);
  expect(result.outcomes.map(({ detail }) => detail)).toEqual([
    `Nothing can be assigned there: account ${first} is SUSPENDED`,
    `Nothing can be assigned there: account ${second} is not in the organization`,
  ]);
});

test("an orphaned assignment is removed by the id of its principal", async () => {
  const { calls, result } = await execute(
    planOf(remove("assignment", { ...grant(first), principal: "g-dead", orphan: true })),
    {
      deleteAccountAssignment: async () =>
        failed("r", "Received a 404 status error: the GROUP assignee g-dead was not found in directory d-1"),
      listAccountAssignments: async () => [{ ...listed(first), principalId: "g-dead" }],
    },
  );
  expect(calls[0]).toContain('"principalId":"g-dead"');
  expect(result.outcomes[0]).toMatchObject({
    status: "failed",
    detail: `Could not remove Admins from deleted group g-dead in account-0 (${first})`,
    hint: expect.stringContaining("The user or group is gone"),
  });
});

test("a name without an id fails that change alone", async () => {
  const { result } = await execute(planOf(remove("group", group("Nobody"))), {});
  expect(result.outcomes[0]).toMatchObject({
    status: "failed",
    detail: "group/Nobody was not there when Identity Center was read",
  });
});

test("an audit trail that cannot be written stops the run", async () => {
  const deleted: string[] = [];
  await expect(
    execute(
      planOf(remove("group", group("Developers")), create("assignment", grant(first), "group/Developers")),
      { deleteGroup: async (id) => void deleted.push(id) },
      {
        audit: () => {
          throw new Error("No space left on device");
        },
      },
    ),
  ).rejects.toThrow("No space left on device");
  expect(deleted).toEqual(["g-dev"]);
});

test("tells how it goes", async () => {
  const { progress } = await execute(
    planOf(create("assignment", grant(first)), create("assignment", grant("999999999999"))),
    {
      createAccountAssignment: async () => succeeded("r"),
      listAccountAssignments: async () => [listed(first)],
    },
  );
  const address = `assignment/${first}/Admins/group:Developers`;
  expect(progress).toEqual([
    { type: "phase", name: "Applying", total: 2 },
    { type: "change", address, status: "started" },
    {
      type: "change",
      address: "assignment/999999999999/Admins/group:Developers",
      status: "failed",
      detail: "Nothing can be assigned there: account 999999999999 is not in the organization",
    },
    { type: "change", address, status: "done" },
    { type: "phase", name: "Verifying", total: 1 },
  ]);
});
