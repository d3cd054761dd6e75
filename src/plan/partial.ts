import type { Plan } from "./plan.ts";

/** Whether it was made with --only, which leaves out what it does not name. */
export const isPartial = ({ warnings }: Pick<Plan, "warnings">): boolean =>
  warnings.some(({ code }) => code === "partial-plan");
