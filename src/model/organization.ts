/** Accounts as AWS Organizations (or the manifest alone) knows them. */
export interface Organization {
  /** organizations: read from AWS. manifest: Organizations could not be used; accounts come from the manifest only. */
  readonly source: "organizations" | "manifest";
  /** Why Organizations was not used, for the user; null where it was. */
  readonly unavailable: string | null;
  readonly managementAccountId: string | null;
  /** By id. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** Whether account tags were read (they cost one call per account). */
  readonly tagsRead: boolean;
  /** Whether the names of organizational units were read. */
  readonly organizationalUnitsRead: boolean;
}

export interface Account {
  readonly id: string;
  /** Name in Organizations; null where only the manifest names it. */
  readonly name: string | null;
  readonly state: AccountState;
  /** Names of the organizational units from the root down; [] directly under the root; null: not known. */
  readonly organizationalUnits: readonly string[] | null;
  /** null: not read. */
  readonly tags: Readonly<Record<string, string>> | null;
}

/** UNKNOWN: Organizations could not be read, the account is taken as active. */
export type AccountState =
  | "ACTIVE"
  | "PENDING_ACTIVATION"
  | "SUSPENDED"
  | "PENDING_CLOSURE"
  | "CLOSED"
  | "UNKNOWN";

export const isSelectable = (account: Pick<Account, "state">): boolean =>
  account.state === "ACTIVE" || account.state === "UNKNOWN";

/**
 * Why nothing can be changed in an account; null: it is active, or nothing speaks against it. Without AWS Organizations
 * an id stands for itself.
 */
export const inactiveReason = (organization: Organization, id: string): string | null => {
  const account = organization.accounts.get(id);
  if (account === undefined) {
    return organization.source === "organizations" ? `account ${id} is not in the organization` : null;
  }
  return isSelectable(account) ? null : `account ${id} is ${account.state}`;
};
