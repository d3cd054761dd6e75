import type { AccessState } from "./access-state.ts";
import type { Organization } from "./organization.ts";

/** What stands in AWS, as far as it was read, with the ids that writing needs. */
export interface LiveState {
  readonly instance: Instance;
  readonly organization: Organization;
  readonly state: AccessState;
  readonly ids: LiveIds;
  /** When permission sets were created, by name: epoch milliseconds. One of which it was not read is left out. */
  readonly createdAt: ReadonlyMap<string, number>;
  /** By permission set name: the accounts it is provisioned in, and which of them hold an older version. */
  readonly provisioning: ReadonlyMap<string, Provisioning>;
  /** Names of users and groups that the identity provider owns (they carry external ids). */
  readonly externallyOwned: { readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> };
  /** Names of the users with whom nobody can sign in. */
  readonly disabledUsers: ReadonlySet<string>;
  readonly coverage: Coverage;
}

export interface Instance {
  readonly instanceArn: string;
  /** Such as d-1234567890. */
  readonly identityStoreId: string;
  readonly ownerAccountId: string;
  readonly name: string | null;
  readonly region: string;
}

export interface LiveIds {
  readonly users: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
  /** ARN by name. */
  readonly permissionSets: ReadonlyMap<string, string>;
  /** Membership id by address. */
  readonly memberships: ReadonlyMap<string, string>;
}

export interface Provisioning {
  /** Account ids, sorted. */
  readonly accounts: readonly string[];
  /** Those of them that hold an older version of the set; null: not read. */
  readonly stale: readonly string[] | null;
}

/**
 * What could not be read, or was not asked for. An object under one of these is unchecked, never absent.
 * A scope is an address in which an asterisk stands for any one part, or at the end for all the rest
 * (`assignment/111111111111/*`): coverage.ts matches them.
 */
export interface Coverage {
  readonly unread: readonly Unread[];
}

export interface Unread {
  readonly scope: string;
  readonly reason: string;
}

export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
}
