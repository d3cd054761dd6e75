import type { WritableAws } from "../aws/writer.ts";
import type { AwsDirectory } from "../model/ports.ts";
import { isRefusedNow } from "../plan/refused.ts";
import { renderPlan } from "../report/renderers.ts";
import { type ApplyFormat, applyFormats } from "./apply-formats.ts";
import { type Approval, isGiven, requireWayToApprove } from "./approval.ts";
import { whyNotAsReviewed } from "./as-reviewed.ts";
import { defaultAuditFile } from "./audit.ts";
import { carryOut } from "./carry-out.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type FormatTarget, formatsOption } from "./formats.ts";
import { judge, refuse, refuseAsStale } from "./judge.ts";
import { defaultJournalFile, openJournal } from "./journal.ts";
import { failureTeller, writeNoResult } from "./no-result-formats.ts";
import {
  allowOption,
  manifestArgument,
  maxFailuresOption,
  onlyOption,
  type ReadingOptions,
  rpsOption,
  sinceOption,
  strategyOption,
} from "./options.ts";
import { checkOutputFiles, formatFiles, optionalFile, type OutputFile } from "./output-files.ts";
import type { DefineCommand } from "./program.ts";
import { tellProgress } from "./tell-progress.ts";
import { type Alone, lockOptions, type LockOptions, withLock } from "./with-lock.ts";
import { pickUp } from "./pick-up.ts";
import { accountNames, followRun, type Planned, planStages, type Target } from "./read-stages.ts";
import { tellWarnings } from "./tell-warnings.ts";
import { readReviewed, requireValid, type Reviewed } from "./reviewed.ts";
import { folded } from "./workflow-text.ts";

interface ApplyCommandOptions extends Approval, ReadingOptions, LockOptions {
  readonly format: readonly FormatTarget<ApplyFormat>[];
  readonly audit: string;
  readonly maxFailures: number;
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
    .addOption(maxFailuresOption())
    .addOption(formatsOption(applyFormats))
    .addOption(onlyOption())
    .addOption(sinceOption())
    .addOption(allowOption())
    .addOption(rpsOption())
    .addOption(strategyOption());
  for (const option of lockOptions()) command.addOption(option);
  command.action(async (path: string | undefined, options: ApplyCommandOptions) => {
    requireWayToApprove(options, context);
    checkOutputFiles(path, filesOf(options), context);
    const failures = failureTeller("apply", options.format, context);
    const applyAlone = async (): Promise<number> => {
      const reviewed = await readReviewed(options, context);
      const lock = { ...options, planDigest: reviewed?.digest ?? null };
      return await withLock(lock, context, ({ signal, ...alone }) => {
        // Whoever waited for the lock may have waited too long.
        requireValid(reviewed, context);
        const run = { ...alone, reviewed, onBegin: failures.stop };
        return apply(path, options, run, { ...context, signal }).catch(failures.tell);
      });
    };
    done(await applyAlone().catch(failures.tell));
  });
};

const filesOf = ({ plan, audit, journal, format }: ApplyCommandOptions): OutputFile[] => [
  ...[
    ...optionalFile("--plan", plan),
    ...optionalFile("--audit", audit),
    ...optionalFile("--journal", journal),
  ].map((file) => ({ ...file, isChecked: true as const })),
  ...formatFiles(format),
];

interface ApplyRun extends Omit<Alone, "signal"> {
  readonly reviewed: Reviewed | null;
  /** Called when from here on what is written is what was done. */
  readonly onBegin: () => void;
}

const apply = async (
  path: string | undefined,
  options: ApplyCommandOptions,
  { reviewed, whyNotAlone, mayWrite, onBegin }: ApplyRun,
  context: CommandContext,
): Promise<number> => {
  const progress = tellProgress(context);
  const journal = await openJournal(options.journal, context);
  let aws: WritableAws | undefined;
  const open = async (): Promise<AwsDirectory> => {
    const { openForWriting } = await import("../aws/writer.ts");
    aws = await openForWriting({ rps: options.rps, onProgress: progress.onProgress, mayWrite });
    return aws.directory;
  };
  try {
    const unattended = options.autoApprove === true && reviewed === null;
    const { audit } = options;
    const { known, onKnown } = followRun();
    const stages = {
      ...options,
      ...progress,
      unattended,
      onKnown,
      beforeReading: (found: Target) => pickUp(journal, found, { audit, progress, context }),
    };
    const invalid = async (): Promise<number> => {
      await writeNoResult({ ...known(), command: "apply", kind: "invalid" }, options.format, context);
      return exitCodes.invalid;
    };
    const shown = await planStages(path, open, stages, context);
    if (shown === null || aws === undefined) return await invalid();
    if (reviewed?.digest !== shown.plan.digest || isRefusedNow(shown.plan))
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
    if (planned === null) return await invalid();
    const agreed = { plan: shown.plan, digest: shown.plan.digest, saved: null };
    const moved = await whyNotAsReviewed(agreed, planned, null, context);
    if (moved !== null) return await refuseAsStale(moved, options, context);
    if (planned !== shown && isRefusedNow(planned.plan)) {
      showPlan(planned, options.format, context);
      return await refuse(planned, options, context);
    }
    // What is left of a plan is on record under the digest that was reviewed.
    const plan = { ...planned.plan, digest: reviewed?.digest ?? planned.plan.digest };
    onBegin();
    return await carryOut({ ...planned, plan }, aws, { ...options, journal, whyNotAlone }, progress, context);
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
  const text = renderPlan(planned.plan, "text", { ...output, accountNames: accountNames(planned) });
  if (printed === "github") output.writeExactly(folded("Plan", text));
  else output.write(text);
};
