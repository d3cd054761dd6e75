import type { CustomerManagedPolicyReference, PermissionSet, PermissionsBoundary } from "./access-state.ts";
import { compareText } from "./address.ts";
import { parseDuration } from "./duration.ts";
import { AwsError } from "./errors.ts";
import { inlinePolicyFromText } from "./policy.ts";
import type { DescribedPermissionSet } from "./ports.ts";

/** Key of the tag that says which manifest made a permission set. */
export const ownerTag = "reconcile:owner";

/** What the reads of one permission set answer. */
export interface PermissionSetParts {
  readonly described: DescribedPermissionSet;
  /** JSON text; null: none. */
  readonly inlinePolicy: string | null;
  readonly managedPolicies: readonly string[];
  readonly customerManagedPolicies: readonly CustomerManagedPolicyReference[];
  readonly permissionsBoundary: PermissionsBoundary | null;
  /** All of them, the owner mark too; null: not read. */
  readonly tags: Readonly<Record<string, string>> | null;
}

/** The parts as one permission set, in canonical form. Throws AwsError for a session duration that is none. */
export const permissionSetOf = ({ described, tags, ...parts }: PermissionSetParts): PermissionSet => {
  const sessionDuration = parseDuration(described.sessionDuration);
  if (sessionDuration === null) {
    throw new AwsError(
      "malformed-reply",
      `permission set ${described.name} has a session duration that can not be read: ${described.sessionDuration}`,
    );
  }
  const { [ownerTag]: owner = null, ...otherTags } = tags ?? {};
  return {
    name: described.name,
    description: described.description,
    sessionDuration,
    relayState: described.relayState,
    managedPolicies: parts.managedPolicies.toSorted(compareText),
    customerManagedPolicies: parts.customerManagedPolicies.toSorted(
      (a, b) => compareText(a.path, b.path) || compareText(a.name, b.name),
    ),
    inlinePolicy: parts.inlinePolicy === null ? null : inlinePolicyFromText(parts.inlinePolicy),
    permissionsBoundary: parts.permissionsBoundary,
    ...(tags === null ? {} : { tags: otherTags }),
    owner,
  };
};

/** As the first call of a creation leaves it: with nothing yet that grants or limits access. */
export const withoutPolicies = (set: PermissionSet): PermissionSet => ({
  ...set,
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicy: null,
  permissionsBoundary: null,
});
