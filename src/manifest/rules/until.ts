import { parseTimestamp } from "../../model/timestamp.ts";
import { finding, type Report } from "../codes.ts";
import type { LocatedText } from "../located.ts";
import { positionOf } from "../source.ts";

/** `until` of an assignment or an ignore rule: a time, and whether it has passed. */
export const checkUntil = (
  text: LocatedText | undefined,
  expiredMessage: string,
  now: number,
  report: Report,
): void => {
  if (text === undefined) return;
  const position = positionOf(text.place);
  const time = parseTimestamp(text.value);
  if (time === null) {
    const message = `'${text.value}' is not a time with an offset`;
    report(finding("invalid-time", message, { position, hint: "write it like 2026-12-31T18:00:00Z" }));
  } else if (time <= now) {
    report(finding("expired", expiredMessage, { position, hint: "remove it, or set a later time" }));
  }
};
