import type { Group, PermissionSet, User } from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { formatDuration } from "../model/duration.ts";
import { userAttributes } from "../model/user-attributes.ts";
import type { AttributeDifference, FindingBody } from "./drift.ts";

/** Attribute by attribute, where the object is on both sides. */
export const differencesOf = (body: FindingBody): readonly AttributeDifference[] => {
  switch (body.kind) {
    case "user":
      return compare(body.declared, body.live, userParts);
    case "group":
      return compare(body.declared, body.live, groupParts);
    case "permissionSet":
      return compare(body.declared, body.live, permissionSetParts);
    case "membership":
    case "assignment":
    case "provisioning":
      return [];
  }
};

type Parts = readonly (readonly [attribute: string, value: unknown])[];

const compare = <T>(
  declared: T | null,
  live: T | null,
  partsOf: (object: T) => Parts,
): AttributeDifference[] => {
  if (declared === null || live === null) return [];
  const found = new Map(partsOf(live));
  return partsOf(declared).flatMap(([attribute, value]) => {
    const there = found.get(attribute) ?? null;
    return canonicalJson(value) === canonicalJson(there) ? [] : [{ attribute, declared: value, live: there }];
  });
};

const userParts = ({ attributes }: User): Parts =>
  userAttributes.map((attribute) => [attribute, attributes[attribute] ?? null]);

const groupParts = ({ displayName, description }: Group): Parts => [
  ["displayName", displayName],
  ["description", description ?? null],
];

export const permissionSetParts = (set: PermissionSet): Parts => [
  ["description", set.description ?? null],
  ["sessionDuration", formatDuration(set.sessionDuration)],
  ["relayState", set.relayState],
  ["managedPolicies", set.managedPolicies],
  ["customerManagedPolicies", set.customerManagedPolicies],
  ["inlinePolicy", set.inlinePolicy?.canonical ?? null],
  ["permissionsBoundary", set.permissionsBoundary],
  ["tags", set.tags ?? null],
  ["owner", set.owner],
];
