import type { Assignment, Group, Membership, PermissionSet, User } from "../model/access-state.ts";
import type { Kind } from "../model/address.ts";
import type { ManifestIdentity, Mode, ManagedKind } from "../model/desired-state.ts";
import type { Finding, Position } from "../model/finding.ts";
import type { Instance, Unread } from "../model/live-state.ts";

/** A finished plan: plain JSON, as `plan --format json` prints it (schemas/plan.schema.json). No timestamps in it. */
export interface Plan {
  readonly formatVersion: 1;
  readonly tool: { readonly name: "identity-center-reconciler"; readonly version: string };
  readonly manifest: ManifestIdentity;
  readonly modes: Readonly<Record<ManagedKind, Mode>>;
  readonly instance: Instance;
  /** sha256, hex, of all that apply would do and to which instance (digest.ts). */
  readonly digest: string;
  readonly counts: Counts;
  /** In total order (order.ts): the order in which they are shown, and in which apply starts them. */
  readonly changes: readonly Change[];
  /** Live objects that are not declared and are left alone. Like all lists of notes, sorted by address. */
  readonly unmanaged: readonly Note[];
  /** Live or declared objects that an ignore rule covers; the reason is the rule's own. */
  readonly ignored: readonly Note[];
  /** Deletions that mode additive holds back. */
  readonly withheld: readonly Note[];
  /** What could not be read, and changes that are blocked by that. Sorted by scope. */
  readonly unchecked: readonly Unread[];
  /** What was left out on purpose: accounts that are not active, expired assignments, deletions that cannot be done. */
  readonly skipped: readonly SkippedSubject[];
  readonly warnings: readonly Finding[];
  readonly guards: readonly GuardVerdict[];
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

export interface SkippedSubject {
  /** An account (`account/333333333333`) or an address. */
  readonly subject: string;
  readonly reason: string;
  readonly position: Position | null;
}

/**
 * One change. `before` is what was read and `after` what will stand there, both whole: attributes that are not
 * managed are the same in both. A rename of a group is an update whose displayName differs.
 */
export type Change = ChangeDraft & ChangePlace;

/** A change as the differ makes it, before it has its place and its risk. */
export type ChangeDraft = ChangeBody & ChangeIdentity;

export type ChangeBody =
  | ChangeOf<"user", User>
  | ChangeOf<"group", Group>
  | ChangeOf<"membership", Membership>
  | ChangeOf<"permissionSet", PermissionSet>
  | ChangeOf<"assignment", Assignment>
  | ProvisionChange;

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

export interface ChangeIdentity {
  readonly address: string;
  /**
   * AWS id of the live object that is updated, deleted or provisioned; null where it is created, or has none
   * (assignments).
   */
  readonly id: string | null;
  readonly reason: Reason;
  /** Where the manifest says so; null where it says nothing (deletions of undeclared objects). */
  readonly position: Position | null;
}

export interface ChangePlace {
  readonly risk: Risk;
  /** Addresses of changes that must have succeeded before this one starts (order.ts). Sorted. */
  readonly dependsOn: readonly string[];
}

export type ReasonCode =
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

export interface Reason {
  readonly code: ReasonCode;
  /**
   * declared: the user's own words (`reason` of an assignment). renamed: the other name. expired: the time, ISO 8601.
   * parent-deleted: address of the parent.
   */
  readonly detail?: string;
}

export interface Risk {
  readonly direction: "broadening" | "narrowing" | "neutral";
  /** Sorted. Their meaning: risk.ts. */
  readonly reasons: readonly RiskReason[];
  /** Ids of the accounts where somebody's access changes by this, sorted; absent where there are none. */
  readonly accounts?: readonly string[];
  /** Those of them where the access is administrator-equivalent. */
  readonly administratorAccounts?: readonly string[];
  /** Memberships: where a reason holds that does not hold in all of them; sorted. For administrator that is the above. */
  readonly reasonAccounts?: Readonly<Partial<Record<RiskReason, readonly string[]>>>;
  /** Permission sets that are changed or replaced: to whom they are assigned afterwards, such as group:Developers. */
  readonly principals?: readonly string[];
  /** sha256, hex, of which of these principals has it in which of the accounts. */
  readonly reach?: string;
  /** Assignments of groups: who is in it, afterwards or, where it goes, before. Absent: nobody, or it was not read. */
  readonly members?: MembersOfGroup;
  /** What was not read: of what a group reaches (reach-unknown), or of where and to whom a permission set is assigned. */
  readonly unread?: UnreadReach;
  /** last-access: what was not read, and could hide another way in. */
  readonly hiddenWays?: UnreadReach;
}

export interface MembersOfGroup {
  /** User names: the first of them, sorted. */
  readonly names: readonly string[];
  readonly count: number;
}

export interface UnreadReach {
  /** The first of them, sorted: addresses, or scopes such as assignment/111111111111/Admin/*. */
  readonly scopes: readonly string[];
  /** How many there are. */
  readonly count: number;
}

export type RiskReason =
  | "administrator"
  | "administrator-removed"
  | "boundary-changed"
  | "boundary-removed"
  | "customer-policy-removed"
  | "customer-policy-unknown"
  | "deny-removed"
  | "first-access"
  | "identity-rights"
  | "last-access"
  | "management-account"
  | "policy-added"
  | "reach-unknown"
  | "rights-removed"
  | "role-removed"
  | "role-replaced"
  | "session-lengthened"
  | "sign-in-changed"
  | "wildcard-write";

export type GuardCode =
  | "approval"
  | "break-glass"
  | "delegated-administrator"
  | "empty-manifest"
  | "freeze"
  | "max-removals"
  | "min-administrators"
  | "protected"
  | "quota-groups-per-assignment"
  | "quota-inline-policy"
  | "quota-permission-sets"
  | "quota-permission-sets-per-account"
  | "quota-policies"
  | "self-lockout"
  | "shrunken-manifest";

export interface GuardVerdict {
  readonly guard: GuardCode;
  /**
   * refused-now: apply refuses it as long as something lasts that is no part of the plan, and takes it afterwards.
   * needs-review: apply takes it with a reviewed plan, or from a person at the terminal; not unseen.
   */
  readonly verdict: "refused" | "refused-now" | "allowed" | "needs-review";
  /** Data for the sentence. */
  readonly args: GuardArgs;
  /** The option that lets this plan through, such as --allow max-removals=groups:12. */
  readonly override: string;
}

export interface GuardArgs {
  /** How many, or how much: what an override with a number has to name. */
  readonly count: number;
  readonly kind?: ManagedKind;
  /** How many there are; break-glass: ways in that the rule declares; self-lockout: that you have. */
  readonly population?: number;
  readonly percent?: number;
  readonly floor?: number;
  /** The quota, or the least that is asked for. */
  readonly limit?: number;
  /** Changes or objects that the guard is about, by address. */
  readonly addresses?: readonly string[];
  /** Account ids, sorted. */
  readonly accounts?: readonly string[];
  /** Such as group:Break-Glass, sorted. */
  readonly principals?: readonly string[];
  /** break-glass: who loses it where, such as group:Break-Glass@111111111111, names percent-encoded; sorted. */
  readonly ways?: readonly string[];
  readonly permissionSet?: string;
  /** Account of who runs. */
  readonly callerAccount?: string;
  readonly callerUser?: string;
  /** What could not be seen, and leaves open whether access is lost; sorted. */
  readonly unread?: readonly string[];
  /** freeze: name of the window, why there is one, and when it ends (RFC 3339). */
  readonly window?: string;
  readonly reason?: string;
  readonly until?: string;
  /** approval: which changes ask for it. */
  readonly asks?: "broadening" | "any";
}
