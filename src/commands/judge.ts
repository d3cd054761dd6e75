import { createResult } from "../apply/result.ts";
import type { Finding } from "../model/finding.ts";
import { isDone } from "../plan/compare-plans.ts";
import { isPartial } from "../plan/partial.ts";
import { isRefusedNow } from "../plan/refused.ts";
import { refusals } from "../report/guard-lines.ts";
import type { NoResult } from "../report/no-result.ts";
import { type ApplyFormat, writeApplyResult } from "./apply-formats.ts";
import { type Approval, approve } from "./approval.ts";
import { whyNotAsReviewed } from "./as-reviewed.ts";
import type { CommandContext } from "./context.ts";
import type { Trails } from "./earlier-runs.ts";
import { exitCodes } from "./exit-codes.ts";
import type { FormatTarget } from "./formats.ts";
import { writeNoResult } from "./no-result-formats.ts";
import { accountNames, type Planned } from "./read-stages.ts";
import type { Reviewed } from "./reviewed.ts";
import { applyOutputs, writeWorkflowOutputs } from "./workflow-outputs.ts";

type Options = Approval & { readonly format: readonly FormatTarget<ApplyFormat>[] };

/** Whether a plan may be applied: go, or the exit code of a run that changes nothing, and has said why. */
export const judge = async (
  planned: Planned,
  reviewed: Reviewed | null,
  options: Options & Trails,
  context: CommandContext,
): Promise<"go" | number> => {
  const { plan } = planned;
  if (plan.changes.length === 0 && isAllThere(planned, reviewed)) {
    // The plan has said it already, where text goes to stdout.
    const others = options.format.filter(({ format, file }) => file !== null || format !== "text");
    const nothing = createResult(reviewed?.digest ?? plan.digest, [], []);
    writeWorkflowOutputs(applyOutputs(nothing, plan, options.plan), context);
    await writeApplyResult(nothing, others, context, null);
    return exitCodes.ok;
  }
  const stale = reviewed === null ? null : await whyNotAsReviewed(reviewed, planned, options, context);
  if (stale !== null) return await refuseAsStale(stale, options, context);
  if (isRefusedNow(plan)) return await refuse(planned, options, context);
  if (await approve(options, context)) return "go";
  context.stderr.write(`${notApproved.message}. Nothing was changed.\n`);
  await tell("refused", [notApproved], options, context);
  return context.signal.aborted ? exitCodes.interrupted : exitCodes.refused;
};

/**
 * Where there is nothing to do: whether that is so because all that was reviewed stands there, whoever did it. A plan of
 * another manifest or instance is stale. Of a digest alone nobody can tell what it was to do, so that all must have been
 * looked at.
 */
const isAllThere = ({ plan, live }: Pick<Planned, "plan" | "live">, reviewed: Reviewed | null): boolean => {
  if (reviewed === null || reviewed.digest === plan.digest) return true;
  if (reviewed.plan === null) return plan.unchecked.length === 0 && !isPartial(plan);
  const { manifest, instance } = reviewed.plan;
  const isOurs =
    manifest.digest === plan.manifest.digest && instance.instanceArn === plan.instance.instanceArn;
  return isOurs && isDone(reviewed.plan, live);
};

/** Writes what the guards have against it, and answers the exit code. */
export const refuse = async (
  planned: Planned,
  options: Options,
  context: CommandContext,
): Promise<number> => {
  await tell("refused", refusals(planned.plan, accountNames(planned)), options, context);
  return exitCodes.refused;
};

/** Writes why a plan is not the reviewed one, and answers the exit code. */
export const refuseAsStale = async (
  why: Finding,
  options: Options,
  context: CommandContext,
): Promise<number> => {
  await tell("stale", [why], options, context);
  return exitCodes.stale;
};

const notApproved: Finding = { code: "not-approved", severity: "error", message: "Not approved" };

const tell = async (
  kind: NoResult["kind"],
  findings: readonly Finding[],
  { format }: Options,
  context: CommandContext,
): Promise<void> => {
  await writeNoResult({ command: "apply", kind, findings, sources: new Map() }, format, context);
};
