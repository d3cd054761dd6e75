import { type Adopted, adoptRequests } from "../apply/adopt.ts";
import { UsageError } from "../model/errors.ts";
import { escapeTerminal } from "../report/escape.ts";
import type { ProgressReporter } from "../report/progress.ts";
import { openAudit } from "./audit.ts";
import { auditLinesOf } from "./audit-lines.ts";
import type { SentCall } from "./calls.ts";
import { checkedOutCommit } from "./commit.ts";
import type { CommandContext } from "./context.ts";
import type { JournalFile } from "./journal.ts";
import type { BrokenOff, LeftOver } from "./journal-lines.ts";
import type { Target } from "./read-stages.ts";

/**
 * Where an earlier apply broke off: waits for what it left in flight, completes the audit trail, and tells so. To be
 * called before anything is read. Rejects with UsageError where the journal is of another instance.
 */
export const pickUp = async (
  journal: JournalFile,
  { reader, instance, caller, manifest }: Target,
  options: { readonly audit: string; readonly progress: ProgressReporter; readonly context: CommandContext },
): Promise<void> => {
  const { left } = journal;
  if (left === null || journal.isAdopted()) return;
  const { instanceArn } = instance;
  if (left.instanceArn !== instanceArn) throw ofAnotherInstance(journal.path, left);
  const { progress, context } = options;
  const { now, random, sleep, cwd } = context;
  const adopted = await adoptRequests(left, reader, {
    now,
    random,
    sleep,
    journal,
    onProgress: progress.onProgress,
  });
  const commit = await checkedOutCommit(context.env, cwd);
  const { planDigest, startedAt: runStartedAt, calls } = left;
  for (const { requestId, settled } of adopted) {
    calls.take({ event: "settled", requestId, status: settled.status });
  }
  const subject = { caller: caller.arn, instanceArn, manifestDigest: manifest.digest, commit, runStartedAt };
  const told = await toldAlready(options.audit, left, cwd);
  const audit = openAudit(options.audit, subject, cwd);
  for (const change of left.brokenOff.filter(({ address }) => !told.has(address))) {
    const time = new Date(now()).toISOString();
    const sent = calls.of(change.address);
    audit.record({ time, planDigest, ...endOf(change, sent, adopted), calls: sent });
  }
  audit.close();
  const lost = audit.lost();
  if (lost !== null) throw lost;
  await journal.adopted();
  progress.finish();
  const toldDone = [...told.values()].filter((outcome) => outcome === "done").length;
  context.stderr.write(message(journal.path, { ...left, done: left.done + toldDone }, adopted));
};

/** A change has ended when its line is on record, and the run may have been killed before its journal said so, too. */
const toldAlready = async (
  audit: string,
  { brokenOff, planDigest, instanceArn, startedAt }: LeftOver,
  cwd: string,
): Promise<ReadonlyMap<string, unknown>> => {
  const told = new Map<string, unknown>();
  const open = new Set(brokenOff.map(({ address }) => address));
  for await (const line of auditLinesOf(audit, planDigest, cwd)) {
    const { address, time, outcome } = line;
    const isOfRun = line.planDigest === planDigest && line.instanceArn === instanceArn;
    if (!isOfRun || typeof address !== "string" || !open.has(address)) continue;
    if (typeof time === "string" && Date.parse(time) >= Date.parse(startedAt)) told.set(address, outcome);
  }
  return told;
};

const endOf = (
  { address, action, requestIds }: BrokenOff,
  sent: readonly SentCall[],
  adopted: readonly Adopted[],
) => {
  const ends = adopted.filter((request) => request.address === address);
  const calls = sent.map(callText).join(", ");
  const all = { address, action, requestIds };
  const failure = ends.find(({ settled }) => settled.status === "failed")?.settled;
  if (failure?.status === "failed") {
    return {
      ...all,
      outcome: "failed" as const,
      detail: `The run broke off; sent: ${calls}`,
      failureReason: failure.reason,
    };
  }
  const isDone =
    /^(assignment|provisioning)\//.test(address) &&
    ends.length > 0 &&
    ends.every(({ settled }) => settled.status === "succeeded");
  return isDone
    ? {
        ...all,
        outcome: "done" as const,
        detail: "The run broke off; the request was found to have succeeded",
      }
    : { ...all, outcome: "broken-off" as const, detail: `The run broke off; sent: ${calls}` };
};

const callText = ({ call, answer }: SentCall): string => {
  if (answer === "ok" || answer === "pending") return call;
  return answer === "unknown" ? `${call} (its answer is not known)` : `${call} (${answer})`;
};

const message = (path: string, left: LeftOver, adopted: readonly Adopted[]): string => {
  const counts = (["succeeded", "failed", "unknown", "unfinished"] as const)
    .map((status) => ({ status, count: adopted.filter(({ settled }) => settled.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status}`);
  const failures = adopted.flatMap(({ address, settled }) =>
    settled.status === "failed" ? [`    ${address ?? "a request"}: ${settled.reason}`] : [],
  );
  const lines = [
    `An earlier apply broke off (started ${left.startedAt}, plan ${left.planDigest.slice(0, 12)}, journal ${path}).`,
    `  ${left.done} changes were done. Requests in flight: ${counts.length === 0 ? "none" : counts.join(", ")}.`,
    ...failures,
    "  What stands there is read now; nothing that is done is done again.",
  ];
  return `${lines.map(escapeTerminal).join("\n")}\n\n`;
};

const ofAnotherInstance = (path: string, { instanceArn, startedAt }: LeftOver): UsageError =>
  new UsageError(
    "journal-of-another-instance",
    `The journal ${path} is of an apply to ${instanceArn}, started ${startedAt}, which broke off`,
    {
      hint: "Apply there first, or give this instance a journal of its own with --journal FILE; where that instance is gone, remove the file",
    },
  );
