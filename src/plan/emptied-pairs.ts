import type { LiveState } from "../model/live-state.ts";
import type { ChangeDraft } from "./plan.ts";

export const pairKey = (accountId: string, permissionSet: string): string => `${accountId}/${permissionSet}`;

/**
 * The pairs of account and permission set in which nobody is left when the plan is carried out. Their IAM role goes
 * with the last assignment: provisioning there would make it anew, for nobody, and no call of AWS removes such a role.
 */
export const emptiedPairs = (changes: readonly ChangeDraft[], live: LiveState): ReadonlySet<string> => {
  const left = new Map<string, number>();
  const count = (accountId: string, permissionSet: string, by: number): void => {
    const key = pairKey(accountId, permissionSet);
    const before = left.get(key);
    if (before !== undefined) left.set(key, before + by);
  };
  for (const change of changes) {
    if (change.kind === "assignment" && change.action === "delete") {
      left.set(pairKey(change.before.accountId, change.before.permissionSet), 0);
    }
  }
  if (left.size === 0) return new Set();
  for (const { accountId, permissionSet } of live.state.assignments.values())
    count(accountId, permissionSet, 1);
  for (const change of changes) {
    if (change.kind !== "assignment") continue;
    if (change.action === "delete") count(change.before.accountId, change.before.permissionSet, -1);
    else count(change.after.accountId, change.after.permissionSet, 1);
  }
  return new Set([...left].filter(([, assignments]) => assignments <= 0).map(([key]) => key));
};
