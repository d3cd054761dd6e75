import { applyPlan } from "../apply/apply-plan.ts";
import { type ApplyResult, createResult, exitCodeOf } from "../apply/result.ts";
import type { WritableAws } from "../aws/writer.ts";
import type { AwsDirectory } from "../model/ports.ts";
import type { Plan } from "../plan/plan.ts";
import { renderApplyResult } from "../report/apply-result.ts";
import { createProgressReporter, type ProgressReporter } from "../report/progress.ts";
import { renderPlan } from "../report/renderers.ts";
import { type Approval, approve, requireWayToApprove } from "./approval.ts";
import { defaultAuditFile, openAudit } from "./audit.ts";
import { checkedOutCommit } from "./commit.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import {
  allowOption,
  formatOption,
  manifestArgument,
  onlyOption,
  type ReadingOptions,
  rpsOption,
  strategyOption,
} from "./options.ts";
import type { DefineCommand } from "./program.ts";
import { lockOptions, type LockOptions, withLock } from "./with-lock.ts";
import { accountNames, type Planned, planStages } from "./read-stages.ts";
import { type Reviewed, readReviewed, staleness } from "./reviewed.ts";

interface ApplyCommandOptions extends Approval, ReadingOptions, LockOptions {
  readonly format: "text" | "json";
  readonly audit: string;
}

export const defineApply: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .option("--plan <file>", "apply only if what is to be done is exactly this reviewed plan (plan --out)")
    .option("--expect <digest>", "the same, by the digest of the reviewed plan")
    .option("--auto-approve", "apply whatever the plan says, without asking")
    .option("--audit <file>", "append a JSON line for each change", defaultAuditFile)
    .addOption(formatOption(["text", "json"]))
    .addOption(onlyOption())
    .addOption(allowOption())
    .addOption(rpsOption())
    .addOption(strategyOption());
  for (const option of lockOptions()) command.addOption(option);
  command.action(async (path: string | undefined, options: ApplyCommandOptions) => {
    requireWayToApprove(options, context);
    const lock = { ...options, planDigest: options.expect ?? null };
    done(await withLock(lock, context, (signal) => apply(path, options, { ...context, signal })));
  });
};

const apply = async (
  path: string | undefined,
  options: ApplyCommandOptions,
  context: CommandContext,
): Promise<number> => {
  const reviewed = await readReviewed(options, context);
  const progress = createProgressReporter({ ...context.stderr, stream: context.stderr, now: context.now });
  let aws: WritableAws | undefined;
  const open = async (): Promise<AwsDirectory> => {
    const { openForWriting } = await import("../aws/writer.ts");
    aws = await openForWriting({ rps: options.rps, onProgress: progress.onProgress });
    return aws.directory;
  };
  try {
    const unattended = options.autoApprove === true && reviewed === null;
    const planned = await planStages(path, open, { ...options, ...progress, unattended }, context);
    if (planned === null || aws === undefined) return exitCodes.invalid;
    if (reviewed?.digest !== planned.plan.digest || isRefused(planned.plan))
      showPlan(planned, options.format, context);
    const verdict = await judge(planned.plan, reviewed, options, context);
    if (verdict !== "go") return verdict;
    const result = await carryOut(planned, aws, options, progress, context);
    context.stdout.write(renderApplyResult(result, options.format, { colour: context.stdout.colour }));
    return exitCodeOf(result);
  } finally {
    progress.finish();
    aws?.directory.close();
  }
};

/** The plan is shown before it is judged, and on stderr where stdout is for JSON. */
const showPlan = (planned: Planned, format: "text" | "json", context: CommandContext): void => {
  const output = format === "json" ? context.stderr : context.stdout;
  output.write(renderPlan(planned.plan, "text", { ...output, accountNames: accountNames(planned) }));
};

/** go, or the exit code of a run that changes nothing. */
const judge = async (
  plan: Plan,
  reviewed: Reviewed | null,
  options: ApplyCommandOptions,
  context: CommandContext,
): Promise<"go" | number> => {
  // A plan that has been applied already is no longer stale, but one of another manifest always is.
  const isOurs = reviewed?.plan == null || reviewed.plan.manifest.digest === plan.manifest.digest;
  if (plan.changes.length === 0 && isOurs) {
    const nothing = createResult(plan.digest, [], []);
    if (options.format === "json")
      context.stdout.write(renderApplyResult(nothing, "json", { colour: false }));
    return exitCodes.ok;
  }
  const stale = reviewed === null ? null : staleness(reviewed, plan);
  if (stale !== null) {
    context.stderr.write(stale);
    return exitCodes.stale;
  }
  if (isRefused(plan)) return exitCodes.refused;
  if (await approve(options, context)) return "go";
  context.stderr.write("Not approved. Nothing was changed.\n");
  return context.signal.aborted ? exitCodes.interrupted : exitCodes.refused;
};

const carryOut = async (
  { plan, live, manifest, caller }: Planned,
  aws: WritableAws,
  options: ApplyCommandOptions,
  { onProgress, finish }: ProgressReporter,
  context: CommandContext,
): Promise<ApplyResult> => {
  const { now, random, sleep, signal, cwd } = context;
  const subject = {
    caller: caller.arn,
    instanceArn: live.instance.instanceArn,
    manifestDigest: manifest.digest,
    commit: await checkedOutCommit(context.env, cwd),
  };
  const audit = openAudit(options.audit, subject, cwd);
  const tellStop = () => {
    finish();
    context.stderr.write(
      "Stopping: nothing new is started, what is under way is awaited. A second signal abandons it.\n",
    );
  };
  signal.addEventListener("abort", tellStop, { once: true });
  try {
    const ports = { reader: aws.directory.reader(live.instance), writer: aws.writer(live.instance) };
    return await applyPlan(plan, live, ports, {
      now,
      random,
      sleep,
      signal,
      onProgress,
      audit: audit.record,
    });
  } finally {
    signal.removeEventListener("abort", tellStop);
    finish();
    audit.close();
  }
};

const isRefused = ({ guards }: Plan): boolean => guards.some(({ verdict }) => verdict === "refused");
