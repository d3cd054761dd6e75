import type { Assignment } from "../model/access-state.ts";
import { groupAddress, permissionSetAddress, principalLabel, userAddress } from "../model/address.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Ignore } from "./ignore.ts";
import type { UnreadScopes } from "./unread.ts";

/**
 * Declared assignments of which nobody knows whether they are there. They are not made now, so what they may be meant to
 * replace cannot go.
 */
export interface UnreadGains {
  /** To the same user or group in the same account; null: there is none. Of several, the one whose address is first. */
  readonly beside: (assignment: Assignment) => UnreadGain | null;
}

interface UnreadGain {
  readonly address: string;
  readonly reason: string;
}

export const findUnreadGains = (
  { state }: DesiredState,
  live: LiveState,
  unread: UnreadScopes,
  ignore: Ignore,
): UnreadGains => {
  const gains = new Map<string, UnreadGain>();
  if (live.coverage.unread.length === 0) return { beside: () => null };
  for (const [address, assignment] of state.assignments) {
    if (live.state.assignments.has(address) || ignore.assignment(assignment) !== null) continue;
    const reason = whyUnread(address, assignment, live, unread);
    if (reason === null) continue;
    const before = gains.get(keyOf(assignment));
    if (before === undefined || address < before.address) gains.set(keyOf(assignment), { address, reason });
  }
  return { beside: (assignment) => gains.get(keyOf(assignment)) ?? null };
};

/** Why it is not known whether a declared assignment that was not found is there; null: it is not. */
export const whyUnread = (
  address: string,
  { permissionSet, principalType, principal }: Assignment,
  { state }: LiveState,
  unread: UnreadScopes,
): string | null => {
  const [there, principalAddress] =
    principalType === "GROUP" ? [state.groups, groupAddress] : [state.users, userAddress];
  return (
    unread.covers(address) ??
    (state.permissionSets.has(permissionSet) ? null : unread.covers(permissionSetAddress(permissionSet))) ??
    (there.has(principal) ? null : unread.covers(principalAddress(principal)))
  );
};

const keyOf = ({ accountId, principalType, principal }: Assignment): string =>
  `${accountId}/${principalLabel(principalType, principal)}`;
