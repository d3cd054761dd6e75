import type { IgnoreRule as ManifestIgnoreRule } from "../generated/manifest.ts";
import type { IgnoreRule, ManagedKind, Mode, Scope } from "../model/desired-state.ts";
import type { Finding, Position } from "../model/finding.ts";
import { globMatcher, isGlob } from "../model/glob.ts";
import type { LoadedManifest } from "./loaded-manifest.ts";
import { timeOf } from "./resolve-assignments.ts";
import { resolveGuards } from "./resolve-guards.ts";
import { type AccountDirectory, findAccounts } from "./select-directory.ts";

/** How far the manifest's word goes: modes, removals, renames, what is ignored, guards. */
export const resolveScope = (
  manifest: LoadedManifest,
  directory: AccountDirectory,
  now: number,
): Omit<Scope, "external" | "managedMembers"> & { readonly findings: readonly Finding[] } => {
  const { value } = manifest;
  const { guards, findings: guardFindings } = resolveGuards(manifest, directory);
  const findings: Finding[] = [...guardFindings];
  const ignore = (value.ignore ?? []).flatMap((rule, index) => {
    if (rule.until !== undefined && timeOf(rule.until) <= now) return [];
    findings.push(...checkIgnoredAccounts(rule, index, manifest, directory));
    return [resolveIgnoreRule(rule, manifest.position(["ignore", index]), directory)];
  });
  return {
    modes: modesOf(value.mode),
    removed: {
      users: removedNames("users", manifest),
      groups: removedNames("groups", manifest),
      permissionSets: removedNames("permissionSets", manifest),
    },
    previously: {
      groups: earlierNames(value.groups),
      permissionSets: earlierNames(value.permissionSets),
    },
    ignore,
    builtInRules: value.builtInRules ?? true,
    guards,
    findings,
  };
};

const modesOf = (mode: LoadedManifest["value"]["mode"]): Readonly<Record<ManagedKind, Mode>> => {
  const modes: Partial<Record<ManagedKind | "default", Mode>> =
    typeof mode === "string" ? { default: mode } : (mode ?? {});
  const of = (kind: ManagedKind): Mode => modes[kind] ?? modes.default ?? "declared";
  return {
    users: of("users"),
    groups: of("groups"),
    memberships: of("memberships"),
    permissionSets: of("permissionSets"),
    assignments: of("assignments"),
  };
};

const removedNames = (
  kind: "users" | "groups" | "permissionSets",
  manifest: LoadedManifest,
): ReadonlyMap<string, Position> =>
  new Map(
    (manifest.value.removed?.[kind] ?? []).map((name, index) => [
      name,
      manifest.position(["removed", kind, index]),
    ]),
  );

const earlierNames = (
  declared: Readonly<Record<string, { readonly previously?: readonly string[] }>> | undefined,
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    Object.entries(declared ?? {}).flatMap(([name, { previously = [] }]) =>
      previously.length === 0 ? [] : [[name, previously]],
    ),
  );

/** Names that only the manifest knows (`accounts`) become ids, since live accounts do not carry them. */
const resolveIgnoreRule = (
  { users, groups, permissionSets, accounts, reason }: ManifestIgnoreRule,
  position: Position,
  directory: AccountDirectory,
): IgnoreRule => ({
  ...(users === undefined ? {} : { users }),
  ...(groups === undefined ? {} : { groups }),
  ...(permissionSets === undefined ? {} : { permissionSets }),
  ...(accounts === undefined ? {} : { accounts: withAliasedIds(accounts, directory) }),
  reason,
  position,
});

const withAliasedIds = (patterns: readonly string[], { aliases }: AccountDirectory): readonly string[] => {
  const matchers = patterns.map(globMatcher);
  const ids = [...aliases].filter(([name]) => matchers.some((matches) => matches(name))).map(([, id]) => id);
  return [...new Set([...patterns, ...ids])];
};

/** A rule that could not be applied would let go what it protects: an error. One that protects nothing: a warning. */
const checkIgnoredAccounts = (
  rule: ManifestIgnoreRule,
  index: number,
  manifest: LoadedManifest,
  directory: AccountDirectory,
): Finding[] =>
  (rule.accounts ?? []).flatMap((pattern, item) => {
    const found = findAccounts(pattern, directory);
    const isKnown = !("code" in found) || found.code === "ambiguous-account";
    if (isKnown || (isGlob(pattern) && found.code === "unknown-account")) return [];
    const severity = found.code === "accounts-not-read" ? "error" : "warning";
    return [{ severity, ...found, position: manifest.position(["ignore", index, "accounts", item]) }];
  });
