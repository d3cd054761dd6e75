import type { Plan } from "../plan/plan.ts";
import { serialisePlan } from "../plan/plan-file.ts";
import type { AccountNames } from "./labels.ts";
import { planMarkdown } from "./plan-markdown.ts";
import { planText } from "./plan-text.ts";
import { viewPlan } from "./view.ts";

export interface RenderOptions {
  readonly colour: boolean;
  /** Names of accounts by id. */
  readonly accountNames: AccountNames;
  /** Width of the terminal. */
  readonly columns: number;
}

const planRenderers = {
  text: (plan: Plan, options: RenderOptions): string =>
    planText(viewPlan(plan, options.accountNames), options),
  json: (plan: Plan): string => serialisePlan(plan),
  markdown: (plan: Plan, { accountNames }: RenderOptions): string =>
    planMarkdown(viewPlan(plan, accountNames)),
} as const;

export type PlanFormat = keyof typeof planRenderers;

/** Ends with a line break. */
export const renderPlan = (plan: Plan, format: PlanFormat, options: RenderOptions): string =>
  planRenderers[format](plan, options);
