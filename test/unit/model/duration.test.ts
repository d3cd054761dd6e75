import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../../src/model/duration.ts";

describe("parseDuration", () => {
  test.each([
    ["PT8H", 28_800],
    ["PT60M", 3600],
    ["PT1H30M", 5400],
    ["PT0S", 0],
    ["P1D", 86_400],
    ["P1DT1H1M1S", 90_061],
    ["PT08H", 28_800],
  ])("%s is %i seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.each([
    "",
    "P",
    "PT",
    "P1DT",
    "8H",
    "pt8h",
    "PT8",
    "PT-8H",
    "-PT8H",
    "P1Y",
    "P1M",
    "P1W",
    "PT1.5H",
    "PT30M1H",
    "PT8H ",
    "PT8H\n",
    "PT٨H",
    "PT99999999999H",
  ])("%j is no duration", (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe("formatDuration", () => {
  test.each([
    [0, "PT0S"],
    [3600, "PT1H"],
    [5400, "PT1H30M"],
    [61, "PT1M1S"],
    [86_400, "PT24H"],
  ])("%i seconds are written %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test("what is formatted parses to the same time", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });
});
