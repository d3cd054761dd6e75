import { formatDuration, parseDuration } from "../../model/duration.ts";
import { describeCharacter, firstOther } from "../characters.ts";
import { finding, type Report } from "../codes.ts";
import { entriesOf, type Located, type LocatedText, placeOfCharacter, property, textOf } from "../located.ts";
import { positionOf } from "../source.ts";
import type { Rule } from "./rule.ts";

export const checkPermissionSets: Rule = ({ root }, report) => {
  checkSessionDuration(property(property(root, "defaults"), "sessionDuration"), report);
  for (const { value } of entriesOf(root, "permissionSets")) {
    checkSessionDuration(property(value, "sessionDuration"), report);
    checkDescription(textOf(value, "description"), report);
    checkRelayState(textOf(value, "relayState"), report);
  }
};

const hour = 3600;

const checkSessionDuration = (node: Located | undefined, report: Report): void => {
  if (node?.kind !== "scalar" || node.value === null || node.value === "") return;
  const position = positionOf(node.place);
  const text = String(node.value);
  const seconds = typeof node.value === "string" ? parseDuration(text) : null;
  if (seconds === null) {
    const message = `'${text}' is not an ISO 8601 duration`;
    report(finding("invalid-session-duration", message, { position, hint: suggestDuration(text) }));
  } else if (seconds < hour || seconds > 12 * hour) {
    const side = seconds < hour ? "shorter than PT1H" : "longer than PT12H";
    const message = `The session duration ${text} is ${side}`;
    report(finding("invalid-session-duration", message, { position, hint: "use PT1H to PT12H" }));
  }
};

/** 8h, 8 hours, T8H, 8 and 90m are what people write. */
const suggestDuration = (text: string): string => {
  const match = /^P?T?\s*(\d{1,3})\s*(h|hours?|m|min|minutes?)?$/i.exec(text.trim());
  const unit = /^m/i.test(match?.[2] ?? "h") ? 60 : hour;
  const seconds = Number(match?.[1] ?? 0) * unit;
  return seconds >= hour && seconds <= 12 * hour
    ? `write ${formatDuration(seconds)}`
    : "write it like PT8H or PT1H30M, from PT1H to PT12H";
};

const checkDescription = (text: LocatedText | undefined, report: Report): void => {
  if (text === undefined) return;
  const wrong = firstOther(text.value, /[\t\n\r\u0020-\u007E\u00A1-\u00FF]/);
  if (wrong === undefined) return;
  report(
    finding(
      "invalid-description",
      `The description holds ${describeCharacter(wrong)}, which AWS does not take`,
      {
        position: positionOf(placeOfCharacter(text, wrong)),
        hint: "descriptions of permission sets are Latin-1: letters of Western Europe, plain quotes and dashes",
      },
    ),
  );
};

const checkRelayState = (text: LocatedText | undefined, report: Report): void => {
  if (text === undefined) return;
  const wrong = firstOther(text.value, relayStateCharacter);
  if (wrong === undefined) return;
  report(
    finding(
      "invalid-relay-state",
      `The relay state holds ${describeCharacter(wrong)}, which AWS does not take`,
      {
        position: positionOf(placeOfCharacter(text, wrong)),
        hint: "write the address of a page of the AWS console, percent-encoded",
      },
    ),
  );
};

const relayStateCharacter = /[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+[\] (){}]/;
