import type { AccountItem, AccountSelection, AccountSelector } from "../generated/manifest.ts";
import { compareText } from "../model/address.ts";
import type { Finding } from "../model/finding.ts";
import { type Account, isSelectable } from "../model/organization.ts";
import type { LoadedManifest, PathPart } from "./loaded-manifest.ts";
import { accountsInUnit, accountsWithTags } from "./select-criteria.ts";
import { type AccountDirectory, findAccounts, type SelectionProblem } from "./select-directory.ts";

/** What an account selection comes to. A look-up that fails is an error: it never makes the selection smaller. */
export interface SelectedAccounts {
  /** Ids of the active accounts, sorted. */
  readonly ids: readonly string[];
  /** Accounts that match and are not ACTIVE, sorted by id. */
  readonly inactive: readonly Account[];
  readonly findings: readonly Finding[];
}

/** `path` is where the selection stands in the manifest. */
export const selectAccounts = (
  selection: AccountSelection,
  directory: AccountDirectory,
  path: readonly PathPart[],
  manifest: Pick<LoadedManifest, "position">,
): SelectedAccounts => {
  const findings: Finding[] = [];
  const context: Context = {
    directory,
    report: (severity, problem, at) =>
      void findings.push({ severity, ...problem, position: manifest.position(at) }),
  };
  const selected = Array.isArray(selection)
    ? union(selection.map((item, index) => selectItem(item, [...path, index], context)))
    : selectItem(selection, path, context);
  const matching = [...(selected?.values() ?? [])].sort((a, b) => compareText(a.id, b.id));
  const active = matching.filter(isSelectable);
  if (matching.length > 0 && active.length === 0 && !isEmptyAllowed(selection)) {
    context.report("error", onlyInactive(matching), path);
  }
  return {
    ids: active.map(({ id }) => id),
    inactive: matching.filter((account) => !isSelectable(account)),
    findings,
  };
};

interface Context {
  readonly directory: AccountDirectory;
  readonly report: (
    severity: Finding["severity"],
    problem: SelectionProblem,
    path: readonly PathPart[],
  ) => void;
}

/** By id. null: something in it could not be resolved, and has been reported. */
type Selected = ReadonlyMap<string, Account> | null;

const selectItem = (item: AccountItem, path: readonly PathPart[], context: Context): Selected => {
  if (typeof item !== "string") return select(item, item.allowEmpty === true, path, context);
  const accounts = lookUp(findAccounts(item, context.directory), path, context);
  if (accounts?.size === 0) context.report("error", matchesNothing(item), path);
  return accounts;
};

const select = (
  selector: AccountSelector,
  mayBeEmpty: boolean,
  path: readonly PathPart[],
  context: Context,
): Selected => {
  const matched = matchKeys(selector, mayBeEmpty, path, context);
  const excepted = (selector.except ?? []).map((item, index) =>
    selectExcepted(item, [...path, "except", index], context),
  );
  const out = union(excepted);
  if (matched.some(({ accounts }) => accounts === null) || out === null) return null;
  const whole = intersection(matched.map(({ accounts }) => accounts ?? new Map()));
  const rest = new Map([...whole].filter(([id]) => !out.has(id)));
  if (rest.size === 0 && !mayBeEmpty) {
    const counts = matched.map(({ key, accounts }) => `${key} ${accounts?.size ?? 0}`);
    if (whole.size > 0) counts.push(`except ${whole.size}`);
    context.report("error", selectorMatchesNothing(counts), path);
  }
  return rest;
};

const matchKeys = (
  { names, ou, tags, allowEmpty = false }: AccountSelector,
  mayBeEmpty: boolean,
  path: readonly PathPart[],
  context: Context,
): { key: string; accounts: Selected }[] => {
  const keys: { key: string; accounts: Selected }[] = [];
  if (names !== undefined) {
    const items = names.map((name, index) =>
      selectName(name, mayBeEmpty, [...path, "names", index], context),
    );
    keys.push({ key: "names", accounts: union(items) });
  }
  if (ou !== undefined) {
    keys.push({ key: "ou", accounts: selectUnit(ou, allowEmpty, [...path, "ou"], context) });
  }
  if (tags !== undefined) {
    const accounts = lookUp(accountsWithTags(tags, context.directory), [...path, "tags"], context);
    keys.push({ key: "tags", accounts });
  }
  return keys;
};

const selectName = (
  name: string,
  mayBeEmpty: boolean,
  path: readonly PathPart[],
  context: Context,
): Selected => {
  const accounts = lookUp(findAccounts(name, context.directory), path, context);
  if (accounts?.size !== 0 || mayBeEmpty) return accounts;
  context.report("error", matchesNothing(name), path);
  return null;
};

/** A unit that is not known may be one that holds no account yet: where that is allowed, it is only worth a warning. */
const selectUnit = (
  unit: NonNullable<AccountSelector["ou"]>,
  allowEmpty: boolean,
  path: readonly PathPart[],
  context: Context,
): Selected => {
  const found = accountsInUnit(unit, context.directory);
  if (!allowEmpty || !("code" in found) || found.code !== "unknown-organizational-unit") {
    return lookUp(found, path, context);
  }
  context.report("warning", found, path);
  return new Map();
};

/** A name that is not known would leave an account in: an error. A pattern that matches nothing changes nothing. */
const selectExcepted = (item: AccountItem, path: readonly PathPart[], context: Context): Selected => {
  const excepted =
    typeof item === "string"
      ? lookUp(findAccounts(item, context.directory), path, context)
      : select(item, true, path, context);
  if (excepted?.size === 0 && (typeof item === "string" || item.allowEmpty !== true)) {
    context.report("warning", exceptMatchesNothing, path);
  }
  return excepted;
};

const lookUp = (
  found: readonly Account[] | SelectionProblem,
  path: readonly PathPart[],
  context: Context,
): Selected => {
  if (!("code" in found)) return new Map(found.map((account) => [account.id, account]));
  context.report("error", found, path);
  return null;
};

const union = (maps: readonly Selected[]): Selected => {
  if (maps.includes(null)) return null;
  return new Map(maps.flatMap((map) => [...(map ?? [])]));
};

const intersection = ([first, ...others]: readonly ReadonlyMap<string, Account>[]): ReadonlyMap<
  string,
  Account
> => new Map([...(first ?? [])].filter(([id]) => others.every((other) => other.has(id))));

const isEmptyAllowed = (selection: AccountSelection): boolean => {
  const items: readonly AccountItem[] = Array.isArray(selection) ? selection : [selection];
  return items.every((item) => typeof item !== "string" && item.allowEmpty === true);
};

const allowEmptyHint = "check the spelling, or say that it may be empty: {names: [...], allowEmpty: true}";

const matchesNothing = (pattern: string): SelectionProblem => ({
  code: "selector-matches-nothing",
  message: `No account matches '${pattern}'`,
  hint: allowEmptyHint,
});

const selectorMatchesNothing = (counts: readonly string[]): SelectionProblem => ({
  code: "selector-matches-nothing",
  message: `No account matches all of this selector (accounts for each key alone: ${counts.join(", ")})`,
  hint: "check the keys, or say that it may be empty: allowEmpty: true",
});

const onlyInactive = (accounts: readonly Account[]): SelectionProblem => {
  const shown = accounts.slice(0, 5).map(({ id, state }) => `${id} is ${state}`);
  const more = accounts.length > shown.length ? ` and ${accounts.length - shown.length} more` : "";
  return {
    code: "selector-matches-nothing",
    message: `No active account matches: ${shown.join(", ")}${more}`,
    hint: "take the accounts out, or say in a selector that there may be none: allowEmpty: true",
  };
};

const exceptMatchesNothing: SelectionProblem = {
  code: "except-matches-nothing",
  message: "This exception matches no account",
  hint: "check the spelling, or take it out",
};
