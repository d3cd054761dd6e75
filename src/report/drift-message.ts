import type { Drift } from "../drift/drift.ts";
import { driftAlarms } from "./drift-alarms.ts";
import { driftLastLine } from "./drift-view.ts";
import { escapeTerminal } from "./escape.ts";
import { type AccountNames, few } from "./labels.ts";

/** Of an issue. One line, plain text. */
export const driftTitle = ({ result }: Drift, environment: string): string =>
  escapeTerminal(`Access in ${environment} ${titles[result]}`);

const titles: Readonly<Record<Drift["result"], string>> = {
  clean: "is as declared again",
  drift: "is not as declared",
  unchecked: "could not be checked",
};

/** For a chat: `text` is what Slack shows, the rest is for machines. */
export const driftMessage = (
  drift: Drift,
  environment: string,
  names: AccountNames,
  runUrl: string | null,
): { readonly text: string; readonly [name: string]: unknown } => {
  const { result, counts, coverage, fingerprint, manifest, instance } = drift;
  const alarms = driftAlarms(drift.findings, names).map(({ text }) => text);
  const lines = [
    `${driftTitle(drift, environment)}. ${driftLastLine(drift)}`,
    ...(alarms.length === 0 ? [] : [few(alarms, 5)]),
    ...(runUrl === null ? [] : [runUrl]),
  ];
  return {
    text: lines.map(escapeForSlack).join("\n"),
    environment,
    result,
    counts,
    coverage,
    fingerprint,
    manifest: manifest.name,
    instance: instance.instanceArn,
    run: runUrl,
  };
};

/** Slack reads <!channel>, <@user> and links in angle brackets; these three characters are what it asks to escape. */
const escapeForSlack = (text: string): string =>
  escapeTerminal(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
