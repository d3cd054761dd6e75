import type { Change } from "../plan/plan.ts";

/** What an apply did, as `apply --format json` prints it (schemas/apply-result.schema.json). */
export interface ApplyResult {
  readonly formatVersion: 1;
  readonly planDigest: string;
  /** One for each change, in the order of the plan. */
  readonly outcomes: readonly Outcome[];
  /** Changes that AWS took and that do not stand there as planned, or could not be verified. In the order of the plan. */
  readonly remaining: readonly Remaining[];
  readonly counts: ApplyCounts;
  /** Whether a signal came before everything was started, or before what remains was verified. */
  readonly interrupted: boolean;
  /** Whether so much failed that nothing new was started. */
  readonly stoppedByFailures: boolean;
}

export interface Outcome {
  readonly address: string;
  readonly action: Change["action"];
  /** skipped: something that it depends on failed. not-started: the run was interrupted or stopped first. */
  readonly status: "done" | "failed" | "skipped" | "not-started";
  /** One sentence, with the names of what is concerned. Not yet escaped. */
  readonly detail?: string;
  /** AWS's own words, verbatim; several accounts' one a line. Not yet escaped. */
  readonly failureReason?: string;
  /** What to do about a failure. Not yet escaped. */
  readonly hint?: string;
}

export interface Remaining {
  readonly address: string;
  readonly problem: "missing" | "still-there" | "differs" | "unreadable";
  /** What is not as planned, one sentence. Not yet escaped. */
  readonly detail: string;
}

interface ApplyCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly provisioned: number;
  readonly failed: number;
  readonly skipped: number;
  readonly notStarted: number;
  readonly remaining: number;
}

/** One line of the audit trail: a change that was attempted. */
export interface AuditRecord {
  /** ISO 8601, when it ended. */
  readonly time: string;
  readonly planDigest: string;
  readonly address: string;
  readonly action: Change["action"];
  /** Ids of AWS's asynchronous requests, in the order of their starts. */
  readonly requestIds: readonly string[];
  /** broken-off: the run was killed in the middle of it, and the next one found that in the journal. */
  readonly outcome: "done" | "failed" | "broken-off";
  readonly detail?: string;
  readonly failureReason?: string;
}

/** 0 done, 6 partly applied, 7 applied but not converged, 130 interrupted. */
export const exitCodeOf = ({ counts, interrupted }: ApplyResult): 0 | 6 | 7 | 130 => {
  if (interrupted) return 130;
  if (counts.failed + counts.skipped + counts.notStarted > 0) return 6;
  return counts.remaining > 0 ? 7 : 0;
};

export const createResult = (
  planDigest: string,
  outcomes: readonly Outcome[],
  remaining: readonly Remaining[],
  {
    stoppedByFailures = false,
    isUnverified = false,
  }: { readonly stoppedByFailures?: boolean; readonly isUnverified?: boolean } = {},
): ApplyResult => {
  const withStatus = (status: Outcome["status"]): readonly Outcome[] =>
    outcomes.filter((outcome) => outcome.status === status);
  const done = (action: Change["action"]): number =>
    withStatus("done").filter((outcome) => outcome.action === action).length;
  const notStarted = withStatus("not-started").length;
  return {
    formatVersion: 1,
    planDigest,
    outcomes,
    remaining,
    counts: {
      created: done("create"),
      updated: done("update"),
      deleted: done("delete"),
      provisioned: done("provision"),
      failed: withStatus("failed").length,
      skipped: withStatus("skipped").length,
      notStarted,
      remaining: remaining.length,
    },
    // A signal that came when nothing was left to start or to look at has interrupted nothing.
    interrupted: (notStarted > 0 && !stoppedByFailures) || isUnverified,
    stoppedByFailures: notStarted > 0 && stoppedByFailures,
  };
};
