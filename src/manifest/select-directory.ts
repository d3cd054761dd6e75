import { compareText } from "../model/address.ts";
import type { Finding } from "../model/finding.ts";
import { globMatcher, isGlob } from "../model/glob.ts";
import { closestName } from "../model/names.ts";
import type { Account, Organization } from "../model/organization.ts";
import type { LoadedManifest } from "./loaded-manifest.ts";

/** The accounts that selectors choose from, and the names that they go by. */
export interface AccountDirectory {
  readonly organization: Organization;
  /** `accounts` of the manifest: id by name. They come before the names in Organizations. */
  readonly aliases: ReadonlyMap<string, string>;
  /** By name in Organizations; two accounts can have the same. */
  readonly byName: ReadonlyMap<string, readonly Account[]>;
  /** Sorted by id. */
  readonly accounts: readonly Account[];
  /**
   * Every organizational unit that holds an account, itself or further down: path → the lists of names that read as
   * this path (more than one only where a name holds a slash).
   */
  readonly units: ReadonlyMap<string, ReadonlySet<string>>;
}

export const makeAccountDirectory = (
  organization: Organization,
  manifestAccounts: Readonly<Record<string, string>>,
): AccountDirectory => {
  const accounts = [...organization.accounts.values()].sort((a, b) => compareText(a.id, b.id));
  const byName = new Map<string, Account[]>();
  for (const account of accounts) {
    if (account.name === null) continue;
    const namesakes = byName.get(account.name);
    if (namesakes === undefined) byName.set(account.name, [account]);
    else namesakes.push(account);
  }
  const aliases = new Map(Object.entries(manifestAccounts));
  return { organization, aliases, byName, accounts, units: unitsByPath(accounts) };
};

const unitsByPath = (accounts: readonly Account[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const units = new Map<string, Set<string>>();
  for (const { organizationalUnits } of accounts) {
    const names = organizationalUnits ?? [];
    for (let depth = 1; depth <= names.length; depth++) {
      const unit = names.slice(0, depth);
      const path = unit.join("/");
      const readings = units.get(path) ?? new Set();
      units.set(path, readings.add(JSON.stringify(unit)));
    }
  }
  return units;
};

/**
 * What the names under `accounts` say against Organizations. One that another account has there would be read as that
 * account by everybody else: an error. One of an account that is gone is an error only where it is used.
 */
export const checkAccountNames = (
  { organization, aliases, byName }: AccountDirectory,
  manifest: Pick<LoadedManifest, "position">,
): Finding[] =>
  [...aliases].flatMap(([name, id]): Finding[] => {
    const position = manifest.position(["accounts", name]);
    const namesakes = byName.get(name) ?? [];
    if (namesakes.length > 0 && !namesakes.some((account) => account.id === id)) {
      const ids = namesakes.map((account) => account.id).join(", ");
      const message = `'${name}' is account ${id} here, but in AWS Organizations that is the name of ${ids}`;
      const hint = "give it another name, or correct the id";
      return [{ code: "account-name-conflict", severity: "error", message, hint, position }];
    }
    if (organization.source === "manifest" || organization.accounts.has(id)) return [];
    return [{ severity: "warning", ...unknownId(id, organization), position }];
  });

/** What keeps a selector from being resolved. */
export interface SelectionProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** The accounts that one pattern names. An empty list only for a glob: any other name without an account is a problem. */
export const findAccounts = (
  pattern: string,
  directory: AccountDirectory,
): readonly Account[] | SelectionProblem => {
  if (isAccountId(pattern)) return accountOf(pattern, directory);
  if (isGlob(pattern)) return matchNames(pattern, directory);
  const id = directory.aliases.get(pattern);
  if (id !== undefined) return accountOf(id, directory);
  const [account, ...namesakes] = directory.byName.get(pattern) ?? [];
  if (account === undefined) return unknownAccount(pattern, directory);
  if (namesakes.length === 0) return [account];
  const ids = [account, ...namesakes].map((namesake) => namesake.id);
  return {
    code: "ambiguous-account",
    message: `${ids.length} accounts are called '${pattern}': ${ids.join(", ")}`,
    hint: "write the id, or give it a name of its own under accounts",
  };
};

export const isAccountId = (text: string): boolean => /^\d{12}$/.test(text);

const accountOf = (id: string, { organization }: AccountDirectory): readonly Account[] | SelectionProblem => {
  const account = organization.accounts.get(id);
  if (account !== undefined) return [account];
  if (organization.source === "manifest") {
    return [{ id, name: null, state: "UNKNOWN", organizationalUnits: null, tags: null }];
  }
  return unknownId(id, organization);
};

const unknownId = (id: string, { accounts }: Organization): SelectionProblem => {
  const near = closestName(id, accounts.keys());
  return {
    code: "unknown-account",
    message: `The organization has no account ${id}`,
    hint: near === undefined ? "check the id, or take the account out" : `did you mean ${near}?`,
  };
};

const matchNames = (pattern: string, directory: AccountDirectory): readonly Account[] | SelectionProblem => {
  const { organization, aliases, accounts } = directory;
  if (organization.source === "manifest") return namesNotRead(pattern, organization);
  const matches = globMatcher(pattern);
  const found = new Set(accounts.filter(({ name }) => name !== null && matches(name)));
  for (const [alias, id] of aliases) {
    const account = organization.accounts.get(id);
    if (account !== undefined && matches(alias)) found.add(account);
  }
  return [...found];
};

const unknownAccount = (
  name: string,
  { organization, aliases, byName }: AccountDirectory,
): SelectionProblem => {
  if (organization.source === "manifest") return namesNotRead(name, organization);
  const near = closestName(name, [...aliases.keys(), ...byName.keys()]);
  return {
    code: "unknown-account",
    message: `There is no account '${name}', neither under accounts nor in AWS Organizations`,
    hint: near === undefined ? "check the name, or write the id" : `did you mean '${near}'?`,
  };
};

const namesNotRead = (name: string, { unavailable }: Organization): SelectionProblem => ({
  code: "accounts-not-read",
  message: `'${name}' needs the names of accounts in AWS Organizations, which could not be read${because(unavailable)}`,
  hint: "write ids, or exact names that stand under accounts",
});

export const because = (reason: string | null): string => (reason === null ? "" : `: ${reason}`);
