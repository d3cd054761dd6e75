import { groupAddress, permissionSetAddress, userAddress } from "../model/address.ts";
import type { Comparison, Difference } from "./difference.ts";
import type { Doomed, MutableDoomed, Parents } from "./doomed.ts";
import { otherOwner } from "./owners.ts";
import type { Reason } from "./plan.ts";
import { reasonText } from "./reason-text.ts";
import { spareParentsOfHidden } from "./spare-hidden.ts";
import { spareParentsOfKept } from "./spare-kept.ts";

/**
 * Which users, groups and permission sets go. It is decided before anything else, because what hangs on them goes
 * first, and because they can only go when all of that can: AWS refuses to delete an assigned permission set, and a
 * user or group that is deleted leaves its assignments behind as orphans.
 *
 * | a live object that is                         | additive | declared | exclusive |
 * |-----------------------------------------------|----------|----------|-----------|
 * | covered by an ignore rule                     | ignored in every mode           |
 * | declared, or declared as external             | stays in every mode             |
 * | listed under `removed`, or renamed away (set) | withheld | goes     | goes      |
 * | marked as ours, not declared (set)            | withheld | goes     | goes      |
 * | owned by the identity provider or marked by another manifest | left alone in every mode |
 * | made by AWS Control Tower (built-in-rules.ts) | left alone in every mode        |
 * | none of these                                 | left alone | left alone | goes    |
 *
 * What goes by this table waits where something of it could not be read (spare-hidden.ts) or has to stay (spare-kept.ts,
 * why-stays.ts); its other assignments and memberships go nevertheless.
 *
 * Adds what is left alone, ignored, withheld, unchecked or skipped to `difference`.
 */
export const decideDeletions = (comparison: Comparison, difference: Difference): Doomed => {
  const doomed: MutableDoomed = {
    users: findUndeclared("users", userAddress, comparison, difference),
    groups: findUndeclared("groups", groupAddress, comparison, difference),
    permissionSets: findUndeclared("permissionSets", permissionSetAddress, comparison, difference),
    emptied: { users: new Map(), groups: new Map(), permissionSets: new Map() },
  };
  if (doomed.users.size + doomed.groups.size + doomed.permissionSets.size > 0) {
    spareParentsOfHidden(doomed, comparison, difference);
    spareParentsOfKept(doomed, comparison, difference);
  }
  return doomed;
};

const findUndeclared = (
  kind: Parents,
  address: (name: string) => string,
  comparison: Comparison,
  difference: Difference,
): Map<string, Reason> => {
  const { desired, live, ignore, unread } = comparison;
  const ignoredBecause = { users: ignore.user, groups: ignore.group, permissionSets: ignore.permissionSet }[
    kind
  ];
  const doomed = new Map<string, Reason>();
  for (const name of live.state[kind].keys()) {
    const ignored = ignoredBecause(name);
    if (ignored !== null) {
      difference.ignored.push({ address: address(name), reason: ignored });
      continue;
    }
    if (desired.scope.external[kind].has(name)) continue;
    if (desired.state[kind].has(name)) {
      difference.populations[kind] += 1;
      continue;
    }
    const verdict = judge(kind, name, comparison);
    if ("leftAlone" in verdict) {
      difference.unmanaged.push({ address: address(name), reason: verdict.leftAlone });
      continue;
    }
    difference.populations[kind] += 1;
    const unknown = unread.covers(address(name));
    if (desired.scope.modes[kind] === "additive") {
      difference.withheld.push({ address: address(name), reason: reasonText(verdict) });
    } else if (unknown !== null) {
      difference.unchecked.push({ scope: address(name), reason: unknown });
    } else {
      doomed.set(name, verdict);
    }
  }
  return doomed;
};

const judge = (
  kind: Parents,
  name: string,
  { desired, live, renames, noise }: Comparison,
): Reason | { leftAlone: string } => {
  if (desired.scope.removed[kind].has(name)) return { code: "removed" };
  if (kind === "permissionSets") {
    const newName = renames.permissionSets.get(name);
    if (newName !== undefined) return { code: "renamed", detail: newName };
    const other = otherOwner(desired, live, name);
    if (other !== null) return { leftAlone: `belongs to manifest "${other}" (tag reconcile:owner)` };
    if ((live.state.permissionSets.get(name)?.owner ?? null) !== null) return { code: "owner-mark" };
  } else if (live.externallyOwned[kind].has(name)) {
    return { leftAlone: "owned by the identity provider" };
  }
  if (desired.scope.modes[kind] !== "exclusive") return { leftAlone: "not declared in the manifest" };
  const set = live.state.permissionSets.get(name);
  const known = {
    users: null,
    groups: noise.group({ displayName: name }),
    permissionSets: set === undefined ? null : noise.permissionSet(set),
  }[kind];
  return known === null ? { code: "exclusive" } : { leftAlone: known };
};
