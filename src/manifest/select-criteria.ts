import type { OuPath, OuSelector, TagValue, TagValues } from "../generated/manifest.ts";
import { closestName } from "../model/names.ts";
import { type Account, isSelectable } from "../model/organization.ts";
import { type AccountDirectory, because, type SelectionProblem } from "./select-directory.ts";

/**
 * The accounts in an organizational unit. Organizations keeps names of units unique within their parent only, so a
 * unit is known by its path. Units without any account are not known here.
 */
export const accountsInUnit = (
  selector: OuPath | OuSelector,
  { organization, accounts, units }: AccountDirectory,
): readonly Account[] | SelectionProblem => {
  const { path, recursive = true } = typeof selector === "string" ? { path: selector } : selector;
  if (!organization.organizationalUnitsRead) {
    return {
      code: "organizational-units-not-read",
      message: `The organizational units of accounts could not be read${because(organization.unavailable)}`,
      hint: "name the accounts, or see to it that AWS Organizations can be read",
    };
  }
  const nowhere = accounts.filter((account) => isSelectable(account) && account.organizationalUnits === null);
  if (nowhere.length > 0) {
    return {
      code: "organizational-units-not-read",
      message: `AWS Organizations did not say in which organizational unit these accounts are: ${list(nowhere)}`,
    };
  }
  const wanted = withoutRoot(path, units);
  if (wanted === "") {
    return accounts.filter(({ organizationalUnits }) => recursive || organizationalUnits?.length === 0);
  }
  const known = units.get(wanted);
  if (known === undefined) return unknownUnit(path, units);
  if (known.size > 1) {
    return {
      code: "ambiguous-organizational-unit",
      message: `'${path}' can be read as ${known.size} organizational units, because a name holds a slash`,
      hint: "name the accounts, or rename one of the units",
    };
  }
  return accounts.filter(({ organizationalUnits }) => {
    const own = organizationalUnits?.join("/") ?? "";
    return own === wanted || (recursive && own.startsWith(`${wanted}/`));
  });
};

/** The accounts that carry all of the tags. */
export const accountsWithTags = (
  tags: Readonly<Record<string, TagValue | TagValues>>,
  { organization, accounts }: AccountDirectory,
): readonly Account[] | SelectionProblem => {
  const untold = accounts.filter((account) => isSelectable(account) && account.tags === null);
  if (!organization.tagsRead || untold.length > 0) {
    const which = organization.tagsRead ? ` of ${list(untold)}` : " of accounts";
    return {
      code: "account-tags-not-read",
      message: `The tags${which} could not be read${because(organization.unavailable)}`,
      hint: "name the accounts, or see to it that AWS Organizations can be read",
    };
  }
  const wanted = Object.entries(tags);
  return accounts.filter((account) =>
    wanted.every(([key, values]) => {
      const own = account.tags ?? {};
      const value = Object.hasOwn(own, key) ? own[key] : undefined;
      return value !== undefined && (typeof values === "string" ? value === values : values.includes(value));
    }),
  );
};

/** "" for the root. A leading Root, as consoles show it, is the root unless a unit has that name. */
const withoutRoot = (path: string, units: ReadonlyMap<string, unknown>): string => {
  const trimmed = path.replace(/^\/+|\/+$/g, "");
  return /^root(\/|$)/i.test(trimmed) && !units.has(trimmed.split("/")[0] ?? "")
    ? trimmed.slice("root/".length)
    : trimmed;
};

const unknownUnit = (path: string, units: ReadonlyMap<string, unknown>): SelectionProblem => {
  const wanted = withoutRoot(path, units);
  const near =
    closestName(wanted, units.keys()) ??
    [...units.keys()].find((known) => known.toLowerCase().endsWith(`/${wanted.toLowerCase()}`));
  return {
    code: "unknown-organizational-unit",
    message: `No account is in an organizational unit '${path}', or below it`,
    hint:
      near === undefined
        ? "write the path of names from below the root, such as Workloads/Dev"
        : `did you mean '${near}'?`,
  };
};

const list = (accounts: readonly Account[]): string => {
  const ids = accounts.slice(0, 5).map(({ id }) => id);
  return accounts.length > ids.length
    ? `${ids.join(", ")} and ${accounts.length - ids.length} more`
    : ids.join(", ");
};
