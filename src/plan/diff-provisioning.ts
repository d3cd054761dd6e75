import type { PermissionSet } from "../model/access-state.ts";
import { compareText, permissionSetAddress, provisioningAddress } from "../model/address.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { inactiveReason } from "../model/organization.ts";
import type { ComparisonWithDeletions, Difference } from "./difference.ts";
import { emptiedPairs, pairKey } from "./emptied-pairs.ts";

/**
 * Permission sets that are as declared, while accounts hold an older version. An update provisions by itself what it
 * makes stale, unless it touches tags only, which no role has. Where this plan takes the last assignment the role goes.
 */
export const diffProvisioning = (comparison: ComparisonWithDeletions, difference: Difference): void => {
  const { desired, live, ignore, unread } = comparison;
  const provisioned = new Set(
    difference.changes.flatMap((change) =>
      change.kind === "permissionSet" && change.action === "update" && changesRole(change)
        ? [change.address]
        : [],
    ),
  );
  const emptied = emptiedPairs(difference.changes, live);
  for (const name of desired.state.permissionSets.keys()) {
    const address = permissionSetAddress(name);
    const id = live.ids.permissionSets.get(name);
    const stale = live.provisioning.get(name)?.stale ?? [];
    if (id === undefined || stale.length === 0 || provisioned.has(address)) continue;
    if (desired.scope.external.permissionSets.has(name) || unread.covers(address) !== null) continue;
    const accounts: string[] = [];
    for (const accountId of [...stale].sort(compareText)) {
      if (emptied.has(pairKey(accountId, name))) continue;
      const ignored = ignore.account(accountId);
      const inactive = inactiveReason(live.organization, accountId);
      if (ignored !== null) {
        difference.ignored.push({
          address: provisioningAddress(name),
          reason: `account ${accountId}: ${ignored}`,
        });
      } else if (inactive !== null) {
        difference.skipped.push({
          subject: provisioningAddress(name),
          reason: `not provisioned: ${inactive}`,
          position: null,
        });
      } else {
        accounts.push(accountId);
      }
    }
    if (accounts.length === 0) continue;
    difference.changes.push({
      kind: "provisioning",
      action: "provision",
      permissionSet: name,
      accounts,
      address: provisioningAddress(name),
      id,
      reason: { code: "stale" },
      position: desired.origins.get(address)?.position ?? null,
    });
  }
};

/** Whether an update makes the roles stale that stand in the accounts, and so provisions them. */
export const changesRole = ({ before, after }: Update): boolean => rolePart(before) !== rolePart(after);

interface Update {
  readonly before: PermissionSet;
  readonly after: PermissionSet;
}

const rolePart = ({ tags: _tags, owner: _owner, ...rest }: PermissionSet): string => canonicalJson(rest);
