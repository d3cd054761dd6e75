import { createResult } from "../apply/result.ts";
import type { WritableAws } from "../aws/writer.ts";
import type { AwsDirectory } from "../model/ports.ts";
import type { Plan } from "../plan/plan.ts";
import { renderPlan } from "../report/renderers.ts";
import { type ApplyFormat, applyFormats, writeApplyResult } from "./apply-formats.ts";
import { type Approval, approve, isGiven, requireWayToApprove } from "./approval.ts";
import { requireAppendable } from "./appendable.ts";
import { isAsReviewed } from "./as-reviewed.ts";
import { defaultAuditFile } from "./audit.ts";
import { carryOut } from "./carry-out.ts";
import type { CommandContext } from "./context.ts";
import type { Trails } from "./earlier-runs.ts";
import { exitCodes } from "./exit-codes.ts";
import { writeInsteadOfPlan } from "./findings-formats.ts";
import { type FormatTarget, formatsOption } from "./formats.ts";
import { defaultJournalFile, openJournal } from "./journal.ts";
import {
  allowOption,
  manifestArgument,
  onlyOption,
  type ReadingOptions,
  rpsOption,
  strategyOption,
} from "./options.ts";
import type { DefineCommand } from "./program.ts";
import { tellProgress } from "./tell-progress.ts";
import { lockOptions, type LockOptions, withLock } from "./with-lock.ts";
import { pickUp } from "./pick-up.ts";
import {
  accountNames,
  type KnownOfRun,
  nothingKnown,
  type Planned,
  planStages,
  type Target,
} from "./read-stages.ts";
import { tellWarnings } from "./tell-warnings.ts";
import { type Reviewed, readReviewed } from "./reviewed.ts";
import { applyOutputs, writeWorkflowOutputs } from "./workflow-outputs.ts";

interface ApplyCommandOptions extends Approval, ReadingOptions, LockOptions {
  readonly format: readonly FormatTarget<ApplyFormat>[];
  readonly audit: string;
  readonly journal: string;
}

export const defineApply: DefineCommand = (command, context, done) => {
  command
    .addArgument(manifestArgument())
    .option("--plan <file>", "apply only if what is to be done is exactly this reviewed plan (plan --out)")
    .option("--expect <digest>", "the same, by the digest of the reviewed plan")
    .option("--auto-approve", "apply whatever the plan says, without asking")
    .option("--audit <file>", "append a JSON line for each change", defaultAuditFile)
    .option("--journal <file>", "where a run that breaks off leaves what is in flight", defaultJournalFile)
    .addOption(formatsOption(applyFormats))
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
  const progress = tellProgress(context);
  requireAppendable(options.journal, { what: "journal", option: "--journal", cwd: context.cwd });
  const journal = await openJournal(options.journal, context);
  let aws: WritableAws | undefined;
  const open = async (): Promise<AwsDirectory> => {
    const { openForWriting } = await import("../aws/writer.ts");
    aws = await openForWriting({ rps: options.rps, onProgress: progress.onProgress });
    return aws.directory;
  };
  try {
    const unattended = options.autoApprove === true && reviewed === null;
    const { audit } = options;
    let known = nothingKnown;
    const stages = {
      ...options,
      ...progress,
      unattended,
      onKnown: (more: Partial<KnownOfRun>): void => {
        known = { ...known, ...more };
      },
      beforeReading: (found: Target) => pickUp(journal, found, { audit, progress, context }),
    };
    const shown = await planStages(path, open, stages, context);
    if (shown === null || aws === undefined) {
      await writeInsteadOfPlan(known, options.format, context);
      return exitCodes.invalid;
    }
    if (reviewed?.digest !== shown.plan.digest || isRefused(shown.plan))
      showPlan(shown, options.format, context);
    else tellWarnings(shown, context);
    const verdict = await judge(shown, reviewed, { ...options, journal }, context);
    if (verdict !== "go") return verdict;
    // Whoever was asked took their time: what they said yes to must still be so.
    const { directory } = aws;
    const openAgain = () => Promise.resolve(directory);
    const planned = isGiven(options)
      ? shown
      : await planStages(path, openAgain, { ...stages, again: true }, context);
    if (planned === null) return exitCodes.invalid;
    const agreed = { plan: shown.plan, digest: shown.plan.digest, saved: null };
    if (!(await isAsReviewed(agreed, planned, null, context))) return exitCodes.stale;
    // What is left of a plan is on record under the digest that was reviewed.
    const plan = { ...planned.plan, digest: reviewed?.digest ?? planned.plan.digest };
    return await carryOut({ ...planned, plan }, aws, { ...options, journal }, progress, context);
  } finally {
    progress.finish();
    await journal.end();
    aws?.directory.close();
  }
};

/** The plan is shown before it is judged, and on stderr where stdout is for programs. */
const showPlan = (
  planned: Planned,
  formats: ApplyCommandOptions["format"],
  context: CommandContext,
): void => {
  const printed = formats.find(({ file }) => file === null)?.format ?? "text";
  const output = printed === "text" || printed === "github" ? context.stdout : context.stderr;
  output.write(renderPlan(planned.plan, "text", { ...output, accountNames: accountNames(planned) }));
};

/** go, or the exit code of a run that changes nothing. */
const judge = async (
  planned: Planned,
  reviewed: Reviewed | null,
  options: Approval & Trails & Pick<ApplyCommandOptions, "format">,
  context: CommandContext,
): Promise<"go" | number> => {
  const { plan } = planned;
  // A plan that has been applied already is no longer stale, but one of another manifest or instance always is.
  const { manifest, instance } = reviewed?.plan ?? plan;
  const isOurs =
    manifest.digest === plan.manifest.digest && instance.instanceArn === plan.instance.instanceArn;
  if (plan.changes.length === 0 && isOurs) {
    // The plan has said it already, where text goes to stdout.
    const others = options.format.filter(({ format, file }) => file !== null || format !== "text");
    const nothing = createResult(reviewed?.digest ?? plan.digest, [], []);
    writeWorkflowOutputs(applyOutputs(nothing), context);
    if (others.length > 0) await writeApplyResult(nothing, others, context);
    return exitCodes.ok;
  }
  if (reviewed !== null && !(await isAsReviewed(reviewed, planned, options, context))) return exitCodes.stale;
  if (isRefused(plan)) return exitCodes.refused;
  if (await approve(options, context)) return "go";
  context.stderr.write("Not approved. Nothing was changed.\n");
  return context.signal.aborted ? exitCodes.interrupted : exitCodes.refused;
};

const isRefused = ({ guards }: Plan): boolean => guards.some(({ verdict }) => verdict === "refused");
