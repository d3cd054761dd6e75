import { describe, expect, it } from "vitest";
import type { FreezeTime, FreezeWindow } from "../../../../src/model/guards.ts";
import { zoneOf } from "../../../../src/model/zoned-time.ts";
import { makePlan } from "../../../../src/plan/make-plan.ts";
import { frozenUntil } from "../../../../src/plan/guards/freeze.ts";
import { type DesiredSketch, desired, live, plan } from "../builders.ts";

const at = (text: string): number => Date.parse(text);
const text = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString().replace(":00.000Z", "Z");
const until = (time: FreezeTime, now: string): string | null => text(frozenUntil(time, at(now)));

const minutes = (clock: string): number => {
  const [hours = 0, rest = 0] = clock.split(":").map(Number);
  return hours * 60 + rest;
};
/** Days as in "Sat Sun"; times as in "18:00-06:00", or none. */
const weekly = (days: string, times = "00:00-00:00", timeZone = "UTC"): FreezeTime => {
  const [from = "", to = ""] = times.split("-");
  const names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  return {
    kind: "weekly",
    days: days.split(" ").map((name) => names.indexOf(name)),
    from: minutes(from),
    to: minutes(to),
    timeZone,
  };
};

describe("a window once", () => {
  const time: FreezeTime = { kind: "once", from: at("2026-12-19T00:00Z"), to: at("2027-01-04T06:00Z") };
  it.each([
    ["2026-12-18T23:59:59Z", null],
    ["2026-12-19T00:00Z", "2027-01-04T06:00Z"],
    ["2027-01-04T05:59:59Z", "2027-01-04T06:00Z"],
    ["2027-01-04T06:00Z", null],
  ])("at %s: %s", (now, expected) => {
    expect(until(time, now)).toBe(expected);
  });
});

// 2026-11-23 is a Monday.
describe("a window of every week", () => {
  it.each<[string, FreezeTime, string, string | null]>([
    ["a minute before", weekly("Mon", "09:00-17:00"), "2026-11-23T08:59:59Z", null],
    ["as it begins", weekly("Mon", "09:00-17:00"), "2026-11-23T09:00Z", "2026-11-23T17:00Z"],
    ["its last minute", weekly("Mon", "09:00-17:00"), "2026-11-23T16:59:59Z", "2026-11-23T17:00Z"],
    ["as it ends", weekly("Mon", "09:00-17:00"), "2026-11-23T17:00Z", null],
    ["another day", weekly("Mon", "09:00-17:00"), "2026-11-24T12:00Z", null],
    ["over midnight, the evening", weekly("Mon", "18:00-06:00"), "2026-11-23T18:00Z", "2026-11-24T06:00Z"],
    ["over midnight, the morning", weekly("Mon", "18:00-06:00"), "2026-11-24T05:59Z", "2026-11-24T06:00Z"],
    ["over midnight, as it ends", weekly("Mon", "18:00-06:00"), "2026-11-24T06:00Z", null],
    ["over midnight, the morning before", weekly("Mon", "18:00-06:00"), "2026-11-23T05:00Z", null],
    ["to the end of a day", weekly("Mon", "18:00-00:00"), "2026-11-23T23:59Z", "2026-11-24T00:00Z"],
    ["after the end of a day", weekly("Mon", "18:00-00:00"), "2026-11-24T00:00Z", null],
    ["a whole day", weekly("Mon"), "2026-11-23T00:00Z", "2026-11-24T00:00Z"],
    ["days that follow each other are one", weekly("Sat Sun"), "2026-11-28T00:00Z", "2026-11-30T00:00Z"],
    ["over the end of the week", weekly("Sat Sun Mon"), "2026-11-28T12:00Z", "2026-12-01T00:00Z"],
    ["up to six days", weekly("Mon Tue Wed Thu Fri Sat"), "2026-11-23T00:00Z", "2026-11-29T00:00Z"],
    ["days with a gap are not", weekly("Mon Tue", "06:01-06:00"), "2026-11-23T12:00Z", "2026-11-24T06:00Z"],
    ["in the gap", weekly("Mon Tue", "06:01-06:00"), "2026-11-24T06:00Z", null],
  ])("%s", (_, time, now, expected) => {
    expect(until(time, now)).toBe(expected);
  });

  it("goes by the clocks of its zone", () => {
    const tokyo = weekly("Mon", "09:00-17:00", "Asia/Tokyo");
    expect(until(tokyo, "2026-11-22T23:59:59Z")).toBeNull();
    expect(until(tokyo, "2026-11-23T00:00Z")).toBe("2026-11-23T08:00Z");
    const kathmandu = weekly("Mon", "00:00-01:00", "Asia/Kathmandu");
    expect(until(kathmandu, "2026-11-22T18:15Z")).toBe("2026-11-22T19:15Z");
    expect(until(kathmandu, "2026-11-22T18:14Z")).toBeNull();
  });
});

describe("where clocks change", () => {
  // In Berlin on 2026-03-29 at 01:00Z from 02:00 to 03:00, and on 2026-10-25 at 01:00Z from 03:00 to 02:00.
  const berlin = (days: string, times?: string): FreezeTime => weekly(days, times, "Europe/Berlin");
  it.each<[string, FreezeTime, string, string | null]>([
    ["a short day, before it", berlin("Sun"), "2026-03-28T22:59Z", null],
    ["a short day", berlin("Sun"), "2026-03-28T23:00Z", "2026-03-29T22:00Z"],
    ["a short day, after it", berlin("Sun"), "2026-03-29T22:00Z", null],
    ["a long day, before it", berlin("Sun"), "2026-10-24T21:59Z", null],
    ["a long day", berlin("Sun"), "2026-10-24T22:00Z", "2026-10-25T23:00Z"],
    ["a long day, its last minute", berlin("Sun"), "2026-10-25T22:59Z", "2026-10-25T23:00Z"],
    [
      "a beginning that the clocks skip",
      berlin("Sun", "02:30-05:00"),
      "2026-03-29T01:00Z",
      "2026-03-29T03:00Z",
    ],
    ["before a beginning that the clocks skip", berlin("Sun", "02:30-05:00"), "2026-03-29T00:59Z", null],
    ["an end that the clocks skip", berlin("Sun", "01:00-02:30"), "2026-03-29T00:59Z", "2026-03-29T01:00Z"],
    ["after an end that the clocks skip", berlin("Sun", "01:00-02:30"), "2026-03-29T01:00Z", null],
    ["one that the clocks skip as a whole", berlin("Sun", "02:10-02:50"), "2026-03-29T01:00Z", null],
    [
      "a beginning that comes twice, first",
      berlin("Sun", "02:30-05:00"),
      "2026-10-25T00:30Z",
      "2026-10-25T04:00Z",
    ],
    [
      "a beginning that comes twice, between",
      berlin("Sun", "02:30-05:00"),
      "2026-10-25T01:15Z",
      "2026-10-25T04:00Z",
    ],
    [
      "an end that comes twice, between",
      berlin("Sun", "01:00-02:30"),
      "2026-10-25T00:45Z",
      "2026-10-25T01:30Z",
    ],
    ["an end that comes twice, after", berlin("Sun", "01:00-02:30"), "2026-10-25T01:30Z", null],
    ["over midnight into it", berlin("Sat", "22:00-06:00"), "2026-10-25T04:59Z", "2026-10-25T05:00Z"],
    ["over midnight out of it", berlin("Sun", "22:00-06:00"), "2026-10-25T21:00Z", "2026-10-26T05:00Z"],
    ["a weekend with a long day", berlin("Sat Sun"), "2026-10-23T22:00Z", "2026-10-25T23:00Z"],
  ])("%s", (_, time, now, expected) => {
    expect(until(time, now)).toBe(expected);
  });

  it("a wall time is shown when the zone's clocks show it", () => {
    const zones = [
      "UTC",
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Beirut",
      "Pacific/Apia",
    ];
    for (const name of zones) {
      const { wallTime, instants } = zoneOf(name);
      for (let wall = Date.UTC(2026, 0, 1); wall < Date.UTC(2027, 0, 1); wall += 1_800_000 * 13) {
        const { first, last } = instants(wall);
        expect(last).toBeGreaterThanOrEqual(first);
        expect(wallTime(first)).toBeGreaterThanOrEqual(wall);
        if (wallTime(first) > wall) expect(wallTime(first - 60_000)).toBeLessThan(wall);
        expect(wallTime(first - 60_000)).not.toBe(wall);
        expect(wallTime(last + 60_000)).not.toBe(wall);
      }
    }
  });
});

describe("the guard", () => {
  const window = (name: string, time: FreezeTime): FreezeWindow => ({ name, reason: `${name} it is`, time });
  const windows = [
    window("weekend", weekly("Sat Sun")),
    window("year-end", { kind: "once", from: at("2026-12-19T00:00Z"), to: at("2027-01-04T06:00Z") }),
  ];
  const wanted: DesiredSketch = { groups: ["Team"], guards: { freeze: windows } };
  const saturday = at("2026-12-19T12:00Z");
  const judged = (now: number, allow?: string) =>
    plan(wanted, {}, new Map(allow === undefined ? [] : [["freeze", allow]]), { now });
  const verdicts = (now: number, allow?: string) =>
    judged(now, allow).guards.map(({ verdict, args }) => `${verdict} ${args.window}`);

  it("tells each window that holds, when it ends, and the override", () => {
    expect(judged(saturday).guards).toEqual([
      {
        guard: "freeze",
        verdict: "refused-now",
        args: { count: 1, window: "weekend", reason: "weekend it is", until: "2026-12-21T00:00:00Z" },
        override: "--allow freeze=weekend:2026-12-21T00:00:00Z",
      },
      {
        guard: "freeze",
        verdict: "refused-now",
        args: { count: 1, window: "year-end", reason: "year-end it is", until: "2027-01-04T06:00:00Z" },
        override: "--allow freeze=year-end:2027-01-04T06:00:00Z",
      },
    ]);
  });

  it("an override is for one window until it ends, and for no other", () => {
    const weekend = "weekend:2026-12-21T00:00:00Z";
    expect(verdicts(saturday, weekend)).toEqual(["allowed weekend", "refused-now year-end"]);
    expect(verdicts(saturday, `${weekend},year-end:2027-01-04T06:00:00Z`)).toEqual([
      "allowed weekend",
      "allowed year-end",
    ]);
    expect(verdicts(at("2026-11-28T12:00Z"), weekend)).toEqual(["refused-now weekend"]);
  });

  it.each(["weekend", "12", "weekend:12", "all", "*", "weekend:2026-12-21"])(
    "freeze=%s is a mistake",
    (value) => {
      const allow = new Map([["freeze", value]]);
      const { findings } = makePlan(desired(wanted), live(), { toolVersion: "0", allow, now: saturday });
      expect(findings).toMatchObject([{ code: "bad-allowance" }]);
    },
  );

  it("has no word on what the plan is: the digest is the same at any time", () => {
    const before = judged(at("2026-11-24T12:00Z"));
    expect(before.guards).toEqual([]);
    expect(judged(saturday).digest).toBe(before.digest);
  });

  it("nothing to do is not refused", () => {
    expect(plan(wanted, { groups: ["Team"] }, new Map(), { now: saturday }).guards).toEqual([]);
  });
});
