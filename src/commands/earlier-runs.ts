/** What earlier runs of one plan did, from the audit trail and the journal. */
import type { DoneBefore } from "../plan/compare-plans.ts";
import { type AuditFields, auditLinesOf } from "./audit-lines.ts";
import { mayStand, type SentCall } from "./calls.ts";
import type { JournalFile } from "./journal.ts";
import type { Trace } from "./journal-lines.ts";

export interface Trails {
  /** File of the audit trail, as given. */
  readonly audit: string;
  readonly journal: JournalFile;
}

export interface EarlierRuns {
  /** Of the first of them, epoch milliseconds; null: there is no trace of any. */
  readonly startedAt: number | null;
  readonly changes: DoneBefore;
}

export const noEarlierRuns: EarlierRuns = { startedAt: null, changes: new Map() };

/**
 * `since`: when the plan was made, epoch milliseconds; the same digest may have been applied before that, and undone.
 * Lines that say nothing are left out: without a trace nothing counts as done.
 */
export const findEarlierRuns = async (
  { planDigest, instanceArn, since }: { planDigest: string; instanceArn: string; since: number },
  { audit, journal }: Trails,
  cwd: string,
): Promise<EarlierRuns> => {
  const traces = [...(journal.left?.traces ?? []), ...(await auditTraces(audit, planDigest, cwd))];
  const ours = traces.filter(
    (trace) =>
      trace.planDigest === planDigest &&
      trace.instanceArn === instanceArn &&
      Date.parse(trace.runStartedAt) >= since,
  );
  const changes = new Map<string, "done" | "begun">();
  for (const { address, extent } of ours) {
    if (changes.get(address) !== "done") changes.set(address, extent);
  }
  const first = ours.map(({ runStartedAt }) => Date.parse(runStartedAt)).sort((a, b) => a - b)[0];
  return { startedAt: first ?? null, changes };
};

const auditTraces = async (audit: string, planDigest: string, cwd: string): Promise<readonly Trace[]> => {
  const traces: Trace[] = [];
  for await (const fields of auditLinesOf(audit, planDigest, cwd)) {
    const trace = traceIn(fields);
    if (trace !== null) traces.push(trace);
  }
  return traces;
};

const traceIn = (fields: AuditFields): Trace | null => {
  const { instanceArn, planDigest, runStartedAt, address, outcome } = fields;
  if (
    typeof instanceArn !== "string" ||
    typeof planDigest !== "string" ||
    typeof runStartedAt !== "string" ||
    typeof address !== "string"
  ) {
    return null;
  }
  if (outcome !== "done" && !mayStand(callsIn(fields.calls))) return null;
  const extent = outcome === "done" ? "done" : "begun";
  return { instanceArn, planDigest, runStartedAt, address, extent };
};

const callsIn = (value: unknown): readonly { readonly call: string; readonly answer: string }[] =>
  Array.isArray(value)
    ? value.flatMap((each: unknown) => {
        const { call, answer } = typeof each === "object" && each !== null ? (each as Partial<SentCall>) : {};
        return typeof call === "string" && typeof answer === "string" ? [{ call, answer }] : [];
      })
    : [];
