import type { Group, PermissionSet, User } from "../model/access-state.ts";
import { isSame, sameTags } from "./same.ts";

/**
 * What will stand after an update: what is declared, and where that says nothing, what is there. Each answers the live
 * value itself where nothing differs, so that "no change" is one comparison.
 */
export const mergeUser = (desired: User, live: User): User => {
  const differs = Object.entries(desired.attributes).some(
    ([attribute, value]) => (live.attributes[attribute as keyof User["attributes"]] ?? null) !== value,
  );
  return differs ? { ...live, attributes: { ...live.attributes, ...desired.attributes } } : live;
};

/** A group that is being renamed is found under its new name, and still tells the old one. */
export const mergeGroup = (desired: Group, live: Group): Group => {
  const description = desired.description === undefined ? (live.description ?? null) : desired.description;
  return desired.displayName === live.displayName && description === (live.description ?? null)
    ? live
    : { displayName: desired.displayName, description };
};

export const mergePermissionSet = (desired: PermissionSet, live: PermissionSet): PermissionSet => {
  const keep = <T>(wanted: T, there: T): T => (isSame(wanted, there) ? there : wanted);
  const tags = mergeTags(desired.tags, live.tags);
  const { tags: _tags, ...before } = live;
  const merged: Omit<PermissionSet, "tags"> = {
    name: live.name,
    description: desired.description ?? live.description ?? null,
    sessionDuration: desired.sessionDuration,
    relayState: desired.relayState,
    managedPolicies: keep(desired.managedPolicies, live.managedPolicies),
    customerManagedPolicies: keep(desired.customerManagedPolicies, live.customerManagedPolicies),
    // The author's spelling is no difference, so the one that AWS holds stays.
    inlinePolicy:
      desired.inlinePolicy !== null &&
      live.inlinePolicy !== null &&
      isSame(desired.inlinePolicy.canonical, live.inlinePolicy.canonical)
        ? live.inlinePolicy
        : desired.inlinePolicy,
    permissionsBoundary: keep(desired.permissionsBoundary, live.permissionsBoundary),
    owner: desired.owner ?? live.owner,
  };
  return tags === live.tags && isSame(merged, { ...before, description: live.description ?? null })
    ? live
    : { ...merged, ...(tags === undefined ? {} : { tags }) };
};

type Tags = PermissionSet["tags"];

/** Tags that were not read are neither compared nor invented: they are asked for wherever the manifest has any. */
const mergeTags = (desired: Tags, live: Tags): Tags =>
  desired === undefined || (live !== undefined && sameTags(desired, live)) ? live : desired;
