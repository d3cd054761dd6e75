import type { ApplyResult, Outcome } from "../apply/result.ts";
import { applyLastLine } from "./apply-result.ts";
import { type JunitCase, junitReport, junitSuite } from "./junit-report.ts";
import { outcomeReasons, outcomeVerb } from "./outcome-words.ts";

/**
 * The suites are always the same two: changes (what failed is a failure, what was not attempted is skipped) and
 * converged (what does not stand there as planned is a failure).
 */
export const applyJunit = (result: ApplyResult): string => {
  const { outcomes, remaining } = result;
  const whole: JunitCase = {
    name: "everything that was applied stands as planned",
    outcome: "passed",
    message: applyLastLine(result),
    details: [],
  };
  return junitReport("reconcile apply", [
    junitSuite("reconcile.changes", outcomes.map(outcomeCase)),
    junitSuite(
      "reconcile.converged",
      remaining.length === 0
        ? [whole]
        : remaining.map(({ address, detail }) => ({
            name: address,
            outcome: "failure",
            message: detail,
            details: [],
          })),
    ),
  ]);
};

const outcomeCase = (outcome: Outcome): JunitCase => ({
  name: `${outcome.action} ${outcome.address}`,
  outcome: caseOutcomes[outcome.status],
  message: outcomeVerb(outcome),
  details: outcomeReasons(outcome),
});

const caseOutcomes = {
  done: "passed",
  failed: "failure",
  skipped: "skipped",
  "not-started": "skipped",
} as const;
