import { compareText, permissionSetAddress } from "../model/address.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { Finding } from "../model/finding.ts";
import type { LiveState } from "../model/live-state.ts";
import type { ChangeDraft } from "./plan.ts";

/** The manifest that a live permission set belongs to by its owner mark; null: this one, or none that is known. */
export const otherOwner = (desired: DesiredState, live: LiveState, name: string): string | null => {
  const owner = live.state.permissionSets.get(name)?.owner ?? null;
  return owner === desired.manifest.name || desired.scope.external.permissionSets.has(name) ? null : owner;
};

/**
 * Groups through which permission sets of other manifests are reached, with the first of these manifests: who their
 * members are is not for this one to say, unless it declares them.
 */
export const groupsOfOtherOwners = (desired: DesiredState, live: LiveState): ReadonlyMap<string, string> => {
  const owners = new Map(
    [...live.state.permissionSets.keys()].flatMap((name) => {
      const owner = otherOwner(desired, live, name);
      return owner === null ? [] : [[name, owner] as const];
    }),
  );
  const groups = new Map<string, string>();
  if (owners.size === 0) return groups;
  for (const { permissionSet, principalType, principal, orphan } of live.state.assignments.values()) {
    const owner = owners.get(permissionSet);
    if (owner === undefined || principalType !== "GROUP" || orphan === true) continue;
    const first = groups.get(principal);
    if (desired.scope.managedMembers.has(principal) || (first !== undefined && first <= owner)) continue;
    groups.set(principal, owner);
  }
  return groups;
};

/**
 * Names of the permission sets that the changes write to, or give or take assignments of: whose owner has to be known.
 * Not those that are declared as external. Sorted.
 */
export const permissionSetsChanged = (
  { scope }: Pick<DesiredState, "scope">,
  changes: readonly ChangeDraft[],
): string[] =>
  [...new Set(changes.flatMap(changedSet))]
    .filter((name) => !scope.external.permissionSets.has(name))
    .sort(compareText);

/** Names of the live permission sets that are not declared, not as external either. Sorted. */
export const permissionSetsUndeclared = ({ state, scope }: DesiredState, live: LiveState): string[] =>
  [...live.state.permissionSets.keys()]
    .filter((name) => !state.permissionSets.has(name) && !scope.external.permissionSets.has(name))
    .sort(compareText);

/**
 * An error for each permission set of another manifest that the changes concern. A manifest with a `name` does not come
 * this far (references.ts); one without may declare such a set as long as it agrees with what is there.
 */
export const changesOfOtherOwners = (
  desired: DesiredState,
  live: LiveState,
  changes: readonly ChangeDraft[],
): Finding[] =>
  permissionSetsChanged(
    desired,
    changes.filter((change) => !goesWithPrincipal(change)),
  ).flatMap((name) => {
    const owner = otherOwner(desired, live, name);
    if (owner === null) return [];
    const address = permissionSetAddress(name);
    const place = desired.origins.get(address)?.position;
    return [
      {
        code: "other-owner",
        severity: "error" as const,
        message: `permission set "${name}" belongs to manifest "${owner}": its tag reconcile:owner says so, and this manifest would change it, or who has it`,
        hint: otherOwnerHint,
        address,
        ...(place === undefined ? {} : { position: place }),
      },
    ];
  });

export const otherOwnerHint =
  "Leave it to that manifest (here: `external: true`), or remove the tag reconcile:owner first";

const changedSet = (change: ChangeDraft): string[] => {
  switch (change.kind) {
    case "permissionSet":
      return change.action === "create" ? [] : [change.before.name];
    case "provisioning":
      return [change.permissionSet];
    case "assignment":
      return [(change.after ?? change.before).permissionSet];
    default:
      return [];
  }
};

/** Who is removed loses everything, whoever's it is: that says nothing about the permission set. */
const goesWithPrincipal = ({ kind, reason: { code, detail = "" } }: ChangeDraft): boolean =>
  kind === "assignment" && code === "parent-deleted" && /^(user|group)\//.test(detail);
