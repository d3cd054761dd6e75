import { describe, expect, test } from "vitest";
import { at, brief, desiredOf, dev, now, prod, resolveWith } from "./resolve-support.ts";

describe("assignments", () => {
  const admins = { groups: ["G"], permissionSets: ["S"], accounts: "production" };
  const address = `assignment/${prod}/S/group:G`;

  test("are every combination of an entry", () => {
    const { state, origins } = desiredOf({
      assignments: [
        {
          groups: ["G", "H"],
          users: ["u"],
          permissionSets: ["S", "T"],
          accounts: ["production", "development"],
          reason: "why",
        },
      ],
    });
    expect(state.assignments.size).toBe(12);
    expect(state.assignments.get(`assignment/${dev}/T/user:u`)).toEqual({
      accountId: dev,
      permissionSet: "T",
      principalType: "USER",
      principal: "u",
    });
    for (const key of state.assignments.keys()) {
      expect(origins.get(key)).toEqual({ position: at("assignments.0"), reason: "why" });
    }
  });

  test("accounts that are not active are skipped, once", () => {
    const { state, skipped } = desiredOf({
      assignments: [
        { ...admins, accounts: "*" },
        { ...admins, permissionSets: ["T"], accounts: "*" },
      ],
    });
    expect(state.assignments.size).toBe(4);
    expect(skipped).toEqual([
      {
        subject: "account/333333333333",
        reason: "the account is SUSPENDED",
        position: at("assignments.0.accounts"),
      },
    ]);
  });

  test("a selector that fails stops everything", () => {
    const { desired, findings } = resolveWith({
      assignments: [admins, { ...admins, accounts: "prodction" }],
    });
    expect(desired).toBeNull();
    expect(brief(findings)).toEqual(["error unknown-account assignments.1.accounts"]);
  });

  test("an end in the future is kept with its origin", () => {
    const { state, origins } = desiredOf({ assignments: [{ ...admins, until: "2026-06-01T00:00:01Z" }] });
    expect(state.assignments.has(address)).toBe(true);
    expect(origins.get(address)?.until).toBe(now + 1000);
  });

  test("what has expired is no longer desired, and says so", () => {
    const { state, origins, skipped, findings } = desiredOf({
      assignments: [{ ...admins, until: "2026-06-01T02:00:00+02:00" }],
    });
    expect([state.assignments.size, findings]).toEqual([0, []]);
    expect(skipped).toEqual([{ subject: address, reason: "expired", position: at("assignments.0") }]);
    expect(origins.get(address)).toEqual({ position: at("assignments.0"), until: now });
  });

  test("accounts of an expired entry may be gone", () => {
    const until = "2020-01-01T00:00:00Z";
    expect(desiredOf({ assignments: [{ ...admins, accounts: "gone", until }] }).skipped).toEqual([]);
  });

  test("what has expired in one entry and not in another is desired", () => {
    const old = { ...admins, until: "2020-01-01T00:00:00Z" };
    for (const assignments of [
      [old, admins],
      [admins, old],
    ]) {
      const { state, skipped, origins, findings } = desiredOf({ assignments });
      expect([state.assignments.size, skipped, origins.get(address)?.until, findings]).toEqual([
        1,
        [],
        undefined,
        [],
      ]);
    }
  });

  test("what has expired twice is skipped once, with the later end", () => {
    const { skipped, origins } = desiredOf({
      assignments: [
        { ...admins, until: "2020-01-01T00:00:00Z" },
        { ...admins, until: "2021-01-01T00:00:00Z" },
      ],
    });
    expect(skipped).toHaveLength(1);
    expect(origins.get(address)?.until).toBe(Date.parse("2021-01-01T00:00:00Z"));
  });

  test("overlaps are one warning for two entries, and name both", () => {
    const { state, findings } = desiredOf({
      assignments: [
        { ...admins, groups: ["G", "H"] },
        { ...admins, groups: ["H", "G", "I"] },
      ],
    });
    expect(state.assignments.size).toBe(3);
    expect(findings).toMatchObject([
      {
        code: "overlapping-assignment",
        severity: "warning",
        position: at("assignments.1"),
        related: { position: at("assignments.0") },
        address: `assignment/${prod}/S/group:H`,
      },
    ]);
    expect(findings[0]?.message).toContain("and 1 more");
  });

  test.each([
    [undefined, "2026-07-01T00:00:00Z", undefined],
    ["2026-07-01T00:00:00Z", undefined, undefined],
    ["2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z", "2026-08-01T00:00:00Z"],
    ["2026-08-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"],
  ])("of two ends, %s and %s, the later counts", (one, other, expected) => {
    const entries = [one, other].map((until) => (until === undefined ? admins : { ...admins, until }));
    const { origins, findings } = desiredOf({ assignments: entries });
    expect(origins.get(address)?.until).toBe(expected === undefined ? undefined : Date.parse(expected));
    expect(findings[0]?.message).toContain("the later end counts");
  });
});
