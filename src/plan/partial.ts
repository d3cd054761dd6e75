import type { Plan } from "./plan.ts";

/** Whether it was made with --only or --since, which leave out what is not asked for. */
export const isPartial = ({ warnings }: Pick<Plan, "warnings">): boolean =>
  warnings.some(({ code }) => code === "partial-plan");
