import type { Assignment, Group, Membership, PermissionSet, User } from "../model/access-state.ts";
import type { Kind } from "../model/address.ts";
import type { ManifestIdentity } from "../model/desired-state.ts";
import type { Position } from "../model/finding.ts";
import type { Instance, Unread } from "../model/live-state.ts";
import type { Change, GuardCode, Note, Plan, ReasonCode, RiskReason, SkippedSubject } from "../plan/plan.ts";

/**
 * How what is live differs from what is declared: plain JSON, as `drift --format json` prints it
 * (schemas/drift.schema.json). It looks at the same comparison as a plan, from the other side: a plan says what would
 * be done, this says what somebody did.
 */
export interface Drift {
  readonly formatVersion: 1;
  readonly tool: Plan["tool"];
  readonly manifest: ManifestIdentity;
  readonly instance: Instance;
  /** unchecked: no drift was found, but a part could not be read, so that nobody knows. */
  readonly result: "clean" | "drift" | "unchecked";
  readonly counts: DriftCounts;
  readonly coverage: DriftCoverage;
  /** sha256, hex, of what drifted (fingerprint.ts): the same drift has the same one in every run. */
  readonly fingerprint: string;
  /** Worst first (compareFindings). */
  readonly findings: readonly DriftFinding[];
  /** What could not be read. Sorted by scope. */
  readonly unchecked: readonly Unread[];
  /** Live and not declared, and no drift: covered by a rule, or somebody else's to manage. Sorted by address. */
  readonly ignored: readonly Note[];
  /** What was left out on purpose, as in a plan. */
  readonly skipped: readonly SkippedSubject[];
  /** Guards for which apply refuses to repair it, as things are. Sorted. */
  readonly refusedBy: readonly GuardCode[];
  /** Absent unless it was asked for. */
  readonly who?: WhoReport;
}

export interface DriftCounts {
  readonly changed: number;
  readonly missing: number;
  readonly unmanaged: number;
  readonly unchecked: number;
}

/** Users, groups, member lists, permission sets, and pairs of an account and a permission set: see coverage.ts. */
export interface DriftCoverage {
  readonly read: number;
  readonly total: number;
  /** One decimal, rounded down: 100 only where everything was read. */
  readonly percent: number;
}

/**
 * - changed: declared and live, but not the same; or live in a way that it must no longer be (orphaned, expired, stale).
 * - missing: declared, not live.
 * - unmanaged: live, not declared.
 */
export type Bucket = "changed" | "missing" | "unmanaged";

export type DriftFinding = FindingBody & {
  readonly bucket: Bucket;
  readonly address: string;
  readonly reason: DriftReason;
  /** The attributes that differ, where both sides are there; else empty. */
  readonly differences: readonly AttributeDifference[];
  /** Where the manifest declares it, or what it hangs on; null: nowhere. */
  readonly position: Position | null;
  /** What `reconcile apply` would do about it; none: nothing, it is only reported. */
  readonly repair: Change["action"] | "none";
  readonly risk: DriftRisk;
  /** Newest first; absent where it was not asked for or not found. */
  readonly who?: readonly Deed[];
};

export type FindingBody =
  | BodyOf<"user", User>
  | BodyOf<"group", Group>
  | BodyOf<"membership", Membership>
  | BodyOf<"permissionSet", PermissionSet>
  | BodyOf<"assignment", Assignment>
  | {
      readonly kind: "provisioning";
      readonly permissionSet: string;
      /** Ids of the accounts that hold an older version, sorted. */
      readonly accounts: readonly string[];
      readonly declared: null;
      readonly live: null;
    };

interface BodyOf<K extends Kind, T> {
  readonly kind: K;
  /** Whole, as it should stand; null: not declared. */
  readonly declared: T | null;
  /** Whole, as it stands; null: it does not. */
  readonly live: T | null;
}

export interface DriftReason {
  /** withheld: mode additive keeps the deletion back. The others as in a plan. */
  readonly code: Exclude<ReasonCode, "declared"> | "missing" | "withheld";
  readonly detail?: string;
}

export interface AttributeDifference {
  readonly attribute: string;
  /** Plain JSON; null: none. */
  readonly declared: unknown;
  readonly live: unknown;
}

/** What the drift, not its repair, means for access. */
export interface DriftRisk {
  readonly access: "gained" | "lost" | "none";
  /** Sorted. Their meaning: plan/power.ts and plan/set-changes.ts. */
  readonly reasons: readonly RiskReason[];
  /** Ids of the accounts where somebody's access differs, sorted. */
  readonly accounts: readonly string[];
  /** Those of them where the access is administrator-equivalent. */
  readonly administratorAccounts: readonly string[];
}

/** Who did it, as CloudTrail has it. */
export interface Deed {
  /** ISO 8601. */
  readonly time: string;
  readonly event: string;
  readonly actor: string;
  readonly from: string | null;
  readonly eventId: string;
}

interface WhoReport {
  /** ISO 8601: how far back CloudTrail was asked. */
  readonly since: string;
  /** What could not be told, and why. */
  readonly notes: readonly string[];
}
