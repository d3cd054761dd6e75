import { compareText } from "../model/address.ts";
import type { Comparison } from "./difference.ts";
import type { Risk, RiskReason, UnreadReach } from "./plan.ts";

export const broadening = (
  reasons: readonly RiskReason[],
  accounts: readonly string[],
  administratorAccounts: readonly string[],
): Risk => risk("broadening", reasons, accounts, administratorAccounts);

export const narrowing = (
  reasons: readonly RiskReason[],
  accounts: readonly string[] = [],
  administratorAccounts: readonly string[] = [],
): Risk => risk("narrowing", reasons, accounts, administratorAccounts);

export const neutral = (reasons: readonly RiskReason[], accounts: readonly string[] = []): Risk =>
  risk("neutral", reasons, accounts, []);

/** Nobody knows what this gives or takes. */
export const withUnread = (risk: Risk, scopes: readonly string[]): Risk => ({
  ...risk,
  reasons: [...new Set<RiskReason>([...risk.reasons, "reach-unknown"])].sort(),
  unread: unreadReach(scopes),
});

/** With what could hide another way into accounts of which the last known one goes; `user`: null for a group. */
export const withHiddenWays = (
  risk: Risk,
  accounts: readonly string[],
  user: string | null,
  { unread }: Comparison,
): Risk => {
  if (accounts.length === 0) return risk;
  const scopes = new Set([
    ...accounts.flatMap((id) => unread.hidingAssignmentsIn(id)),
    ...(user === null ? [] : unread.hidingMembershipsOf(user)),
  ]);
  return scopes.size === 0 ? risk : { ...risk, hiddenWays: unreadReach([...scopes].sort(compareText)) };
};

/** A thousand scopes with each of a thousand members say no more than a few. */
export const unreadReach = (scopes: readonly string[]): UnreadReach => ({
  scopes: scopes.slice(0, 10),
  count: scopes.length,
});

/** Says where each reason holds, unless that is everywhere. */
export const withPlaces = (risk: Risk, places: Iterable<readonly [RiskReason, readonly string[]]>): Risk => {
  const everywhere = risk.accounts?.length ?? 0;
  const partly = [...places]
    .filter(([reason, accounts]) => reason !== "administrator" && accounts.length < everywhere)
    .filter(([reason]) => risk.reasons.includes(reason))
    .sort(([a], [b]) => compareText(a, b));
  return partly.length === 0 ? risk : { ...risk, reasonAccounts: Object.fromEntries(partly) };
};

export const managementReason = (accounts: readonly string[], { live }: Comparison): RiskReason[] => {
  const { managementAccountId } = live.organization;
  return managementAccountId !== null && accounts.includes(managementAccountId) ? ["management-account"] : [];
};

const risk = (
  direction: Risk["direction"],
  reasons: readonly RiskReason[],
  accounts: readonly string[],
  administratorAccounts: readonly string[],
): Risk => ({
  direction,
  reasons: [...new Set(reasons)].sort(),
  ...(accounts.length === 0 ? {} : { accounts }),
  ...(administratorAccounts.length === 0 ? {} : { administratorAccounts }),
});
