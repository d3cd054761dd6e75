/**
 * The vocabulary: who can reach what, in one model for both sides. `manifest` builds it from YAML (desired), `live`
 * from Identity Center. Everything is keyed and compared by the names of design section 4, never by AWS ids: those
 * stay beside the state (LiveIds), so that equality of two values is plain equality.
 */
export interface AccessState {
  /** By user name. */
  readonly users: ReadonlyMap<string, User>;
  /** By display name. */
  readonly groups: ReadonlyMap<string, Group>;
  /** By address, see address.ts. */
  readonly memberships: ReadonlyMap<string, Membership>;
  /** By name. */
  readonly permissionSets: ReadonlyMap<string, PermissionSet>;
  /** By address. */
  readonly assignments: ReadonlyMap<string, Assignment>;
}

export interface User {
  readonly userName: string;
  /**
   * Flat: one entry for each leaf of user-attributes.ts. Live: every leaf, null where AWS holds none. Desired: only
   * the leaves that the manifest manages, null to clear.
   */
  readonly attributes: Readonly<Partial<Record<UserAttribute, UserAttributeValue>>>;
}

export type UserAttributeValue = string | boolean | null;

export type UserAttribute =
  | "givenName"
  | "familyName"
  | "displayName"
  | "middleName"
  | "formattedName"
  | "honorificPrefix"
  | "honorificSuffix"
  | "nickName"
  | "profileUrl"
  | "title"
  | "userType"
  | "preferredLanguage"
  | "locale"
  | "timezone"
  | "website"
  | "birthdate"
  | `email.${"value" | "type" | "primary"}`
  | `phone.${"value" | "type" | "primary"}`
  | `address.${"streetAddress" | "locality" | "region" | "postalCode" | "country" | "formatted" | "type" | "primary"}`
  | `enterprise.${"employeeNumber" | "costCenter" | "organization" | "division" | "department"}`;

export interface Group {
  readonly displayName: string;
  /** Absent on the desired side: not managed. null: none. */
  readonly description?: string | null;
}

export interface Membership {
  readonly group: string;
  readonly user: string;
}

export interface PermissionSet {
  readonly name: string;
  /** Absent on the desired side: not managed. null only on the live side: none. */
  readonly description?: string | null;
  /** Seconds. */
  readonly sessionDuration: number;
  readonly relayState: string | null;
  /** ARNs, sorted. */
  readonly managedPolicies: readonly string[];
  /** Sorted by path, then name. */
  readonly customerManagedPolicies: readonly CustomerManagedPolicyReference[];
  readonly inlinePolicy: InlinePolicy | null;
  readonly permissionsBoundary: PermissionsBoundary | null;
  /** Without the owner mark. Absent on the desired side: not managed. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Value of the tag reconcile:owner; null: none. On the desired side null means: leave whatever is there. */
  readonly owner: string | null;
}

export interface CustomerManagedPolicyReference {
  readonly name: string;
  /** With leading and trailing slash. */
  readonly path: string;
}

export type PermissionsBoundary =
  | { readonly managedPolicyArn: string }
  | { readonly customerManagedPolicy: CustomerManagedPolicyReference };

export interface InlinePolicy {
  /** Canonical form (policy.ts): the only thing that is compared. */
  readonly canonical: CanonicalPolicy;
  /** JSON text, minified, in the author's order: what is sent to AWS, or what AWS returned. */
  readonly text: string;
}

/** A policy document in canonical form: plain JSON, see policy.ts. */
export type CanonicalPolicy = Readonly<Record<string, unknown>>;

export type PrincipalType = "GROUP" | "USER";

export interface Assignment {
  readonly accountId: string;
  /** Name of the permission set. */
  readonly permissionSet: string;
  readonly principalType: PrincipalType;
  /** User name or group display name; the bare principal id where `orphan` is true. */
  readonly principal: string;
  /** true: the principal no longer exists in the identity store. Only on the live side. */
  readonly orphan?: true;
}
