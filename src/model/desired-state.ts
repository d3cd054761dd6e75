import type { AccessState } from "./access-state.ts";
import type { Finding, Position } from "./finding.ts";
import type { Guards } from "./guards.ts";

/** What the manifest asks for, resolved against the accounts that exist, with the scope in which it is exact. */
export interface DesiredState {
  readonly manifest: ManifestIdentity;
  readonly state: AccessState;
  readonly scope: Scope;
  /** By address: where it stands in the manifest, and why. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Accounts that a selector matched and that are not ACTIVE, and assignments that have expired. */
  readonly skipped: readonly Skipped[];
  /** Warnings that came up on the way. */
  readonly findings: readonly Finding[];
}

export interface ManifestIdentity {
  /** `name` of the manifest: the owner mark; null: none. */
  readonly name: string | null;
  /** sha256 of what the files say (order of files and spelling do not matter), hex. */
  readonly digest: string;
}

export type Mode = "additive" | "declared" | "exclusive";

export interface Scope {
  readonly modes: Readonly<Record<ManagedKind, Mode>>;
  /** Declared with external: true: known by name, never written. */
  readonly external: ExternalNames;
  /** Groups whose members are managed here, by display name. */
  readonly managedMembers: ReadonlySet<string>;
  readonly removed: {
    readonly users: ReadonlyMap<string, Position>;
    readonly groups: ReadonlyMap<string, Position>;
    readonly permissionSets: ReadonlyMap<string, Position>;
  };
  /** New name → earlier names, in the order given. */
  readonly previously: {
    readonly groups: ReadonlyMap<string, readonly string[]>;
    readonly permissionSets: ReadonlyMap<string, readonly string[]>;
  };
  readonly ignore: readonly IgnoreRule[];
  /** Whether what AWS's own services make is left alone where nothing is declared of it (plan/built-in-rules.ts). */
  readonly builtInRules: boolean;
  readonly guards: Guards;
}

export type ManagedKind = "users" | "groups" | "memberships" | "permissionSets" | "assignments";

export interface ExternalNames {
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly permissionSets: ReadonlySet<string>;
}

/** Globs; expired rules are not in the list any more. Account globs are matched against names and ids. */
export interface IgnoreRule {
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly permissionSets?: readonly string[];
  readonly accounts?: readonly string[];
  readonly reason: string;
  readonly position: Position;
}

export interface Origin {
  readonly position: Position;
  /** `reason` of the assignment entry. */
  readonly reason?: string;
  /** `until` of the assignment entry: epoch milliseconds. */
  readonly until?: number;
}

export interface Skipped {
  /** An account (`account/333333333333`) or an address. */
  readonly subject: string;
  readonly reason: string;
  readonly position: Position;
}
