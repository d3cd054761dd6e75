import { expect, test } from "vitest";
import type { JournalEntry } from "../../../src/apply/journal.ts";
import { journaledWriter } from "../../../src/apply/journaled-writer.ts";
import { NotStarted } from "../../../src/apply/failure.ts";
import { AwsError, ReconcileError } from "../../../src/model/errors.ts";
import type { InstanceWriter } from "../../../src/model/ports.ts";
import type { Change } from "../../../src/plan/plan.ts";
import { execute, first, grant } from "./support/fake-run.ts";
import { fakePorts, inProgress, succeeded } from "./support/fake-ports.ts";
import { create, group, planOf, provisioning, remove } from "./support/plans.ts";

const journaled = (change: Change, methods: Partial<InstanceWriter>, mayWrite = async () => {}) => {
  const entries: (JournalEntry | string)[] = [];
  const { writer } = fakePorts(methods);
  const journal = {
    record: async (entry: JournalEntry) => void entries.push(entry),
    note: (entry: JournalEntry) => void entries.push(entry),
  };
  let id = 0;
  return { entries, writer: journaledWriter(writer, change, { journal, nextId: () => (id += 1), mayWrite }) };
};

const target = { accountId: first, principalType: "GROUP", principalId: "g-dev" } as const;

test("a write is noted before it is sent, and its answer after", async () => {
  const { writer, entries } = journaled(create("group", group("All")), {
    createGroup: async () => {
      entries.push("sent");
      return "g-1";
    },
  });
  expect(await writer.createGroup("All", "a description")).toBe("g-1");
  expect(entries).toEqual([
    { event: "write", id: 1, address: "group/All", action: "create", call: "createGroup" },
    "sent",
    { event: "answer", id: 1 },
  ]);
});

test("the id of a request is noted with all that it is about", async () => {
  const { writer, entries } = journaled(create("assignment", grant(first)), {
    createAccountAssignment: async () => inProgress("r1"),
  });
  await writer.createAccountAssignment("arn-admins", target);
  expect(entries[1]).toEqual({
    event: "request",
    id: 1,
    address: `assignment/${first}/Admins/group:Developers`,
    operation: "create-assignment",
    requestId: "r1",
    target: { permissionSet: "Admins", permissionSetArn: "arn-admins", ...target },
  });
});

test("a provisioning names its account, or that it is all of them", async () => {
  const { writer, entries } = journaled(provisioning("Admins", [first]), {
    provisionPermissionSet: async () => inProgress("r1"),
  });
  await writer.provisionPermissionSet("arn-admins", first);
  await writer.provisionPermissionSet("arn-admins", null);
  expect(
    entries.flatMap((entry) =>
      typeof entry === "object" && entry.event === "request" ? [entry.target] : [],
    ),
  ).toEqual([
    { permissionSet: "Admins", permissionSetArn: "arn-admins", accountId: first },
    { permissionSet: "Admins", permissionSetArn: "arn-admins", accountId: null },
  ]);
});

test("a deletion that found nothing has no request; a refusal is an answer, by its code", async () => {
  const { writer, entries } = journaled(remove("assignment", grant(first)), {
    deleteAccountAssignment: async () => succeeded(""),
    createGroup: () => Promise.reject(new AwsError("conflict", "secret words")),
  });
  await writer.deleteAccountAssignment("arn-admins", target);
  await expect(writer.createGroup("All", null)).rejects.toMatchObject({ code: "conflict" });
  expect(entries.filter((entry) => typeof entry === "object" && entry.event === "answer")).toEqual([
    { event: "answer", id: 1 },
    { event: "answer", id: 2, error: "conflict" },
  ]);
  expect(JSON.stringify(entries)).not.toContain("secret");
});

test("where the journal cannot be written, nothing is sent", async () => {
  const { result, calls } = await execute(
    planOf(create("group", group("A"))),
    { createGroup: async () => "g-1" },
    { journal: { record: () => Promise.reject(new Error("No space left")), note: () => {} } },
  );
  expect(calls.filter((call) => call.startsWith("createGroup"))).toEqual([]);
  expect(result.outcomes).toMatchObject([{ status: "failed", detail: "No space left" }]);
});

test("when no write may be sent, none is noted or sent: a change has not begun, or says why it ends", async () => {
  const lost = new ReconcileError("lock-lost", "Another run took the lock", { hint: "Plan again" });
  let isLost = true;
  const mayWrite = async (): Promise<void> => {
    if (isLost) throw lost;
  };
  const change = create("group", group("All"));
  const { writer, entries } = journaled(change, { createGroup: async () => "g-1" }, mayWrite);
  await expect(writer.createGroup("All", null)).rejects.toBeInstanceOf(NotStarted);
  expect(entries).toEqual([]);

  isLost = false;
  await writer.createGroup("All", null);
  const begun = entries.length;
  isLost = true;
  const error = await writer.createGroup("All", null).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(AwsError);
  expect(error).toMatchObject({ code: "lock-lost", message: lost.message, hint: lost.hint });
  expect(entries).toHaveLength(begun);
});
