import { formatDuration, parseDuration } from "../../model/duration.ts";
import { finding, type Report } from "../codes.ts";
import { entriesOf, type LocatedText, placeOfCharacter, property, textOf } from "../located.ts";
import { positionOf } from "../source.ts";
import { describeCharacter } from "./names.ts";
import type { Rule } from "./rule.ts";

export const checkPermissionSets: Rule = ({ root }, report) => {
  checkSessionDuration(textOf(property(root, "defaults"), "sessionDuration"), report);
  for (const { value } of entriesOf(root, "permissionSets")) {
    checkSessionDuration(textOf(value, "sessionDuration"), report);
    checkDescription(textOf(value, "description"), report);
    checkRelayState(textOf(value, "relayState"), report);
  }
};

const hour = 3600;

const checkSessionDuration = (text: LocatedText | undefined, report: Report): void => {
  if (text === undefined) return;
  const position = positionOf(text.place);
  const seconds = parseDuration(text.value);
  if (seconds === null) {
    const message = `'${text.value}' is not an ISO 8601 duration`;
    report(finding("invalid-session-duration", message, { position, hint: suggestDuration(text.value) }));
  } else if (seconds < hour || seconds > 12 * hour) {
    const side = seconds < hour ? "shorter than PT1H" : "longer than PT12H";
    const message = `The session duration ${text.value} is ${side}`;
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
  const wrong = [...text.value].find((character) => !/[\t\n\r\u0020-\u007E\u00A1-\u00FF]/.test(character));
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
  const wrong = [...text.value].find((character) => !relayStateCharacter.test(character));
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
