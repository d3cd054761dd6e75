import type { Finding, Position } from "../model/finding.ts";
import type { Plan } from "../plan/plan.ts";
import type { PlaceOf } from "./annotations.ts";
import { changeSentence } from "./change-sentence.ts";
import { guardLines } from "./guard-lines.ts";
import { type JunitCase, junitReport, junitSuite, uncheckedSuite } from "./junit-report.ts";
import type { AccountNames } from "./labels.ts";

/**
 * The suites are always the same four: guards (a refusal is a failure), warnings, changes (they pass: to be changed is
 * no mistake) and unchecked (skipped: nobody knows).
 */
export const planJunit = (plan: Plan, names: AccountNames, placeOf: PlaceOf): string =>
  junitReport("reconcile plan", [
    junitSuite(
      "reconcile.guards",
      plan.guards.map((verdict): JunitCase => {
        const [head, ...more] = guardLines({ ...plan, guards: [verdict] }, names).map(({ text }) => text);
        const { kind, permissionSet, window } = verdict.args;
        return {
          name: [verdict.guard, kind, permissionSet, window].filter((part) => part !== undefined).join(" "),
          outcome: verdict.verdict === "refused" ? "failure" : "passed",
          message: head ?? verdict.guard,
          details: more,
        };
      }),
    ),
    junitSuite(
      "reconcile.warnings",
      plan.warnings.map((warning) => findingCase(warning, placeOf)),
    ),
    junitSuite(
      "reconcile.changes",
      plan.changes.map(
        (change): JunitCase => ({
          name: `${change.action} ${change.address}`,
          outcome: "passed",
          message: changeSentence(change, names),
          details: change.position === null ? [] : [placeText(change.position, placeOf)],
        }),
      ),
    ),
    uncheckedSuite(plan.unchecked),
  ]);

/** One suite: an error in the manifest is a failure. */
export const findingsJunit = (findings: readonly Finding[], placeOf: PlaceOf): string => {
  const valid: JunitCase = {
    name: "the manifest is valid",
    outcome: "passed",
    message: "",
    details: [],
  };
  const cases = findings.length === 0 ? [valid] : findings.map((finding) => findingCase(finding, placeOf));
  return junitReport("reconcile validate", [junitSuite("reconcile.validate", cases)]);
};

const findingCase = (
  { code, severity, message, details = [], hint, position }: Finding,
  placeOf: PlaceOf,
): JunitCase => ({
  name: position === undefined ? code : `${code} ${placeText(position, placeOf)}`,
  outcome: severity === "error" ? "failure" : "passed",
  message,
  details: [...details, ...(hint === undefined ? [] : [hint])],
});

const placeText = ({ file, line, column }: Position, placeOf: PlaceOf): string =>
  `${placeOf(file)}:${line}:${column}`;
