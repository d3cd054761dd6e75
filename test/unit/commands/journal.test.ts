import { mkdtempSync, readFileSync, rmSync, existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RequestEntry } from "../../../src/apply/journal.ts";
import { openJournal } from "../../../src/commands/journal.ts";
import { parseJournal } from "../../../src/commands/journal-lines.ts";

const time = "2026-01-01T00:00:00.000Z";
const head = {
  time,
  event: "begin",
  formatVersion: 1,
  instanceArn: "arn:i",
  planDigest: "d1",
  caller: "arn:c",
};
const address = "assignment/111111111111/Admin/group:All";
const write = (id: number, call = "createAccountAssignment", at = address) => ({
  time,
  event: "write",
  id,
  address: at,
  action: "create",
  call,
});
const request = (id: number, requestId: string): RequestEntry & { time: string } => ({
  time,
  event: "request",
  id,
  address,
  operation: "create-assignment",
  requestId,
  target: { accountId: "111111111111", permissionSet: "Admin", permissionSetArn: "arn:s" },
});
const parse = (...lines: readonly object[]) =>
  parseJournal(lines.map((line) => `${JSON.stringify(line)}\n`).join(""))?.left;

describe("parseJournal", () => {
  it("finds nothing in nothing, nor in a first line that was cut", () => {
    expect(parseJournal("")).toBeNull();
    expect(parseJournal('{"event":"beg')).toBeNull();
  });

  it("finds the requests without an end", () => {
    const left = parse(
      head,
      write(1),
      request(1, "r1"),
      write(2),
      request(2, "r2"),
      { time, event: "settled", requestId: "r1", status: "failed" },
      { time, event: "settled", requestId: "r2", status: "unfinished" },
    );
    expect(left?.requests.map(({ requestId }) => requestId)).toEqual(["r2"]);
    expect(left?.unanswered).toEqual([]);
  });

  it("finds the writes without an answer, and the changes that were cut short", () => {
    const left = parse(
      head,
      write(1, "createGroup", "group/All"),
      { time, event: "answer", id: 1 },
      { time, event: "change", address: "group/All", outcome: "done" },
      write(2, "createPermissionSet", "permissionSet/Admin"),
      { time, event: "answer", id: 2 },
      write(3, "attachManagedPolicy", "permissionSet/Admin"),
      write(4),
      write(5, "deleteUser", "user/x"),
      { time, event: "answer", id: 5, error: "conflict" },
    );
    expect(left).toMatchObject({ done: 1, unanswered: ["create-assignment"], planDigest: "d1" });
    expect(left?.brokenOff).toEqual([
      { address: "permissionSet/Admin", action: "create", requestIds: [] },
      { address, action: "create", requestIds: [] },
      { address: "user/x", action: "create", requestIds: [] },
    ]);
    expect(left?.calls.of("permissionSet/Admin")).toEqual([
      { call: "createPermissionSet", answer: "ok", times: 1 },
      { call: "attachManagedPolicy", answer: "unknown", times: 1 },
    ]);
    expect(left?.calls.of("user/x")).toEqual([{ call: "deleteUser", answer: "conflict", times: 1 }]);
    expect(left?.calls.of("group/All")).toEqual([]);
  });

  it("takes what was picked up for done with, and numbers writes anew in each run", () => {
    const left = parse(
      head,
      write(1),
      { time, event: "adopted" },
      { ...head, planDigest: "d2" },
      write(1),
      request(1, "r1"),
    );
    expect(left).toMatchObject({ planDigest: "d2", unanswered: [], requests: [{ requestId: "r1" }] });
    expect(left?.brokenOff).toHaveLength(1);
  });

  it("tells what this run and those before it did, but for what is still open", () => {
    const left = parse(
      head,
      write(1, "createGroup", "group/All"),
      { time, event: "answer", id: 1 },
      { time, event: "change", address: "group/All", outcome: "done" },
      write(2, "createUser", "user/ann"),
      { time, event: "answer", id: 2, error: "access-denied" },
      { time, event: "change", address: "user/ann", outcome: "failed" },
      write(3, "createUser", "user/bob"),
      { time, event: "answer", id: 3, error: "unreachable" },
      { time, event: "change", address: "user/bob", outcome: "failed" },
      write(4),
      request(4, "r4"),
      write(5, "createUser", "user/eve"),
      { time, event: "settled", requestId: "r4", status: "failed" },
      { time, event: "adopted" },
      { ...head, planDigest: "d2" },
      write(1, "createUser", "user/open"),
    );
    const run = { instanceArn: "arn:i", planDigest: "d1", runStartedAt: time };
    expect(left?.traces).toEqual([
      { ...run, address: "group/All", extent: "done" },
      { ...run, address: "user/bob", extent: "begun" },
      { ...run, address: "user/eve", extent: "begun" },
    ]);
  });

  it("leaves a line out that a crash has cut, and says where the whole ones end", () => {
    const whole = `${JSON.stringify(head)}\n`;
    expect(parseJournal(`${whole}{"event":"wri`)?.length).toBe(Buffer.byteLength(whole));
  });

  it.each([
    ["not JSON", 2, "it is not JSON"],
    ['{"event":"dance"}', 2, "its event is not known: dance"],
    ['{"event":"__proto__"}', 2, "its event is not known: __proto__"],
    ['{"event":"write","id":"one"}', 2, "id should be a number"],
    [
      '{"event":"settled","requestId":"r"}',
      2,
      "status should be one of succeeded, failed, unknown, unfinished",
    ],
    [JSON.stringify({ ...head, formatVersion: 2 }), 2, "its format is version 2, this reads 1"],
  ])("refuses %s", (text, line, message) => {
    const journal = `${JSON.stringify(head)}\n${text}\n${JSON.stringify(write(1))}\n`;
    expect(() => parseJournal(journal)).toThrow(expect.objectContaining({ line, message }));
  });

  it("refuses a file that is something else", () => {
    expect(() => parse(write(1))).toThrow("it does not begin with the begin of a run");
  });
});

describe("openJournal", () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "reconcile-journal-"));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const open = (path = "folder/journal.jsonl") => openJournal(path, { cwd, now: () => Date.parse(time) });
  const begin = { instanceArn: "arn:i", planDigest: "d1", caller: "arn:c" };
  const file = () => join(cwd, "folder/journal.jsonl");
  const { time: _, ...entry } = request(1, "r1");

  it("writes nothing before the run begins, and takes the file away when all has ended", async () => {
    const journal = await open();
    expect(existsSync(file())).toBe(false);
    await journal.begin(begin);
    await journal.record(entry);
    journal.note({ event: "settled", requestId: "r1", status: "succeeded" });
    await journal.end();
    expect(existsSync(file())).toBe(false);
  });

  it("reads no device, which may never end", async () => {
    await expect(open("/dev/zero")).rejects.toThrow("it is not a file");
  });

  it("leaves the file where a request may still be under way, and the next run finds it", async () => {
    const journal = await open();
    await journal.begin(begin);
    await Promise.all([journal.record(entry), journal.record({ ...entry, requestId: "r2" })]);
    await journal.record({ event: "settled", requestId: "r2", status: "succeeded" });
    await journal.record({ event: "settled", requestId: "r1", status: "unfinished" });
    await journal.end();
    const next = await open();
    expect(next.left).toMatchObject({
      instanceArn: "arn:i",
      startedAt: time,
      requests: [{ requestId: "r1" }],
    });
    // Not picked up: it stays for the one after.
    await next.end();
    const last = await open();
    expect(last.left).not.toBeNull();
    await last.adopted();
    last.note({ event: "settled", requestId: "r1", status: "unknown" });
    await last.end();
    expect(existsSync(file())).toBe(false);
  });

  it("goes on after the last whole line", async () => {
    const path = join(cwd, "journal.jsonl");
    writeFileSync(path, `${JSON.stringify(head)}\n{"event":"wri`);
    const next = await open("journal.jsonl");
    await next.record(entry);
    await next.end();
    expect(
      readFileSync(path, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).event),
    ).toEqual(["begin", "request"]);
  });

  it("says when it cannot be written, to everybody who waits and to the run", async () => {
    const journal = await open();
    rmSync(join(cwd, "folder"), { recursive: true });
    writeFileSync(join(cwd, "folder"), "in the way");
    const error = expect.objectContaining({
      code: "cannot-write",
      message: expect.stringContaining("Cannot write the journal folder/journal.jsonl"),
    });
    await expect(journal.begin(begin)).rejects.toEqual(error);
    expect(journal.failed.aborted).toBe(true);
    expect(journal.failed.reason).toEqual(error);
    await expect(journal.record(entry)).rejects.toEqual(error);
    await journal.end();
  });

  it("lets one run in at a time, and the next when it has ended or could not begin", async () => {
    const first = await open();
    const second = expect(open("./folder/../folder/journal.jsonl")).rejects;
    await second.toMatchObject({
      code: "journal-in-use",
      message: `Another apply (process ${process.pid}) on this machine is at work with the journal ./folder/../folder/journal.jsonl`,
      hint: expect.stringContaining("--lock"),
    });
    const other = await open("folder/other.jsonl");
    await other.end();
    await first.end();
    writeFileSync(file(), "what is this\n");
    await expect(open()).rejects.toMatchObject({ code: "journal-damaged" });
    await expect(open()).rejects.toMatchObject({ code: "journal-damaged" });
  });

  it("names the line that it cannot read, and what to do", async () => {
    writeFileSync(join(cwd, "journal.jsonl"), "what is this\n");
    await expect(open("journal.jsonl")).rejects.toMatchObject({
      code: "journal-damaged",
      message: "journal.jsonl:1: The journal cannot be read: it is not JSON",
      hint: expect.stringContaining("move the file away"),
    });
    await expect(open(".")).rejects.toMatchObject({ code: "cannot-write" });
    await expect(open("/dev/null")).rejects.toMatchObject({ code: "cannot-read" });
  });
});
