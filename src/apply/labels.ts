import type { Assignment } from "../model/access-state.ts";
import type { LiveState } from "../model/live-state.ts";

/** Names of what a failure concerns: `production (111111111111)`. Not yet escaped. */
export const accountLabel = (live: LiveState, accountId: string): string => {
  const name = live.organization.accounts.get(accountId)?.name;
  return name === undefined || name === null ? accountId : `${name} (${accountId})`;
};

/** `group Developers`; `deleted user 9067…` for an orphan. */
export const principalLabelOf = ({ orphan, principalType, principal }: Assignment): string =>
  `${orphan ? "deleted " : ""}${principalType === "GROUP" ? "group" : "user"} ${principal}`;
