import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { StalePlanError, UsageError } from "../model/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { parsePlanFile, type Saved } from "../plan/plan-file.ts";
import type { Approval } from "./approval.ts";
import type { CommandContext } from "./context.ts";

/** What was reviewed: the whole plan (saved: in a file), or only its digest. */
export type Reviewed =
  | { readonly plan: Plan; readonly digest: string; readonly saved: Saved | null }
  | { readonly plan: null; readonly digest: string };

/**
 * null: no plan was reviewed. Rejects with UsageError where the file or the digest is no good, with StalePlanError where
 * the plan is too old or, where both are given, the file is not of the digest.
 */
export const readReviewed = async (
  { plan: file, expect }: Approval,
  { cwd, now }: Pick<CommandContext, "cwd" | "now">,
): Promise<Reviewed | null> => {
  if (expect !== undefined && !/^[0-9a-f]{64}$/.test(expect)) {
    throw new UsageError("bad-digest", `${expect} is not a digest`, {
      hint: "A digest is 64 hexadecimal digits; plan prints it, and plan --format json has it as digest",
    });
  }
  if (file === undefined) return expect === undefined ? null : { plan: null, digest: expect };
  const { plan, saved } = parsePlanFile(await readPlanText(file, cwd));
  if (saved === null) {
    throw new UsageError("plan-without-expiry", `The plan ${file} does not say until when it holds.`, {
      hint: "Write the plan with `reconcile plan --out FILE`; what --format json prints is for reading",
    });
  }
  requireValid({ plan, digest: plan.digest, saved }, { now });
  if (expect !== undefined && expect !== plan.digest) {
    throw new StalePlanError(
      "plan-not-expected",
      `The plan ${file} is not the one that was reviewed. Nothing was changed.\nreviewed ${expect}\nin file  ${plan.digest}`,
      { hint: "Give the file of the reviewed plan, or make a new plan and have it reviewed" },
    );
  }
  return { plan, digest: plan.digest, saved };
};

/** Throws StalePlanError where the plan is too old by now. */
export const requireValid = (reviewed: Reviewed | null, { now }: Pick<CommandContext, "now">): void => {
  if (reviewed === null || reviewed.plan === null || reviewed.saved === null) return;
  const { expiresAt } = reviewed.saved;
  if (now() < expiresAt) return;
  throw new StalePlanError(
    "plan-expired",
    `This plan held until ${shownTime(expiresAt)}, and it is ${shownTime(now())} now. Nothing was changed.`,
    {
      hint: "Make a new plan, have it reviewed, and apply that one; plan --max-age says how long a plan holds",
    },
  );
};

/** The text of a plan file. Rejects with UsageError where it cannot be read. */
export const readPlanText = async (file: string, cwd: string): Promise<string> => {
  try {
    const path = resolve(cwd, file);
    const found = await stat(path);
    // A pipe may never end, and a device has none.
    if (!found.isFile()) throw new Error("it is no regular file");
    if (found.size > largestPlan) throw new Error(`it is larger than ${largestPlan / 1_000_000} MB`);
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError("cannot-read", `Cannot read the plan ${file}: ${(error as Error).message}`, {
      hint: "Write one with `reconcile plan --out FILE`",
      cause: error,
    });
  }
};

/** Bytes; 1,000,000 changes take some 400 MB, and no text in Node.js is longer than 512 MiB. */
const largestPlan = 500_000_000;

export const shownTime = (epochMilliseconds: number): string =>
  new Date(epochMilliseconds).toISOString().replace(/\.\d+Z$/, "Z");
