import type { Bucket, Drift, DriftCounts, DriftCoverage } from "../drift/drift.ts";
import type { PlaceOf } from "./annotations.ts";
import type { Section } from "./change-sections.ts";
import { driftAlarms } from "./drift-alarms.ts";
import { findingLines } from "./drift-lines.ts";
import { driftSteps } from "./drift-steps.ts";
import { type AccountNames, counted } from "./labels.ts";
import type { Line } from "./lines.ts";
import { noteLines } from "./note-sections.ts";
import type { RiskLine } from "./risk-lines.ts";

/** A drift report in the order in which it is read. Text and Markdown are made of this; nothing in it is escaped. */
export interface DriftView {
  readonly facts: DriftFacts;
  readonly alarms: readonly RiskLine[];
  readonly buckets: readonly BucketSection[];
  readonly notes: readonly Section[];
  /** What --who could not tell. */
  readonly untold: readonly string[];
  /** What to do: fixed words, with commands in backticks; nothing to escape. */
  readonly steps: readonly string[];
  /** Stable: `Drift: 2 changed, 1 missing, 3 unmanaged, 0 unchecked. Coverage 100 %.` or `No drift. Coverage 100 %.` */
  readonly lastLine: string;
}

/** What is compared with what, and what came out. */
export interface DriftFacts extends Pick<Drift, "result" | "fingerprint"> {
  /** ` acme`, or nothing where it has no name. */
  readonly name: string;
  /** `IAM Identity Center acme in us-east-1`. */
  readonly where: string;
  readonly instanceArn: string;
  readonly toolVersion: string;
  /** `6 changed, 3 missing, 5 unmanaged, 1 unchecked`. */
  readonly counts: string;
  /** `15 of 16 parts read (93.7 %)`. */
  readonly coverage: string;
  /** `2 assignments, 5 memberships`: access that is live and left out of the comparison; empty: none. */
  readonly notCompared: string;
}

interface BucketSection {
  readonly title: string;
  /** The lines of each finding: the first one names it. */
  readonly findings: readonly (readonly Line[])[];
}

/** `placeOf`: from a file as in positions to how it is called where this is read. Default: the same. */
export const viewDrift = (
  drift: Drift,
  names: AccountNames,
  placeOf: PlaceOf = (file) => file,
): DriftView => ({
  facts: factsOf(drift),
  alarms: driftAlarms(drift.findings, names),
  buckets: bucketSections(drift, names, placeOf),
  notes: noteSections(drift),
  untold: drift.who?.notes ?? [],
  steps: driftSteps(drift),
  lastLine: driftLastLine(drift),
});

const driftLastLine = ({ result, counts, coverage }: Drift): string =>
  result === "clean"
    ? `No drift. Coverage ${coverage.percent} %.`
    : `Drift: ${countsText(counts)}. Coverage ${coverage.percent} %.`;

export const countsText = ({ changed, missing, unmanaged, unchecked }: DriftCounts): string =>
  `${changed} changed, ${missing} missing, ${unmanaged} unmanaged, ${unchecked} unchecked`;

const factsOf = ({
  tool,
  instance,
  manifest,
  result,
  counts,
  coverage,
  fingerprint,
  ignored,
}: Drift): DriftFacts => ({
  result,
  fingerprint,
  name: manifest.name === null ? "" : ` ${manifest.name}`,
  where: `IAM Identity Center ${instance.name ?? instance.identityStoreId} in ${instance.region}`,
  instanceArn: instance.instanceArn,
  toolVersion: tool.version,
  counts: countsText(counts),
  coverage: coverageText(coverage),
  notCompared: notComparedText(ignored),
});

const notComparedText = (ignored: Drift["ignored"]): string =>
  (["assignment", "membership"] as const)
    .map((kind) => [kind, ignored.filter(({ address }) => address.startsWith(`${kind}/`)).length] as const)
    .flatMap(([kind, count]) => (count === 0 ? [] : [counted(count, kind)]))
    .join(", ");

export const coverageText = ({ read, total, percent }: DriftCoverage): string =>
  `${read} of ${total} parts read (${percent} %)`;

const bucketSections = ({ findings }: Drift, names: AccountNames, placeOf: PlaceOf): BucketSection[] =>
  (["changed", "missing", "unmanaged"] as const)
    .map((bucket) => ({ bucket, all: findings.filter((finding) => finding.bucket === bucket) }))
    .filter(({ all }) => all.length > 0)
    .map(({ bucket, all }) => ({
      title: `${titles[bucket]} (${all.length})`,
      findings: all.map((finding) => findingLines(finding, names, placeOf)),
    }));

const titles: Readonly<Record<Bucket, string>> = {
  changed: "Changed: declared, and live in another way",
  missing: "Missing: declared, and not live",
  unmanaged: "Unmanaged: live, and not declared",
};

const noteSections = ({ unchecked, skipped, ignored }: Drift): Section[] =>
  [
    {
      title: "Unchecked: could not be read, so that drift there would not be seen",
      lines: noteLines(unchecked.map(({ scope, reason }) => ({ address: scope, reason }))),
    },
    {
      title: "Skipped",
      lines: noteLines(skipped.map(({ subject, reason }) => ({ address: subject, reason }))),
    },
    {
      title: "No drift: left out by a rule or an option, or managed by somebody else",
      lines: noteLines(ignored),
    },
  ].filter(({ lines }) => lines.length > 0);
