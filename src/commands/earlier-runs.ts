/** What earlier runs of one plan did, from the audit trail and the journal. */
import { createReadStream, lstatSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { DoneBefore } from "../plan/compare-plans.ts";
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
  const traces = [...(journal.left?.traces ?? []), ...(await auditTraces(resolve(cwd, audit), planDigest))];
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

/** Only a file can be read again: what went to a terminal or a pipe is gone. */
const auditTraces = async (file: string, planDigest: string): Promise<readonly Trace[]> => {
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return [];
  const traces: Trace[] = [];
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
  for await (const line of lines) {
    // The trail of years: most lines are of other plans.
    const trace = line.includes(planDigest) ? traceIn(line) : null;
    if (trace !== null) traces.push(trace);
  }
  return traces;
};

const traceIn = (line: string): Trace | null => {
  const fields = parsed(line);
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

/** A crash may have cut a line. */
const parsed = (line: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

const callsIn = (value: unknown): readonly { readonly call: string; readonly answer: string }[] =>
  Array.isArray(value)
    ? value.flatMap((each: unknown) => {
        const { call, answer } = typeof each === "object" && each !== null ? (each as Partial<SentCall>) : {};
        return typeof call === "string" && typeof answer === "string" ? [{ call, answer }] : [];
      })
    : [];
