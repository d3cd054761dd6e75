import type { AccountSelection } from "../generated/manifest.ts";
import type { Finding } from "../model/finding.ts";
import { defaultGuards, type Guards } from "../model/guards.ts";
import type { LoadedManifest, PathPart } from "./loaded-manifest.ts";
import { selectAccounts } from "./select-accounts.ts";
import type { AccountDirectory } from "./select-directory.ts";

/** `guards`, with defaults written out and accounts resolved: a selector that fails would guard nothing, so it is an error. */
export const resolveGuards = (
  manifest: LoadedManifest,
  directory: AccountDirectory,
): { readonly guards: Guards; readonly findings: readonly Finding[] } => {
  const findings: Finding[] = [];
  const { breakGlass = [], minAdministrators = [], ...settings } = manifest.value.guards ?? {};
  const select = (selection: AccountSelection, path: readonly PathPart[]): readonly string[] => {
    const selected = selectAccounts(selection, directory, [...path, "accounts"], manifest);
    findings.push(...selected.findings);
    return selected.ids;
  };
  const guards: Guards = {
    ...defaultGuards,
    ...settings,
    maxRemovals: { ...defaultGuards.maxRemovals, ...settings.maxRemovals },
    maxShrink: { ...defaultGuards.maxShrink, ...settings.maxShrink },
    quotas: { ...defaultGuards.quotas, ...settings.quotas },
    breakGlass: breakGlass.map(({ users = [], groups = [], permissionSets = null, accounts }, index) => {
      const path = ["guards", "breakGlass", index];
      const position = manifest.position(path);
      return { users, groups, permissionSets, accounts: select(accounts, path), position };
    }),
    minAdministrators: minAdministrators.map(({ people, accounts }, index) => {
      const path = ["guards", "minAdministrators", index];
      return { people, accounts: select(accounts, path), position: manifest.position(path) };
    }),
  };
  return { guards, findings };
};
