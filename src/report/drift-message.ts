import type { Drift, DriftFinding } from "../drift/drift.ts";
import { driftAlarms } from "./drift-alarms.ts";
import { findingLines } from "./drift-lines.ts";
import { coverageText, countsText } from "./drift-view.ts";
import { escapeTerminal } from "./escape.ts";
import { type AccountNames, few, firstOf } from "./labels.ts";

/** Where it is told. */
export interface Told {
  /** As --environment says; null: the manifest. */
  readonly environment: string | null;
  /** Names of accounts by id. */
  readonly names: AccountNames;
  /** The issue that is kept; null: none. */
  readonly issueUrl: string | null;
  readonly runUrl: string | null;
}

/** Of an issue, or the first line of a message. One line, not escaped. */
export const driftTitle = (drift: Drift, environment: string | null): string => {
  const [before, after] = titles[drift.result];
  const arn = drift.instance.instanceArn;
  return `${before} ${subjectName(drift, environment)}${after} (${arn.slice(arn.lastIndexOf("/") + 1)})`;
};

const titles: Readonly<Record<Drift["result"], readonly [string, string]>> = {
  clean: ["No access drift any more in", ""],
  drift: ["Access drift in", ""],
  unchecked: ["Access in", " could not be checked in full"],
};

const subjectName = ({ manifest, instance }: Drift, environment: string | null): string =>
  environment ?? manifest.name ?? (instance.name || instance.identityStoreId);

/** For a chat: `text` is what Slack shows, the rest is for machines. */
export const driftMessage = (
  drift: Drift,
  { environment, names, issueUrl, runUrl }: Told,
): { readonly text: string; readonly [name: string]: unknown } => {
  const { result, counts, coverage, fingerprint, manifest, instance } = drift;
  const lines = [
    `${driftTitle(drift, environment)}${verdictOf(drift)}`,
    `${result === "clean" ? "" : `${countsText(counts)}. `}${coverageText(coverage)}.`,
    ...shownOf(drift, names),
    ...actorsOf(drift),
  ].map((line) => escapeForChat(shortened(line)));
  const links = [
    ["Issue", issueUrl],
    ["Run", runUrl],
  ] as const;
  return {
    text: [...lines, ...links.flatMap(([what, url]) => (url === null ? [] : [`${what}: ${url}`]))].join("\n"),
    environment: subjectName(drift, environment),
    result,
    counts,
    coverage,
    fingerprint,
    manifest: manifest.name,
    instance: instance.instanceArn,
    issue: issueUrl,
    run: runUrl,
  };
};

/** What a telephone shows of the message has to say how bad it is. */
const verdictOf = ({ findings }: Drift): string => {
  const risks = findings.map(({ risk }) => risk);
  const gained = risks.filter(({ access }) => access === "gained");
  if (gained.some(({ administratorAccounts }) => administratorAccounts.length > 0))
    return ": administrator access that is not declared";
  if (gained.length > 0) return ": more access than is declared";
  return risks.some(({ access }) => access === "lost") ? ": less access than is declared" : "";
};

/** What it means for access; where it means nothing, what differs. One line each. */
const shownOf = ({ findings, unchecked }: Drift, names: AccountNames): string[] => {
  const alarms = driftAlarms(findings, names).map(({ text }) => text);
  const all = alarms.length > 0 ? alarms : findings.map((finding) => inOneLine(finding, names));
  const unread = unchecked.map(({ scope, reason }) => `not checked: ${scope} (${reason})`);
  return [...firstOf(all), ...firstOf(unread)].map((text) => `• ${capital(text)}`);
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Who did it, where CloudTrail was asked and knows. */
const actorsOf = ({ findings }: Drift): string[] => {
  const actors = new Set(findings.flatMap(({ who }) => who?.slice(0, 1) ?? []).map(({ actor }) => actor));
  return actors.size === 0 ? [] : [`By, as CloudTrail has it: ${few([...actors])}`];
};

const inOneLine = (finding: DriftFinding, names: AccountNames): string =>
  `${finding.bucket}: ${findingLines(finding, names)[0]?.text ?? finding.address}`;

/** Characters of a line: Slack folds what is long, and takes nothing that is very long. */
const longestLine = 500;

const shortened = (text: string): string =>
  text.length <= longestLine ? text : `${text.slice(0, longestLine - 1).toWellFormed()}…`;

/**
 * Slack reads <!channel>, <@user> and links in angle brackets; these three characters are what it asks to escape.
 * Mattermost and others read @channel and [text](url), and all of them make links of addresses and code of ``: a space
 * of no width breaks those, and the rest of the message has them as they are.
 */
const escapeForChat = (text: string): string =>
  escapeTerminal(text)
    .replace(/(?<!\w)@(?=\w)|\](?=\()|:(?=\/\/)|www(?=\.)|`(?=`)/gi, "$&\u200B")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
