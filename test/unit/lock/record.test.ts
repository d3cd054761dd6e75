import { describe, expect, it } from "vitest";
import { type LockRecord, newId, readRecord, writeRecord } from "../../../src/lock/record.ts";
import { parseLockUrl } from "../../../src/lock/target.ts";

const target = parseLockUrl("s3://locks/x");
const record: LockRecord = {
  state: "held",
  id: "0123456789abcdef",
  write: "fedcba9876543210",
  owner: "jane",
  host: "runner-1",
  runUrl: null,
  planDigest: "abc",
  since: Date.UTC(2026, 10, 24),
  until: Date.UTC(2026, 10, 24, 0, 1, 0, 250),
};

describe("the record", () => {
  it("reads as it was written, and says times as people do", () => {
    const text = writeRecord(record);
    expect(text).toContain('"until": "2026-11-24T00:01:00.250Z"');
    expect(readRecord(text, target)).toEqual(record);
  });

  it.each([
    ["state", "stolen"],
    ["id", 5],
    ["write", null],
    ["owner", undefined],
    ["host", {}],
    ["runUrl", 1],
    ["planDigest", undefined],
    ["since", "yesterday"],
    ["until", 1_800_000_000],
    ["reconcileLock", "1"],
  ])("is no lock with another %s", (name, value) => {
    const fields: unknown = JSON.parse(writeRecord(record));
    const text = JSON.stringify({ ...(fields as object), [name]: value });
    expect(() => readRecord(text, target)).toThrow(expect.objectContaining({ code: "not-a-lock" }));
  });

  it.each(["", "null", "[]", "5", '"lock"', '{"__proto__": {"reconcileLock": 1}}'])(
    "is no lock as %j",
    (text) => {
      expect(() => readRecord(text, target)).toThrow(expect.objectContaining({ code: "not-a-lock" }));
    },
  );
});

describe("newId", () => {
  it("has 16 hex digits, whatever the chance", () => {
    expect(newId(() => 0)).toBe("0000000000000000");
    expect(newId(() => 1 - 2 ** -53)).toBe("ffffffffffffffff");
  });
});
