import { applyPlan } from "../apply/apply-plan.ts";
import type { Journal } from "../apply/journal.ts";
import { type ApplyResult, exitCodeOf } from "../apply/result.ts";
import type { WritableAws } from "../aws/writer.ts";
import { ReconcileError } from "../model/errors.ts";
import { escapeTerminal } from "../report/escape.ts";
import type { ProgressReporter } from "../report/progress.ts";
import { type ApplyFormat, writeApplyResult } from "./apply-formats.ts";
import { openAudit } from "./audit.ts";
import { type CallLog, createCallLog } from "./calls.ts";
import { checkedOutCommit } from "./commit.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { FormatTarget } from "./formats.ts";
import type { JournalFile } from "./journal.ts";
import type { Planned } from "./read-stages.ts";
import { tellError } from "./tell-error.ts";
import { applyOutputs, writeWorkflowOutputs } from "./workflow-outputs.ts";

/**
 * Applies an approved plan, prints what came of it and answers the exit code. Nothing new is started once a signal has
 * come, or the audit trail or the journal cannot be written any more; what is under way is awaited in any case.
 */
export const carryOut = async (
  { plan, live, manifest, caller }: Planned,
  aws: WritableAws,
  {
    format,
    audit: auditFile,
    maxFailures,
    allow,
    journal,
    plan: planFile,
    whyNotAlone,
  }: {
    readonly format: readonly FormatTarget<ApplyFormat>[];
    readonly plan?: string;
    readonly audit: string;
    readonly maxFailures: number;
    readonly allow: ReadonlyMap<string, string>;
    readonly journal: JournalFile;
    readonly whyNotAlone: () => Promise<string | null>;
  },
  { onProgress, finish }: ProgressReporter,
  context: CommandContext,
): Promise<number> => {
  const { now, random, sleep, cwd, stderr } = context;
  const { instanceArn } = live.instance;
  const commit = await checkedOutCommit(context.env, cwd);
  const runStartedAt = new Date(now()).toISOString();
  const subject = {
    caller: caller.arn,
    instanceArn,
    manifestDigest: manifest.digest,
    commit,
    runStartedAt,
    allowed: [...allow].map(([guard, value]) => `${guard}=${value}`),
  };
  const audit = openAudit(auditFile, subject, cwd);
  const calls = createCallLog();
  const trails = AbortSignal.any([audit.failed, journal.failed]);
  const signal = AbortSignal.any([context.signal, trails]);
  const tellStop = () => {
    finish();
    // Nobody pressed a key: whoever looks must see why it stops.
    const why = audit.lost() ?? (signal.reason as unknown);
    const [text = ""] = why instanceof ReconcileError ? why.message.split("\n") : [];
    if (text !== "") stderr.write(`${escapeTerminal(text)}.\n`);
    stderr.write(
      "Stopping: nothing new is started, what is under way is awaited. A second signal abandons it; the next apply picks it up.\n",
    );
  };
  signal.addEventListener("abort", tellStop, { once: true });
  try {
    await journal.begin({ instanceArn, planDigest: plan.digest, caller: caller.arn });
    const ports = { reader: aws.directory.reader(live.instance), writer: aws.writer(live.instance) };
    const result = await applyPlan(plan, live, ports, {
      now,
      random,
      sleep,
      signal,
      mostFailures: maxFailures === 0 ? Infinity : maxFailures,
      onProgress,
      whyNotAlone,
      mayWrite: aws.mayWrite,
      journal: followed(journal, calls),
      audit: (record) => audit.record({ ...record, calls: calls.of(record.address) }),
    });
    finish();
    writeWorkflowOutputs(applyOutputs(result, plan, planFile), context);
    const isTold = await tellResult(result, format, context);
    const lost = audit.lost();
    // It is the only place where these lines may still be.
    if (lost !== null) journal.keep();
    if (trails.aborted) {
      tellError(lost ?? (journal.failed.reason as ReconcileError), stderr);
      return exitCodes.partlyApplied;
    }
    const exitCode = exitCodeOf(result);
    return isTold || exitCode !== exitCodes.ok ? exitCode : exitCodes.failed;
  } finally {
    signal.removeEventListener("abort", tellStop);
    finish();
    audit.close();
  }
};

/** Resolves to whether all who were to be told have been: what was done is printed, whatever file can not be written. */
const tellResult = async (
  result: ApplyResult,
  format: readonly FormatTarget<ApplyFormat>[],
  context: CommandContext,
): Promise<boolean> => {
  try {
    await writeApplyResult(result, format, context);
    return true;
  } catch (error) {
    if (!(error instanceof ReconcileError)) throw error;
    const printed = format.filter(({ file }) => file === null);
    await writeApplyResult(result, printed, context);
    tellError(error, context.stderr);
    return false;
  }
};

/** The journal, with a log that takes every entry, too. */
const followed = (journal: Journal, calls: CallLog): Journal => ({
  record: (entry) => {
    calls.take(entry);
    return journal.record(entry);
  },
  note: (entry) => {
    calls.take(entry);
    journal.note(entry);
  },
});
