import type { Finding } from "../model/finding.ts";
import { comparePlans, isCovered, type PlanDifference } from "../plan/compare-plans.ts";
import { isPartial } from "../plan/partial.ts";
import type { Plan } from "../plan/plan.ts";
import type { Saved } from "../plan/plan-file.ts";
import { escapeTerminal } from "../report/escape.ts";
import { planDifferenceLines } from "../report/plan-difference.ts";
import type { CommandContext, Output } from "./context.ts";
import { type EarlierRuns, findEarlierRuns, noEarlierRuns, type Trails } from "./earlier-runs.ts";
import type { Planned } from "./read-stages.ts";
import { type Reviewed, shownTime } from "./reviewed.ts";

/**
 * Why what is to be done now is not what was reviewed; null: it is, or it is what an earlier run of the reviewed plan
 * has left of it. Says which, and how much is left. Nothing bypasses this. `trails`: null where no earlier run can have
 * been.
 */
export const whyNotAsReviewed = async (
  reviewed: Reviewed,
  { plan: now, live }: Pick<Planned, "plan" | "live">,
  trails: Trails | null,
  { cwd, stderr }: Pick<CommandContext, "cwd" | "stderr">,
): Promise<Finding | null> => {
  if (reviewed.digest === now.digest) return null;
  const { instanceArn } = now.instance;
  const since = reviewed.plan === null ? 0 : (reviewed.saved?.createdAt ?? 0);
  const earlier =
    trails === null
      ? noEarlierRuns
      : await findEarlierRuns({ planDigest: reviewed.digest, instanceArn, since }, trails, cwd);
  if (reviewed.plan === null) return told(digestMismatch(reviewed.digest, now, earlier), stderr);
  const difference = comparePlans(reviewed.plan, now, { doneBefore: earlier.changes, live });
  const sameManifest = reviewed.plan.manifest.digest === now.manifest.digest;
  const sameInstance = reviewed.plan.instance.instanceArn === instanceArn;
  if (sameManifest && sameInstance && earlier.startedAt !== null && isCovered(difference)) {
    const left = reviewed.plan.changes.length - difference.done;
    stderr.write(`${doneText(reviewed.plan, difference, earlier.startedAt)}; ${left} are left.\n\n`);
    return null;
  }
  const why = sameInstance
    ? planMismatch(reviewed, now, difference, earlier)
    : otherInstance(reviewed.plan.instance, now.instance);
  return told(why, stderr);
};

type Mismatch = Required<Pick<Finding, "code" | "message" | "details" | "hint">>;

const told = ({ code, message, details, hint }: Mismatch, stderr: Output): Finding => {
  const lines = [
    `error[${code}]: ${message}`,
    ...details.map((line) => `  ${escapeTerminal(line)}`),
    `  = ${hint}`,
  ];
  stderr.write(`${lines.join("\n")}\n`);
  return { code, severity: "error", message, details, hint };
};

const doneText = ({ changes }: Plan, { done }: PlanDifference, startedAt: number): string =>
  `${done} of ${changes.length} changes of this plan were done by an earlier run (started ${shownTime(startedAt)})`;

const again = "Make a new plan, have it reviewed, and apply that one";

const digestMismatch = (digest: string, now: Plan, { startedAt, changes }: EarlierRuns): Mismatch => {
  const code = "stale-plan";
  const message =
    "The manifest or Identity Center has changed since this digest was reviewed. Nothing was changed.";
  const digests = [`reviewed ${digest}`, `now      ${now.digest}`];
  if (startedAt === null) return { code, message, details: digests, hint: again };
  const done = [...changes.values()].filter((extent) => extent === "done").length;
  const begun = `An earlier run has begun to apply the plan with this digest (started ${shownTime(startedAt)}): ${done} of its changes are done.`;
  return {
    code,
    message,
    details: [...digests, begun],
    hint: "Give that plan with --plan FILE to carry on with it, since a digest alone does not tell what is left of it; or make a new plan, have it reviewed, and apply that one",
  };
};

const otherInstance = (was: Plan["instance"], is: Plan["instance"]): Mismatch => ({
  code: "plan-other-instance",
  message: "This plan was made for another instance of Identity Center. Nothing was changed.",
  details: [`reviewed ${was.instanceArn} in ${was.region}`, `now      ${is.instanceArn} in ${is.region}`],
  hint: "Check AWS_PROFILE, the Region and `instance` in the manifest, or plan for this instance",
});

const planMismatch = (
  { plan, saved }: Extract<Reviewed, { plan: Plan }>,
  now: Plan,
  difference: PlanDifference,
  earlier: EarlierRuns,
): Mismatch => {
  const sameManifest = plan.manifest.digest === now.manifest.digest;
  return {
    code: sameManifest ? "stale-plan" : "manifest-changed",
    message: sameManifest
      ? "Identity Center has changed since this plan was made. Nothing was changed."
      : "The manifest has changed since this plan was made. Nothing was changed.",
    details: [
      ...madeAt(saved),
      ...(earlier.startedAt === null ? [] : [`${doneText(plan, difference, earlier.startedAt)}.`]),
      ...partialNote(plan, now),
      ...differenceTexts(difference, sameManifest),
    ],
    hint: again,
  };
};

const madeAt = (saved: Saved | null): string[] => {
  if (saved === null) return [];
  const commit = saved.commit === null ? "" : ` from commit ${saved.commit}`;
  return [`plan made ${shownTime(saved.createdAt)}${commit}`];
};

/** A partial plan is applied with the same words that it was made with. */
const partialNote = (reviewed: Plan, now: Plan): string[] => {
  if (isPartial(reviewed) === isPartial(now)) return [];
  const how = isPartial(reviewed) ? "with --only or --since" : "without --only and --since";
  return [`The plan was made ${how}: give apply the same.`];
};

const mostLines = 200;

const differenceTexts = (difference: PlanDifference, sameManifest: boolean): string[] => {
  const lines = planDifferenceLines(difference, sameManifest).map(({ depth, mark, text, note }) => {
    const noted = note === undefined ? "" : `  (${note})`;
    return `${"  ".repeat(depth)}${mark === null ? "" : `${mark} `}${text}${noted}`;
  });
  if (lines.length === 0 && sameManifest)
    return ["The changes are the same, and guards judge them otherwise"];
  const rest = lines.length - mostLines;
  return rest > 0 ? [...lines.slice(0, mostLines), `... and ${rest} more lines`] : lines;
};
