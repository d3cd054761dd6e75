import { closestName } from "../../model/names.ts";
import { parseTimeOfDay, parseTimestamp } from "../../model/timestamp.ts";
import { isTimeZone } from "../../model/zoned-time.ts";
import { finding, type ManifestCode, type Report } from "../codes.ts";
import { itemsOf, type Located, type LocatedText, property, textOf } from "../located.ts";
import { type Place, positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

/** A freeze window that never holds would guard nothing, without a word; one that always holds would say so too late. */
export const checkFreezeWindows: Rule = ({ root, now }, report) => {
  const names = new Map<string, Place>();
  for (const window of itemsOf(property(root, "guards"), "freeze")) {
    checkName(textOf(window, "name"), names, report);
    if (isWeekly(window)) checkWeekly(window, report);
    else checkOnce(window, now, report);
  }
};

/** It need not have days yet to be meant so. */
const isWeekly = (window: Located): boolean =>
  property(window, "days") !== undefined ||
  property(window, "timeZone") !== undefined ||
  ["from", "to"].some((name) => parseTimeOfDay(textOf(window, name)?.value ?? "") !== null);

const checkName = (name: LocatedText | undefined, names: Map<string, Place>, report: Report): void => {
  if (name === undefined) return;
  const first = names.get(name.value);
  if (first === undefined) {
    names.set(name.value, name.place);
    return;
  }
  report(
    finding("duplicate-item", `Two freeze windows are called '${name.value}'`, {
      position: positionOf(name.place),
      related: { message: "first here", position: positionOf(first) },
      hint: "give each a name of its own: the override names it",
    }),
  );
};

const checkOnce = (window: Located, now: number, report: Report): void => {
  const [from, to] = timesOf(window, parseTimestamp, "write it like 2026-12-19T00:00:00Z", report);
  if (from === undefined || to === undefined) {
    if (!hasBoth(window))
      missing(window, ["from", "to"], "give both; or days, for a window of every week", report);
  } else if (to.time <= from.time) {
    const message = `This freeze window ends ${to.time === from.time ? "as" : "before"} it begins`;
    tell("impossible-window", message, to.text, "let to be later than from", report);
  } else if (to.time <= now) {
    tell("expired", "The freeze window has ended: it freezes nothing any more", to.text, "remove it", report);
  }
};

const checkWeekly = (window: Located, report: Report): void => {
  const hint = 'with days it is a time of day, such as "18:00"; the end of a day is "00:00"';
  const [from, to] = timesOf(window, parseTimeOfDay, hint, report);
  const days = property(window, "days");
  if (days === undefined) missing(window, ["days"], "such as [Sat, Sun]", report);
  const [hasFrom, hasTo] = ["from", "to"].map((name) => property(window, name) !== undefined);
  if (hasFrom !== hasTo) {
    missing(window, [hasFrom ? "to" : "from"], "or leave both out, for whole days", report);
  } else if (from !== undefined && to !== undefined && from.time === to.time) {
    const message = "This freeze window ends as it begins";
    tell("impossible-window", message, to.text, "for whole days leave from and to out", report);
  } else if (!hasFrom && days?.kind === "list" && new Set(itemsOf(window, "days").map(plain)).size >= 7) {
    const message = "This freeze window holds all week: it never ends";
    tell("impossible-window", message, days, "name fewer days, or give from and to", report);
  }
  const zone = textOf(window, "timeZone");
  if (zone === undefined || isTimeZone(zone.value)) return;
  const closest = closestName(zone.value, Intl.supportedValuesOf("timeZone"));
  const example = closest === undefined ? "write it like Europe/Berlin or UTC" : `did you mean '${closest}'?`;
  tell("unknown-time-zone", `There is no time zone '${zone.value}'`, zone, example, report);
};

interface Time {
  readonly text: LocatedText;
  readonly time: number;
}

/** Those of `from` and `to` that are times. */
const timesOf = (
  window: Located,
  parse: (text: string) => number | null,
  hint: string,
  report: Report,
): readonly [Time | undefined, Time | undefined] => {
  const read = (name: string): Time | undefined => {
    const text = textOf(window, name);
    if (text === undefined) return undefined;
    const time = parse(text.value);
    if (time !== null) return { text, time };
    const expected = parse === parseTimestamp ? "a time with an offset" : "a time of day";
    tell("invalid-time", `'${text.value}' is not ${expected}`, text, hint, report);
    return undefined;
  };
  return [read("from"), read("to")];
};

const hasBoth = (window: Located): boolean =>
  ["from", "to"].every((name) => property(window, name) !== undefined);

const missing = (window: Located, names: readonly string[], hint: string, report: Report): void => {
  const lacking = names.filter((name) => property(window, name) === undefined);
  const message = `The freeze window lacks ${lacking.map((name) => `'${name}'`).join(" and ")}`;
  tell("missing-property", message, window, hint, report);
};

const tell = (code: ManifestCode, message: string, at: Located, hint: string, report: Report): void =>
  report(finding(code, message, { position: positionOf(at.place), hint }));

const plain = (node: Located): unknown => (node.kind === "scalar" ? node.value : undefined);
