import type { Assignment, Group, Membership, PermissionSet, User } from "../model/access-state.ts";
import type { Kind } from "../model/address.ts";
import type { ManifestIdentity, Skipped } from "../model/desired-state.ts";
import type { Finding, Position } from "../model/finding.ts";
import type { Instance, Unread } from "../model/live-state.ts";

/** A finished plan: plain JSON, as `plan --format json` prints it (schemas/plan.schema.json). No timestamps in it. */
export interface Plan {
  readonly formatVersion: 1;
  readonly tool: { readonly name: "identity-center-reconciler"; readonly version: string };
  readonly manifest: ManifestIdentity;
  readonly instance: Instance;
  /** sha256, hex, of all that apply would do and to which instance (digest.ts). */
  readonly digest: string;
  /** In total order (order.ts): the order in which they are shown, and in which apply starts them. */
  readonly changes: readonly Change[];
  /** Live objects that are not declared and are left alone. Sorted by address. */
  readonly unmanaged: readonly Unmanaged[];
  /** Live objects that an ignore rule covers. */
  readonly ignored: readonly Note[];
  /** Deletions that mode additive holds back. */
  readonly withheld: readonly Note[];
  /** What could not be read, and deletions that are blocked by that. */
  readonly unchecked: readonly Unread[];
  readonly skipped: readonly Skipped[];
  readonly warnings: readonly Finding[];
  readonly guards: readonly GuardVerdict[];
  readonly counts: Counts;
}

export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly provision: number;
}

export interface Note {
  readonly address: string;
  readonly reason: string;
}

export interface Unmanaged {
  readonly address: string;
  /** Why it is not ours: not declared, another owner's mark, ... */
  readonly reason: string;
}

/**
 * One change. `before` is what was read and `after` what will stand there, both whole: attributes that are not
 * managed are the same in both. A rename of a group is an update whose displayName differs.
 */
export type Change =
  | (ChangeOf<"user", User> & ChangeCommon)
  | (ChangeOf<"group", Group> & ChangeCommon)
  | (ChangeOf<"membership", Membership> & ChangeCommon)
  | (ChangeOf<"permissionSet", PermissionSet> & ChangeCommon)
  | (ChangeOf<"assignment", Assignment> & ChangeCommon)
  | (ProvisionChange & ChangeCommon);

type ChangeOf<K extends Kind, T> =
  | { readonly kind: K; readonly action: "create"; readonly before: null; readonly after: T }
  | { readonly kind: K; readonly action: "update"; readonly before: T; readonly after: T }
  | { readonly kind: K; readonly action: "delete"; readonly before: T; readonly after: null };

/** A permission set that is as declared, but stale in some accounts: nothing changes but the roles there. */
export interface ProvisionChange {
  readonly kind: "provisioning";
  readonly action: "provision";
  readonly permissionSet: string;
  /** Account ids, sorted. */
  readonly accounts: readonly string[];
}

export interface ChangeCommon {
  readonly address: string;
  /** AWS id of the live object that is updated or deleted; null where it is created, or has none (assignments). */
  readonly id: string | null;
  readonly reason: Reason;
  readonly risk: Risk;
  /** Where the manifest says so; null where it says nothing (deletions of undeclared objects). */
  readonly position: Position | null;
  /** Addresses of changes that must have succeeded before this one starts (order.ts). Sorted. */
  readonly dependsOn: readonly string[];
}

export interface Reason {
  readonly code:
    | "declared"
    | "differs"
    | "renamed"
    | "not-declared"
    | "removed"
    | "exclusive"
    | "expired"
    | "orphaned"
    | "owner-mark"
    | "parent-deleted"
    | "stale";
  /** The user's own words (`reason` of an assignment), or a name that the code needs. */
  readonly detail?: string;
}

export interface Risk {
  readonly direction: "broadening" | "narrowing" | "neutral";
  /** Stable codes, sorted: administrator, management-account, wildcard-write, boundary-removed, ... */
  readonly reasons: readonly string[];
}

export interface GuardVerdict {
  /** Stable code: max-removals, protected, empty-manifest, ... */
  readonly guard: string;
  readonly verdict: "refused" | "allowed";
  /** Data for the sentence: kind, count, population, limit, addresses. */
  readonly args: Readonly<Record<string, string | number | readonly string[]>>;
  /** The option that lets this plan through, such as --allow max-removals=12. */
  readonly override: string;
}
