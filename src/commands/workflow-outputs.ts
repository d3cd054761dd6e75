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

export const planOutputs = (plan: Plan, planFile: string | undefined): Readonly<Record<string, string>> => ({
  "has-changes": String(plan.changes.length > 0),
  counts: JSON.stringify(plan.counts),
  risk: riskOf(plan),
  digest: plan.digest,
  plan: planFile ?? "",
});

/** has-changes: whether something was done. */
export const applyOutputs = ({ counts, planDigest }: ApplyResult): Readonly<Record<string, string>> => ({
  "has-changes": String(counts.created + counts.updated + counts.deleted + counts.provisioned > 0),
  counts: JSON.stringify(counts),
  digest: planDigest,
});

/** has-changes: whether there is drift, or a part that could not be read. */
export const driftOutputs = ({ result, counts, fingerprint }: Drift): Readonly<Record<string, string>> => ({
  "has-changes": String(result !== "clean"),
  counts: JSON.stringify(counts),
  fingerprint,
});

const riskOf = ({ changes }: Plan): string => {
  const directions = new Set(changes.map(({ risk }) => risk.direction));
  return (["broadening", "narrowing"] as const).find((direction) => directions.has(direction)) ?? "neutral";
};
