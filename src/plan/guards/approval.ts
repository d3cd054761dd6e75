import type { GuardArgs } from "../plan.ts";
import type { GuardInput } from "./guard.ts";

/** Which changes nobody may apply unseen. */
export const checkApproval = ({ changes, settings }: GuardInput): GuardArgs[] => {
  const asks = settings.approval;
  if (asks === "never") return [];
  const count =
    asks === "any" ? changes.length : changes.filter(({ risk }) => risk.direction === "broadening").length;
  return count === 0 ? [] : [{ asks, count, population: changes.length }];
};
