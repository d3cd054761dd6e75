import type { Drift, DriftFinding } from "../drift/drift.ts";
import { findingLines } from "./drift-lines.ts";
import { type JunitCase, junitReport, junitSuite, uncheckedSuite } from "./junit-report.ts";
import type { AccountNames } from "./labels.ts";
import type { Line } from "./lines.ts";

/** The suites are always the same four: changed, missing and unmanaged (each a failure), and unchecked (skipped). */
export const driftJunit = ({ findings, unchecked }: Drift, names: AccountNames): string =>
  junitReport("reconcile drift", [
    ...(["changed", "missing", "unmanaged"] as const).map((bucket) =>
      junitSuite(
        `reconcile.${bucket}`,
        findings.filter((finding) => finding.bucket === bucket).map((finding) => caseOf(finding, names)),
      ),
    ),
    uncheckedSuite(unchecked),
  ]);

const caseOf = (finding: DriftFinding, names: AccountNames): JunitCase => {
  const [head, ...more] = findingLines(finding, names);
  return {
    name: `${finding.address} (${finding.reason.code})`,
    outcome: "failure",
    message: `${bucketWords[finding.bucket]}: ${head === undefined ? finding.address : textOf({ ...head, depth: 0, mark: null })}`,
    details: more.map(textOf),
  };
};

/** A failure is read alone, away from its suite. */
const bucketWords: Readonly<Record<DriftFinding["bucket"], string>> = {
  changed: "not as declared",
  missing: "declared, and not live",
  unmanaged: "live, and not declared",
};

const textOf = ({ depth, mark, text, note }: Line): string =>
  `${"  ".repeat(depth)}${mark === null ? "" : `${mark} `}${text}${note === undefined || note === "" ? "" : `  (${note})`}`;
