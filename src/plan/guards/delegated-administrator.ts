import type { Change, GuardArgs } from "../plan.ts";
import type { GuardInput } from "./guard.ts";

/**
 * From any account but the one that owns the instance, AWS refuses assignments in the management account, and every
 * change of a permission set that is provisioned there: its assignments in other accounts too. Said here, it is said
 * before the first write.
 */
export const checkDelegatedAdministrator = (input: GuardInput): GuardArgs[] => {
  const { comparison, changes, settings, caller } = input;
  const { instance, organization, provisioning, state } = comparison.live;
  const management = organization.managementAccountId ?? instance.ownerAccountId;
  if (caller === null || settings.delegatedAdministrator === "allow") return [];
  if (caller.account === management || caller.account === instance.ownerAccountId) return [];
  const outOfReach = new Set<string>();
  for (const [name, { accounts }] of provisioning) if (accounts.includes(management)) outOfReach.add(name);
  for (const { accountId, permissionSet } of state.assignments.values()) {
    if (accountId === management) outOfReach.add(permissionSet);
  }
  const addresses = changes
    .filter((change) => isOutOfReach(change, management, outOfReach))
    .map(({ address }) => address);
  return addresses.length === 0
    ? []
    : [{ count: addresses.length, addresses, accounts: [management], callerAccount: caller.account }];
};

const isOutOfReach = (change: Change, management: string, sets: ReadonlySet<string>): boolean => {
  switch (change.kind) {
    case "assignment": {
      const { accountId, permissionSet } = change.after ?? change.before;
      return accountId === management || sets.has(permissionSet);
    }
    case "permissionSet":
      return sets.has((change.after ?? change.before).name);
    case "provisioning":
      return sets.has(change.permissionSet);
    default:
      return false;
  }
};
