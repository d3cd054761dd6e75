/** What a failed change tells: what was done, what is not known, and what to do next. Never nothing. */
import { expect, test } from "vitest";
import { AwsError } from "../../../src/model/errors.ts";
import type { InstanceReader, InstanceWriter } from "../../../src/model/ports.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { failed } from "./support/fake-ports.ts";
import { execute, first, grant } from "./support/fake-run.ts";
import { create, group, permissionSet, planOf, policy, remove, update, user } from "./support/plans.ts";

type Methods = Partial<InstanceReader> & Partial<InstanceWriter>;

const failing = (code: string, message: string, hint?: string) => () =>
  Promise.reject(new AwsError(code, message, hint === undefined ? {} : { hint }));

const newGroup = planOf(create("group", group("New")));
const edited = planOf(
  update(
    "permissionSet",
    permissionSet("Admins"),
    permissionSet("Admins", { sessionDuration: 7200, inlinePolicy: policy("s3:Get*") }),
  ),
);

test.each<[what: string, plan: Plan, methods: Methods, detail: string, hint: RegExp]>([
  [
    "an object that is gone",
    planOf(update("user", user("jane.doe"), user("jane.doe", { title: "Engineer" }))),
    { updateUser: failing("not-found", "USER not found.") },
    "USER not found.",
    /^Plan again: something that this needs is gone since the plan was made/,
  ],
  [
    "no answer, and nothing found",
    newGroup,
    {
      createGroup: failing("unreachable", "no answer after 4 attempts (ETIMEDOUT)", "Check the network"),
      getGroupId: async () => null,
    },
    "no answer after 4 attempts (ETIMEDOUT). It may have taken effect all the same",
    /^Check the network$/,
  ],
  [
    "a failure of AWS",
    planOf(remove("group", group("Developers"))),
    { deleteGroup: failing("service-error", "AWS failed.", "Run it again") },
    "AWS failed. It may have taken effect all the same",
    /^Run it again$/,
  ],
  [
    "a refusal, which had no effect",
    planOf(remove("group", group("Developers"))),
    { deleteGroup: failing("access-denied", "Not authorized.", "Allow it") },
    "Not authorized.",
    /^Allow it$/,
  ],
  [
    "an object that stands there and cannot be read",
    newGroup,
    {
      createGroup: failing("unreachable", "no answer"),
      getGroupId: async () => "g-new",
      listGroupMemberships: failing("access-denied", "Not authorized to look"),
    },
    "group/New stands there, and it could not be read whether this run made it: Not authorized to look",
    /^Plan again/,
  ],
  [
    "a set that is edited in part",
    edited,
    {
      updatePermissionSet: async () => {},
      putInlinePolicy: failing("invalid-request", "Malformed policy.", "Look it up"),
    },
    "It was updated in part, and this is missing: inlinePolicy. The accounts keep the version that they have. Malformed policy.",
    /^Look it up$/,
  ],
  [
    "a set that AWS does not let go of, nobody knows where",
    planOf(remove("permissionSet", permissionSet("Admins"))),
    {
      deletePermissionSet: failing("conflict", "It is in use."),
      listAccountsForProvisionedPermissionSet: failing("throttled", "Later"),
    },
    "It is in use.",
    /run apply again later$/,
  ],
  [
    "a reason that nobody knows",
    planOf(create("assignment", grant(first))),
    { createAccountAssignment: async () => failed("r", "The moon is in the wrong phase") },
    `Could not assign Admins to group Developers in account-0 (${first})`,
    /^Mend what AWS names, then run apply again/,
  ],
  [
    "a mistake of our own",
    newGroup,
    { createGroup: () => Promise.reject(new TypeError("x is not a function")) },
    "x is not a function",
    /^This is a bug in reconcile/,
  ],
])("%s", async (_, plan, methods, detail, hint) => {
  const { result } = await execute(plan, methods);
  expect(result.outcomes.map(({ status, detail: told, hint: next }) => [status, told, next])).toEqual([
    ["failed", detail, expect.stringMatching(hint)],
  ]);
});
