import { comparePlans, isCovered, type PlanDifference } from "../plan/compare-plans.ts";
import type { Plan } from "../plan/plan.ts";
import type { Saved } from "../plan/plan-file.ts";
import { escapeTerminal } from "../report/escape.ts";
import { planDifferenceLines } from "../report/plan-difference.ts";
import type { CommandContext } from "./context.ts";
import { type EarlierRuns, findEarlierRuns, noEarlierRuns, type Trails } from "./earlier-runs.ts";
import type { Planned } from "./read-stages.ts";
import { type Reviewed, shownTime } from "./reviewed.ts";

/**
 * Whether what is to be done now is what was reviewed, or what an earlier run of the reviewed plan has left of it. Says
 * what is not, or how much is left. Nothing bypasses this. `trails`: null where no earlier run can have been.
 */
export const isAsReviewed = async (
  reviewed: Reviewed,
  { plan: now, live }: Pick<Planned, "plan" | "live">,
  trails: Trails | null,
  { cwd, stderr }: Pick<CommandContext, "cwd" | "stderr">,
): Promise<boolean> => {
  if (reviewed.digest === now.digest) return true;
  const { instanceArn } = now.instance;
  const since = reviewed.plan === null ? 0 : (reviewed.saved?.createdAt ?? 0);
  const earlier =
    trails === null
      ? noEarlierRuns
      : await findEarlierRuns({ planDigest: reviewed.digest, instanceArn, since }, trails, cwd);
  const say = (lines: readonly string[]): void => stderr.write(`${lines.join("\n")}\n`);
  if (reviewed.plan === null) {
    say(digestMismatch(reviewed.digest, now, earlier));
    return false;
  }
  const difference = comparePlans(reviewed.plan, now, { doneBefore: earlier.changes, live });
  const sameManifest = reviewed.plan.manifest.digest === now.manifest.digest;
  const sameInstance = reviewed.plan.instance.instanceArn === instanceArn;
  if (sameManifest && sameInstance && earlier.startedAt !== null && isCovered(difference)) {
    const left = reviewed.plan.changes.length - difference.done;
    say([`${doneText(reviewed.plan, difference, earlier.startedAt)}; ${left} are left.`, ""]);
    return true;
  }
  say(
    sameInstance
      ? planMismatch(reviewed, now, difference, earlier)
      : otherInstance(reviewed.plan.instance, now.instance),
  );
  return false;
};

const doneText = ({ changes }: Plan, { done }: PlanDifference, startedAt: number): string =>
  `${done} of ${changes.length} changes of this plan were done by an earlier run (started ${shownTime(startedAt)})`;

const again = "  = Make a new plan, have it reviewed, and apply that one";

const digestMismatch = (digest: string, now: Plan, { startedAt, changes }: EarlierRuns): string[] => {
  const head = [
    "error[stale-plan]: The manifest or Identity Center has changed since this digest was reviewed. Nothing was changed.",
    `  reviewed ${digest}`,
    `  now      ${now.digest}`,
  ];
  if (startedAt === null) return [...head, again];
  const done = [...changes.values()].filter((extent) => extent === "done").length;
  return [
    ...head,
    `  An earlier run has begun to apply the plan with this digest (started ${shownTime(startedAt)}): ${done} of its changes are done.`,
    "  = Give that plan with --plan FILE to carry on with it, since a digest alone does not tell what is left of it; or make a new plan, have it reviewed, and apply that one",
  ];
};

const otherInstance = (was: Plan["instance"], is: Plan["instance"]): string[] => [
  "error[plan-other-instance]: This plan was made for another instance of Identity Center. Nothing was changed.",
  `  reviewed ${escapeTerminal(was.instanceArn)} in ${escapeTerminal(was.region)}`,
  `  now      ${escapeTerminal(is.instanceArn)} in ${escapeTerminal(is.region)}`,
  "  = Check AWS_PROFILE, the Region and `instance` in the manifest, or plan for this instance",
];

const planMismatch = (
  { plan, saved }: Extract<Reviewed, { plan: Plan }>,
  now: Plan,
  difference: PlanDifference,
  earlier: EarlierRuns,
): string[] => {
  const sameManifest = plan.manifest.digest === now.manifest.digest;
  return [
    sameManifest
      ? "error[stale-plan]: Identity Center has changed since this plan was made. Nothing was changed."
      : "error[manifest-changed]: The manifest has changed since this plan was made. Nothing was changed.",
    ...madeAt(saved),
    ...(earlier.startedAt === null ? [] : [`  ${doneText(plan, difference, earlier.startedAt)}.`]),
    ...partialNote(plan, now),
    ...differenceTexts(difference, sameManifest),
    again,
  ];
};

const madeAt = (saved: Saved | null): string[] => {
  if (saved === null) return [];
  const commit = saved.commit === null ? "" : ` from commit ${saved.commit}`;
  return [`  plan made ${shownTime(saved.createdAt)}${commit}`];
};

/** A partial plan is applied with the same words that it was made with. */
const partialNote = (reviewed: Plan, now: Plan): string[] => {
  const isPartial = ({ warnings }: Plan): boolean => warnings.some(({ code }) => code === "partial-plan");
  if (isPartial(reviewed) === isPartial(now)) return [];
  return [`  The plan was made ${isPartial(reviewed) ? "with" : "without"} --only: give apply the same.`];
};

const mostLines = 200;

const differenceTexts = (difference: PlanDifference, sameManifest: boolean): string[] => {
  const lines = planDifferenceLines(difference, sameManifest).map(({ depth, mark, text, note }) => {
    const noted = note === undefined ? "" : `  (${escapeTerminal(note)})`;
    return `${"  ".repeat(depth + 1)}${mark === null ? "" : `${mark} `}${escapeTerminal(text)}${noted}`;
  });
  if (lines.length === 0 && sameManifest)
    return ["  The changes are the same, and guards judge them otherwise"];
  const rest = lines.length - mostLines;
  return rest > 0 ? [...lines.slice(0, mostLines), `  ... and ${rest} more lines`] : lines;
};
