import { appendOutputs } from "../forge/github-actions.ts";
import type { Plan } from "../plan/plan.ts";
import type { CommandContext } from "./context.ts";

/** Outputs of the step in GitHub Actions, for the steps and jobs after it; elsewhere nothing. */
export const writeWorkflowOutputs = (
  plan: Plan,
  planFile: string | undefined,
  context: CommandContext,
): void => {
  const file = context.env.GITHUB_OUTPUT;
  if (context.env.GITHUB_ACTIONS !== "true" || file === undefined || file === "") return;
  const directions = new Set(plan.changes.map(({ risk }) => risk.direction));
  const risk =
    (["broadening", "narrowing"] as const).find((direction) => directions.has(direction)) ?? "neutral";
  appendOutputs(
    file,
    {
      "has-changes": String(plan.changes.length > 0),
      counts: JSON.stringify(plan.counts),
      risk,
      digest: plan.digest,
      plan: planFile ?? "",
    },
    context.random,
  );
};
