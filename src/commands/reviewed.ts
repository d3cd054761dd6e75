import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../model/errors.ts";
import { comparePlans } from "../plan/compare-plans.ts";
import type { Change, Plan } from "../plan/plan.ts";
import { parsePlan } from "../plan/plan-file.ts";
import { escapeTerminal } from "../report/escape.ts";
import type { Approval } from "./approval.ts";

/** What was reviewed: the whole plan, or only its digest. */
export type Reviewed =
  | { readonly plan: Plan; readonly digest: string }
  | { readonly plan: null; readonly digest: string };

/** null: no plan was reviewed. Rejects with UsageError where the file or the digest is no good. */
export const readReviewed = async (
  { plan: file, expect }: Approval,
  cwd: string,
): Promise<Reviewed | null> => {
  if (expect !== undefined) {
    if (/^[0-9a-f]{64}$/.test(expect)) return { plan: null, digest: expect };
    throw new UsageError("bad-digest", `${expect} is not a digest`, {
      hint: "A digest is 64 hexadecimal digits; plan prints it, and plan --format json has it as digest",
    });
  }
  if (file === undefined) return null;
  const plan = parsePlan(await read(file, cwd));
  return { plan, digest: plan.digest };
};

const read = async (file: string, cwd: string): Promise<string> => {
  try {
    return await readFile(resolve(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError("cannot-read", `Cannot read the plan ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
};

/** Why what is to be done now is not what was reviewed, for the terminal; null: it is. Nothing bypasses this. */
export const staleness = (reviewed: Reviewed, now: Plan): string | null => {
  if (reviewed.digest === now.digest) return null;
  const lines = [
    "error[stale-plan]: What would be done now is not what was reviewed. Nothing was changed.",
    `  reviewed ${reviewed.digest}`,
    `  now      ${now.digest}`,
    ...(reviewed.plan === null ? [] : reasons(reviewed.plan, now)),
    "  = Make a new plan, have it reviewed, and apply that one",
  ];
  return `${lines.join("\n")}\n`;
};

const reasons = (reviewed: Plan, now: Plan): readonly string[] => {
  if (reviewed.instance.instanceArn !== now.instance.instanceArn) {
    return [`  The plan was made for another instance: ${escapeTerminal(reviewed.instance.instanceArn)}`];
  }
  const { gone, unreviewed, different } = comparePlans(reviewed, now);
  return [
    ...(reviewed.manifest.digest === now.manifest.digest ? [] : ["  The manifest has changed since."]),
    ...different.map((pair) => `  changed in AWS or in the manifest since: ${told(pair.reviewed)}`),
    ...gone.map((change) => `  no longer needed:  ${told(change)}`),
    ...unreviewed.map((change) => `  never reviewed:    ${told(change)}`),
  ];
};

const told = ({ action, address }: Change): string => `${action} ${escapeTerminal(address)}`;
