import { validate } from "../generated/validate-plan.js";
import { canonicalJson } from "../model/canonical-json.ts";
import { UsageError } from "../model/errors.ts";
import { planDigest } from "./digest.ts";
import type { Plan } from "./plan.ts";

/**
 * A plan as text: JSON, one line for each property and for each item of its lists, so that two plans can be compared
 * with any tool for lines. The same plan gives the same bytes. Ends with a line break.
 */
export const serialisePlan = (plan: Plan): string => {
  const properties = Object.entries(plan).map(([key, value]: [string, unknown]) => {
    const text =
      Array.isArray(value) && value.length > 0
        ? `[\n${value.map((item) => `    ${canonicalJson(item)}`).join(",\n")}\n  ]`
        : canonicalJson(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${properties.join(",\n")}\n}\n`;
};

/** The plan in the text of a plan file. Throws UsageError where it is none, or was changed since it was written. */
export const parsePlan = (text: string): Plan => {
  const value = parseJson(text);
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === "number" && version > 1) {
    throw new UsageError(
      "plan-newer-version",
      `This plan file was made by a newer version of reconcile (its format is ${version}, known here is 1).`,
      { hint: "Use the version that made it, or plan again with this one." },
    );
  }
  if (!validate(value)) {
    throw new UsageError("plan-invalid", `This is not a plan file of reconcile: ${firstProblem()}.`, {
      hint: "Make one with `reconcile plan --out FILE`.",
    });
  }
  const plan = value as Plan;
  if (planDigest(plan) !== plan.digest) {
    throw new UsageError(
      "plan-tampered",
      "This plan file was changed after it was made: its digest does not fit its changes.",
      { hint: "Plan again, and review that plan." },
    );
  }
  return plan;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const isCut = text.trimStart().startsWith("{") && !text.trimEnd().endsWith("}");
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

const firstProblem = (): string => {
  const error = validate.errors?.[0];
  if (error === undefined) return "it does not have the form of one";
  const place = error.instancePath === "" ? "the file" : error.instancePath;
  return `${place} ${error.message ?? "is not valid"}`;
};
