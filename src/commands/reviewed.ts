import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { StalePlanError, UsageError } from "../model/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { parsePlanFile, type Saved } from "../plan/plan-file.ts";
import { escapeTerminal } from "../report/escape.ts";
import { planDifferenceLines } from "../report/plan-difference.ts";
import type { Approval } from "./approval.ts";
import type { CommandContext } from "./context.ts";

/** What was reviewed: the whole plan (saved: in a file), or only its digest. */
export type Reviewed =
  | { readonly plan: Plan; readonly digest: string; readonly saved: Saved | null }
  | { readonly plan: null; readonly digest: string };

/**
 * null: no plan was reviewed. Rejects with UsageError where the file or the digest is no good, with StalePlanError where
 * the plan is too old.
 */
export const readReviewed = async (
  { plan: file, expect }: Approval,
  { cwd, now }: Pick<CommandContext, "cwd" | "now">,
): Promise<Reviewed | null> => {
  if (expect !== undefined) {
    if (/^[0-9a-f]{64}$/.test(expect)) return { plan: null, digest: expect };
    throw new UsageError("bad-digest", `${expect} is not a digest`, {
      hint: "A digest is 64 hexadecimal digits; plan prints it, and plan --format json has it as digest",
    });
  }
  if (file === undefined) return null;
  const { plan, saved } = parsePlanFile(await readPlanText(file, cwd));
  if (saved === null) {
    throw new UsageError("plan-without-expiry", `The plan ${file} does not say until when it holds.`, {
      hint: "Write the plan with `reconcile plan --out FILE`; what --format json prints is for reading",
    });
  }
  if (now() >= saved.expiresAt) {
    throw new StalePlanError(
      "plan-expired",
      `This plan held until ${time(saved.expiresAt)}, and it is ${time(now())} now. Nothing was changed.`,
      {
        hint: "Make a new plan, have it reviewed, and apply that one; plan --max-age says how long a plan holds",
      },
    );
  }
  return { plan, digest: plan.digest, saved };
};

/** The text of a plan file. Rejects with UsageError where it cannot be read. */
export const readPlanText = async (file: string, cwd: string): Promise<string> => {
  try {
    return await readFile(resolve(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError("cannot-read", `Cannot read the plan ${file}: ${(error as Error).message}`, {
      hint: "Write one with `reconcile plan --out FILE`",
      cause: error,
    });
  }
};

const time = (epochMilliseconds: number): string =>
  new Date(epochMilliseconds).toISOString().replace(/\.\d+Z$/, "Z");

/** Why what is to be done now is not what was reviewed, for the terminal; null: it is. Nothing bypasses this. */
export const staleness = (reviewed: Reviewed, now: Plan): string | null => {
  if (reviewed.digest === now.digest) return null;
  const lines = reviewed.plan === null ? digestMismatch(reviewed.digest, now) : planMismatch(reviewed, now);
  return `${lines.join("\n")}\n`;
};

const again = "  = Make a new plan, have it reviewed, and apply that one";

const digestMismatch = (digest: string, now: Plan): string[] => [
  "error[stale-plan]: The manifest or Identity Center has changed since this digest was reviewed. Nothing was changed.",
  `  reviewed ${digest}`,
  `  now      ${now.digest}`,
  again,
];

const planMismatch = ({ plan, saved }: Extract<Reviewed, { plan: Plan }>, now: Plan): string[] => {
  if (plan.instance.instanceArn !== now.instance.instanceArn) {
    return [
      "error[plan-other-instance]: This plan was made for another instance of Identity Center. Nothing was changed.",
      `  reviewed ${escapeTerminal(plan.instance.instanceArn)} in ${escapeTerminal(plan.instance.region)}`,
      `  now      ${escapeTerminal(now.instance.instanceArn)} in ${escapeTerminal(now.instance.region)}`,
      "  = Check AWS_PROFILE, the Region and `instance` in the manifest, or plan for this instance",
    ];
  }
  const head =
    plan.manifest.digest === now.manifest.digest
      ? `error[stale-plan]: Identity Center has changed since this plan was made. Nothing was changed.`
      : `error[manifest-changed]: The manifest has changed since this plan was made. Nothing was changed.`;
  return [head, ...madeAt(saved), ...partialNote(plan, now), ...differenceTexts(plan, now), again];
};

const madeAt = (saved: Saved | null): string[] => {
  if (saved === null) return [];
  const commit = saved.commit === null ? "" : ` from commit ${saved.commit}`;
  return [`  plan made ${time(saved.createdAt)}${commit}`];
};

/** A partial plan is applied with the same words that it was made with. */
const partialNote = (reviewed: Plan, now: Plan): string[] => {
  const isPartial = ({ warnings }: Plan): boolean => warnings.some(({ code }) => code === "partial-plan");
  if (isPartial(reviewed) === isPartial(now)) return [];
  return [`  The plan was made ${isPartial(reviewed) ? "with" : "without"} --only: give apply the same.`];
};

const mostLines = 200;

const differenceTexts = (reviewed: Plan, now: Plan): string[] => {
  const lines = planDifferenceLines(reviewed, now).map(({ depth, mark, text, note }) => {
    const noted = note === undefined ? "" : `  (${escapeTerminal(note)})`;
    return `${"  ".repeat(depth + 1)}${mark === null ? "" : `${mark} `}${escapeTerminal(text)}${noted}`;
  });
  const rest = lines.length - mostLines;
  return rest > 0 ? [...lines.slice(0, mostLines), `  ... and ${rest} more lines`] : lines;
};
