import { createHash } from "node:crypto";
import { validate } from "../generated/validate-plan.js";
import { canonicalJson } from "../model/canonical-json.ts";
import { UsageError } from "../model/errors.ts";
import { safeJson } from "../model/json-text.ts";
import { repeatedKey } from "../model/repeated-key.ts";
import { planDigest } from "./digest.ts";
import type { Plan } from "./plan.ts";

/** When and from what a plan was written to a file. It is no part of the plan, which holds no time. */
export interface Saved {
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** From when on apply refuses it, epoch milliseconds. */
  readonly expiresAt: number;
  /** Git commit, where CI or Git told it; null otherwise. */
  readonly commit: string | null;
  /** Where the manifest is in the repository, by which its comment is known; "" in files of older versions. */
  readonly manifest: string;
  /** Names of the accounts in the plan, by id: the plan itself holds none. Empty in files of older versions. */
  readonly accountNames: ReadonlyMap<string, string>;
}

/** A plan as it was read from a file; saved is null where it is what plan --format json prints. */
export interface PlanFile {
  readonly plan: Plan;
  readonly saved: Saved | null;
}

/**
 * A plan as text: JSON, one line for each property and for each item of its lists, so that two plans can be compared
 * with any tool for lines. The same plan gives the same bytes; `saved` stands apart at their end. Ends with a line
 * break.
 */
export const serialisePlan = (plan: Plan, saved?: Saved): string => {
  const file = saved === undefined ? plan : { ...plan, saved: sealed(plan, saved) };
  const properties = Object.entries(file).map(([key, value]: [string, unknown]) => {
    const text =
      Array.isArray(value) && value.length > 0
        ? `[\n${value.map((item) => `    ${canonicalJson(item)}`).join(",\n")}\n  ]`
        : canonicalJson(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return safeJson(`{\n${properties.join(",\n")}\n}\n`);
};

/** The plan in the text of a plan file. Throws UsageError where it is none, or was changed since it was written. */
export const parsePlan = (text: string): Plan => parsePlanFile(text).plan;

export const parsePlanFile = (text: string): PlanFile => {
  const value = parseJson(text);
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === "number" && version > 1) {
    throw new UsageError(
      "plan-newer-version",
      `This plan file was made by a newer version of reconcile (its format is ${version}, known here is 1).`,
      { hint: "Use the version that made it, or plan again with this one." },
    );
  }
  if (!isPlain(value, mostLevels)) {
    throw invalid(`it is nested more than ${mostLevels} levels deep, or has a number that is too large`);
  }
  if (!validate(value)) throw invalid(firstProblem());
  // JSON.parse takes the last of two, and people read the first.
  const twice = repeatedKey(text);
  if (twice !== null) throw invalid(`it says ${JSON.stringify(twice)} twice in one place`);
  const { saved, ...plan } = value as Plan & { readonly saved?: Sealed };
  if (planDigest(plan) !== plan.digest || (saved !== undefined && !isUntouched(plan, saved))) {
    throw new UsageError(
      "plan-tampered",
      "This plan file was changed after it was made: what it says does not fit its digest.",
      { hint: "Plan again, and review that plan." },
    );
  }
  return { plan, saved: saved === undefined ? null : unsealed(saved) };
};

interface Sealed {
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly commit: string | null;
  readonly manifest?: string;
  readonly accountNames?: Readonly<Record<string, string>>;
  readonly seal: string;
}

const sealed = (plan: Plan, { createdAt, expiresAt, commit, manifest, accountNames }: Saved): Sealed => {
  const said = {
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    commit,
    manifest,
    accountNames: Object.fromEntries(accountNames),
  };
  return { ...said, seal: sealOf(plan, said) };
};

const unsealed = ({ createdAt, expiresAt, commit, manifest = "", accountNames = {} }: Sealed): Saved => ({
  createdAt: timeOf(createdAt),
  expiresAt: timeOf(expiresAt),
  commit,
  manifest,
  accountNames: new Map(Object.entries(accountNames)),
});

/** What is no time would never have passed. */
const timeOf = (text: string): number => {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw invalid("the times in it are no times");
};

const isUntouched = (plan: Plan, { seal, ...said }: Sealed): boolean => seal === sealOf(plan, said);

/** Of all that the file says, since people read what the digest leaves out: risk, reasons, notes. */
const sealOf = (plan: Plan, said: Omit<Sealed, "seal">): string =>
  createHash("sha256")
    .update(canonicalJson({ ...plan, saved: said }))
    .digest("hex");

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // A full disk leaves nothing at all.
    const isCut = text.trim() === "" || (text.trimStart().startsWith("{") && !text.trimEnd().endsWith("}"));
    throw isCut
      ? new UsageError("plan-truncated", "This plan file is not complete: its end is missing.", {
          hint: "It may have been cut off while it was copied. Copy it again, or plan again.",
          cause,
        })
      : new UsageError("plan-not-json", "This plan file is not JSON.", {
          hint: "Make one with `reconcile plan --out FILE`.",
          cause,
        });
  }
};

const invalid = (problem: string): UsageError =>
  new UsageError("plan-invalid", `This is not a plan file of reconcile: ${problem}.`, {
    hint: "Make one with `reconcile plan --out FILE`.",
  });

/** A policy is the deepest that a plan holds, and has 64. */
const mostLevels = 100;

/** Whether a digest can be made of it. */
const isPlain = (value: unknown, levels: number): boolean => {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isPlain(item, levels - 1));
};

const firstProblem = (): string => {
  const error = validate.errors?.[0];
  if (error === undefined) return "it does not have the form of one";
  const place = error.instancePath === "" ? "the file" : error.instancePath;
  return `${place} ${error.message ?? "is not valid"}`;
};
