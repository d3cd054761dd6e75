import type { ApplyResult } from "../apply/result.ts";
import type { Drift } from "../drift/drift.ts";
import { appendOutputs } from "../forge/github-actions.ts";
import type { Plan } from "../plan/plan.ts";
import type { CommandContext } from "./context.ts";
import { isActions } from "./runner-output.ts";

/** Outputs of the step in GitHub Actions, for the steps and jobs after it; elsewhere nothing. */
export const writeWorkflowOutputs = (
  outputs: Readonly<Record<string, string>>,
  { env, random }: Pick<CommandContext, "env" | "random">,
): void => {
  const file = env.GITHUB_OUTPUT;
  if (isActions(env) && file !== undefined && file !== "") appendOutputs(file, outputs, random);
};

/**
 * unchecked: how many parts could not be read. reviewed: whether just this plan was reviewed on the pull request that was
 * merged.
 */
export const planOutputs = (
  plan: Plan,
  planFile: string | undefined,
  reviewed: boolean,
): Readonly<Record<string, string>> => ({
  "has-changes": String(plan.changes.length > 0),
  counts: JSON.stringify(plan.counts),
  unchecked: String(plan.unchecked.length),
  risk: riskOf(plan),
  digest: plan.digest,
  plan: planFile ?? "",
  reviewed: String(reviewed),
});

/** has-changes: whether something was done. `risk` is of the whole plan. */
export const applyOutputs = (
  { counts, planDigest }: ApplyResult,
  plan: Pick<Plan, "changes">,
  planFile: string | undefined,
): Readonly<Record<string, string>> => ({
  "has-changes": String(counts.created + counts.updated + counts.deleted + counts.provisioned > 0),
  counts: JSON.stringify(counts),
  risk: riskOf(plan),
  digest: planDigest,
  plan: planFile ?? "",
});

/**
 * has-changes: whether there is drift, or a part that could not be read. `risk` is of the drift: broadening where
 * somebody has more access than is declared. `digest` and `plan` are of the plan that repairs it.
 */
export const driftOutputs = (
  { result, counts, fingerprint, findings }: Drift,
  { digest }: Pick<Plan, "digest">,
  planFile: string | undefined,
): Readonly<Record<string, string>> => {
  const access = new Set(findings.map(({ risk }) => risk.access));
  return {
    "has-changes": String(result !== "clean"),
    counts: JSON.stringify(counts),
    unchecked: String(counts.unchecked),
    risk: access.has("gained") ? "broadening" : access.has("lost") ? "narrowing" : "neutral",
    fingerprint,
    digest,
    plan: planFile ?? "",
  };
};

const riskOf = ({ changes }: Pick<Plan, "changes">): string => {
  const directions = new Set(changes.map(({ risk }) => risk.direction));
  return (["broadening", "narrowing"] as const).find((direction) => directions.has(direction)) ?? "neutral";
};
