import type { Drift, DriftFinding } from "../drift/drift.ts";
import { driftAlarms } from "./drift-alarms.ts";
import { findingLines } from "./drift-lines.ts";
import { coverageText, countsText } from "./drift-view.ts";
import { escapeTerminal } from "./escape.ts";
import type { AccountNames } from "./labels.ts";

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
    driftTitle(drift, environment),
    `${result === "clean" ? "" : `${countsText(counts)}. `}${coverageText(coverage)}.`,
    ...shownOf(drift, names),
  ].map(escapeForChat);
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

/** What it means for access; where it means nothing, what differs. One line each. */
const shownOf = ({ findings, unchecked }: Drift, names: AccountNames): string[] => {
  const alarms = driftAlarms(findings, names).map(({ text }) => text);
  const all = alarms.length > 0 ? alarms : findings.map((finding) => inOneLine(finding, names));
  const unread = unchecked.map(({ scope, reason }) => `not checked: ${scope} (${reason})`);
  return [...firstOf(all), ...firstOf(unread)];
};

const inOneLine = (finding: DriftFinding, names: AccountNames): string =>
  `${finding.bucket}: ${findingLines(finding, names)[0]?.text ?? finding.address}`;

const mostShown = 8;

const firstOf = (texts: readonly string[]): string[] => {
  // One more is shorter than saying so.
  const shown = texts.length > mostShown + 1 ? texts.slice(0, mostShown) : texts;
  const rest = texts.length - shown.length;
  return [...shown, ...(rest === 0 ? [] : [`and ${rest} more`])].map((text) => `• ${text}`);
};

/**
 * Slack reads <!channel>, <@user> and links in angle brackets; these three characters are what it asks to escape.
 * Mattermost and others read @channel and [text](url), and all of them make links of addresses: a space of no width
 * breaks those, and the rest of the message has them as they are.
 */
const escapeForChat = (text: string): string =>
  escapeTerminal(text)
    .replace(/(?<!\w)@(?=\w)|\](?=\()|:(?=\/\/)|www(?=\.)/gi, "$&\u200B")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
