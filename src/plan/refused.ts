import type { Plan } from "./plan.ts";

/** Whether a guard has something against it that nobody has allowed, whenever it is applied. */
export const isRefused = ({ guards }: Pick<Plan, "guards">): boolean =>
  guards.some(({ verdict }) => verdict === "refused");

/** The same, or that it may not be applied at this moment. */
export const isRefusedNow = (plan: Pick<Plan, "guards">): boolean =>
  isRefused(plan) || plan.guards.some(({ verdict }) => verdict === "refused-now");
