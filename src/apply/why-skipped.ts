import type { Change } from "../plan/plan.ts";

/** Why a change was not begun. `cause`: the change whose failure is the reason, directly or not. */
export const whySkipped = (change: Change, cause: Change): string => {
  const { address } = cause;
  const isGiven = cause.action !== "delete";
  const takes = change.action === "delete" || (change.kind === "permissionSet" && change.action === "update");
  if (takes && isGiven) {
    return `Not done, because ${address} failed: access is taken only when what replaces it is there`;
  }
  return change.action === "delete" || isGiven
    ? `It needs ${address}, which failed`
    : `Not done, because ${address} failed: nothing more is given to who was to lose access first`;
};
