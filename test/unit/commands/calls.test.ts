import { expect, it } from "vitest";
import type { JournalEntry } from "../../../src/apply/journal.ts";
import { createCallLog, mayStand } from "../../../src/commands/calls.ts";

const write = (id: number, call: string, address = "permissionSet/Dev"): JournalEntry => ({
  event: "write",
  id,
  address,
  action: "update",
  call,
});
const request = (id: number, requestId: string): JournalEntry => ({
  event: "request",
  id,
  address: "permissionSet/Dev",
  operation: "provision",
  requestId,
  target: { accountId: null, permissionSet: "Dev", permissionSetArn: "arn:s" },
});

it("tells for each change which calls were sent and what became of them", () => {
  const log = createCallLog();
  const entries: JournalEntry[] = [
    write(1, "updatePermissionSet"),
    { event: "answer", id: 1 },
    write(2, "putInlinePolicy"),
    { event: "answer", id: 2, error: "access-denied" },
    write(3, "provisionPermissionSet"),
    request(3, "r3"),
    write(4, "provisionPermissionSet"),
    request(4, "r4"),
    write(5, "provisionPermissionSet"),
    request(5, "r5"),
    { event: "settled", requestId: "r3", status: "succeeded" },
    { event: "settled", requestId: "r4", status: "failed" },
    { event: "settled", requestId: "r5", status: "succeeded" },
    { event: "settled", requestId: "of somebody else", status: "failed" },
    write(6, "createGroup", "group/All"),
    write(7, "createUser", "user/ann"),
    { event: "change", address: "user/ann", outcome: "done" },
  ];
  for (const entry of entries) log.take(entry);
  expect(log.of("permissionSet/Dev")).toEqual([
    { call: "updatePermissionSet", answer: "ok", times: 1 },
    { call: "putInlinePolicy", answer: "access-denied", times: 1 },
    { call: "provisionPermissionSet", answer: "ok", times: 2 },
    { call: "provisionPermissionSet", answer: "failed", times: 1 },
  ]);
  expect(log.of("group/All")).toEqual([{ call: "createGroup", answer: "unknown", times: 1 }]);
  expect(log.open()).toEqual(["permissionSet/Dev", "group/All"]);
});

it.each([
  ["ok", true],
  ["pending", true],
  ["unknown", true],
  ["unreachable", true],
  ["service-error", true],
  ["failed", false],
  ["access-denied", false],
  ["conflict", false],
  ["throttled", false],
  ["anything else", false],
])("a call that ended with %s may have had an effect: %s", (answer, expected) => {
  const call = "updatePermissionSet";
  expect(
    mayStand([
      { call, answer: "access-denied" },
      { call, answer },
    ]),
  ).toBe(expected);
});

it.each([
  ["createPermissionSet", "conflict", true],
  ["createPermissionSet", "not-found", false],
  ["deleteGroup", "not-found", true],
  ["deleteGroup", "conflict", false],
  ["deleteAccountAssignment", "failed", true],
  ["createAccountAssignment", "failed", false],
])(
  "%s that was sent again after a lost reply, and got %s, may have had one: %s",
  (call, answer, expected) => {
    expect(mayStand([{ call, answer }])).toBe(expected);
  },
);
