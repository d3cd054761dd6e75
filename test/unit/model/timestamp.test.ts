import { describe, expect, it } from "vitest";
import { isDateText, parseTimestamp } from "../../../src/model/timestamp.ts";

describe("parseTimestamp", () => {
  it.each([
    ["2026-12-31T18:00:00Z", Date.UTC(2026, 11, 31, 18)],
    ["2026-12-31t18:00:00z", Date.UTC(2026, 11, 31, 18)],
    ["2026-12-31T18:00:00.250+01:30", Date.UTC(2026, 11, 31, 16, 30, 0, 250)],
    ["2024-02-29T00:00:00-05:00", Date.UTC(2024, 1, 29, 5)],
    ["2026-02-29T00:00:00Z", null],
    ["2026-13-01T00:00:00Z", null],
    ["2026-12-31T24:00:00Z", null],
    ["2026-12-31T18:60:00Z", null],
    ["2026-12-31T18:00:00+24:00", null],
    ["2026-12-31T18:00:00", null],
    ["2026-12-31", null],
    ["31.12.2026", null],
  ])("%s: %s", (text, time) => {
    expect(parseTimestamp(text)).toBe(time);
  });
});

it.each([
  ["1990-01-31", true],
  ["2000-02-29", true],
  ["1900-02-29", false],
  ["1990-00-10", false],
  ["1990-1-3", false],
])("isDateText(%s) is %s", (text, expected) => {
  expect(isDateText(text)).toBe(expected);
});
