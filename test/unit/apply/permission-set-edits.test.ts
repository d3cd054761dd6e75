import { expect, test } from "vitest";
import { editsOf } from "../../../src/apply/permission-set-edits.ts";
import type { PermissionSet } from "../../../src/model/access-state.ts";
import { fakePorts } from "./support/fake-ports.ts";
import { permissionSet, policy } from "./support/plans.ts";

const a = "arn:aws:iam::aws:policy/A";
const b = "arn:aws:iam::aws:policy/B";
const own = { name: "Own", path: "/" };
const other = { name: "Own", path: "/other/" };
const done = async (): Promise<void> => {};

const callsFor = async (before: Partial<PermissionSet>, after: Partial<PermissionSet>) => {
  const { writer, calls } = fakePorts({
    updatePermissionSet: done,
    putInlinePolicy: done,
    deleteInlinePolicy: done,
    attachManagedPolicy: done,
    detachManagedPolicy: done,
    attachCustomerManagedPolicy: done,
    detachCustomerManagedPolicy: done,
    putPermissionsBoundary: done,
    deletePermissionsBoundary: done,
    tagPermissionSet: done,
    untagPermissionSet: done,
  });
  for (const edit of editsOf(permissionSet("S", before), permissionSet("S", after))) {
    await edit.write(writer, "arn");
  }
  return calls.map((call) => call.replace(" arn", ""));
};

test("what is equal needs no call", async () => {
  const parts = {
    managedPolicies: [a],
    inlinePolicy: policy("s3:Get*"),
    permissionsBoundary: { customerManagedPolicy: own },
    tags: { x: "1" },
    owner: "acme",
  };
  expect(await callsFor(parts, { ...parts, inlinePolicy: policy("s3:get*") })).toEqual([]);
});

test("detaches before it attaches, and puts a boundary before what it limits", async () => {
  const calls = await callsFor(
    { managedPolicies: [a], customerManagedPolicies: [own], inlinePolicy: policy("s3:*") },
    {
      managedPolicies: [b],
      customerManagedPolicies: [other],
      permissionsBoundary: { managedPolicyArn: a },
      inlinePolicy: policy("*"),
    },
  );
  expect(calls).toEqual([
    `detachManagedPolicy ${a}`,
    `detachCustomerManagedPolicy ${JSON.stringify(own)}`,
    `putPermissionsBoundary ${JSON.stringify({ managedPolicyArn: a })}`,
    `putInlinePolicy ${policy("*").text}`,
    `attachManagedPolicy ${b}`,
    `attachCustomerManagedPolicy ${JSON.stringify(other)}`,
  ]);
});

test("removes a boundary last", async () => {
  const calls = await callsFor(
    { permissionsBoundary: { managedPolicyArn: a }, managedPolicies: [a], inlinePolicy: policy("s3:*") },
    { managedPolicies: [b] },
  );
  expect(calls).toEqual([
    `detachManagedPolicy ${a}`,
    "deleteInlinePolicy",
    `attachManagedPolicy ${b}`,
    "deletePermissionsBoundary",
  ]);
});

test("sends all settings when one differs", async () => {
  const calls = await callsFor(
    { description: "Old", relayState: "https://console.aws.amazon.com/" },
    { description: "Old", relayState: "https://console.aws.amazon.com/", sessionDuration: 5400 },
  );
  expect(calls).toEqual([
    `updatePermissionSet ${JSON.stringify({ description: "Old", sessionDuration: "PT1H30M", relayState: "https://console.aws.amazon.com/" })}`,
  ]);
});

test("writes only the tags that differ; the owner mark is one of them", async () => {
  const calls = await callsFor(
    { tags: { keep: "1", change: "1", drop: "1", constructor: "x" } },
    { tags: { keep: "1", change: "2", constructor: "x" }, owner: "acme" },
  );
  expect(calls).toEqual([
    `untagPermissionSet ${JSON.stringify(["drop"])}`,
    `tagPermissionSet ${JSON.stringify({ change: "2", "reconcile:owner": "acme" })}`,
  ]);
});

test("only tags leave the roles as they are", () => {
  const changes = (before: Partial<PermissionSet>, after: Partial<PermissionSet>) =>
    editsOf(permissionSet("S", before), permissionSet("S", after)).some(({ changesRoles }) => changesRoles);
  expect(changes({ tags: { x: "1" } }, { tags: { x: "2" } })).toBe(false);
  expect(changes({}, { sessionDuration: 7200 })).toBe(true);
  expect(changes({}, { managedPolicies: [a] })).toBe(true);
});
