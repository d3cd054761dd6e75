import type { Drift, DriftFinding } from "../drift/drift.ts";
import { findingLines, findingSentence } from "./drift-lines.ts";
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

const caseOf = (finding: DriftFinding, names: AccountNames): JunitCase => ({
  name: `${finding.address} (${finding.reason.code})`,
  outcome: "failure",
  message: findingSentence(finding, names),
  details: findingLines(finding, names).slice(1).map(textOf),
});

const textOf = ({ depth, mark, text, note }: Line): string =>
  `${"  ".repeat(depth)}${mark === null ? "" : `${mark} `}${text}${note === undefined || note === "" ? "" : `  (${note})`}`;
