import type { Plan } from "../plan/plan.ts";
import { serialisePlan } from "../plan/plan-file.ts";
import type { PlaceOf } from "./annotations.ts";
import { planJunit } from "./junit.ts";
import type { AccountNames } from "./labels.ts";
import { planMarkdown, type PlanMarkdownOptions } from "./plan-markdown.ts";
import { planSarif } from "./sarif.ts";
import { planText } from "./plan-text.ts";
import { viewPlan } from "./view.ts";

export interface RenderOptions {
  readonly colour: boolean;
  /** Names of accounts by id. */
  readonly accountNames: AccountNames;
  /** Width of the terminal. */
  readonly columns: number;
  readonly markdown?: PlanMarkdownOptions;
  /** Default: files are where positions say. */
  readonly placeOf?: PlaceOf;
  /** Where SARIF shows what has no place in the manifest, such as its first file. */
  readonly manifestFile?: string;
}

const asItIs: PlaceOf = (file) => file;

const planRenderers = {
  text: (plan: Plan, options: RenderOptions): string =>
    planText(viewPlan(plan, options.accountNames), options),
  json: (plan: Plan): string => serialisePlan(plan),
  markdown: (plan: Plan, { accountNames, markdown }: RenderOptions): string =>
    planMarkdown(plan, accountNames, markdown),
  sarif: (plan: Plan, { accountNames, placeOf = asItIs, manifestFile }: RenderOptions): string =>
    planSarif(plan, accountNames, { placeOf, manifestFile }),
  junit: (plan: Plan, { accountNames, placeOf = asItIs }: RenderOptions): string =>
    planJunit(plan, accountNames, placeOf),
} as const;

export type PlanFormat = keyof typeof planRenderers;

/** Ends with a line break. */
export const renderPlan = (plan: Plan, format: PlanFormat, options: RenderOptions): string =>
  planRenderers[format](plan, options);
