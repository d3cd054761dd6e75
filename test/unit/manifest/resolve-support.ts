import type { Manifest } from "../../../src/generated/manifest.ts";
import type { LoadedManifest } from "../../../src/manifest/loaded-manifest.ts";
import { resolve, type Resolved } from "../../../src/manifest/resolve.ts";
import type { DesiredState } from "../../../src/model/desired-state.ts";
import type { Finding, Position } from "../../../src/model/finding.ts";
import type { Account, Organization } from "../../../src/model/organization.ts";

/** A position that says its path, so that tests can tell where something was reported. */
export const at = (path: string): Position => ({ file: path, line: 1, column: 1, endColumn: 2 });

export const loaded = (
  value: Omit<Manifest, "version">,
  policies: Record<string, unknown> = {},
): LoadedManifest => ({
  value: { version: 1, ...value },
  digest: "d1",
  files: ["access.yaml"],
  policies: new Map(
    Object.entries(policies).map(([name, document]) => [
      name,
      { document, text: JSON.stringify(document), position: at("policy") },
    ]),
  ),
  position: (path) => at(path.join(".")),
});

export const account = (id: string, name: string | null, more: Partial<Account> = {}): Account => ({
  id,
  name,
  state: "ACTIVE",
  organizationalUnits: [],
  tags: {},
  ...more,
});

export const organizationOf = (
  accounts: readonly Account[],
  more: Partial<Organization> = {},
): Organization => ({
  source: "organizations",
  unavailable: null,
  managementAccountId: "000000000000",
  accounts: new Map(accounts.map((one) => [one.id, one])),
  tagsRead: true,
  organizationalUnitsRead: true,
  ...more,
});

/** Organizations could not be read: the accounts that the manifest names are all that is known. */
export const unreadable = (ids: readonly string[]): Organization =>
  organizationOf(
    ids.map((id) => account(id, null, { state: "UNKNOWN", organizationalUnits: null, tags: null })),
    { source: "manifest", unavailable: "access denied", tagsRead: false, organizationalUnitsRead: false },
  );

/** Severity, code and place of each finding. */
export const brief = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, code, position }) => `${severity} ${code} ${position?.file}`);

export const prod = "111111111111";
export const dev = "222222222222";
export const now = Date.parse("2026-06-01T00:00:00Z");
const organization = organizationOf([
  account(prod, "production"),
  account(dev, "development"),
  account("333333333333", "old", { state: "SUSPENDED" }),
]);

export const resolveWith = (
  value: Omit<Manifest, "version">,
  options: { policies?: Record<string, unknown>; partition?: string } = {},
  org = organization,
): Resolved =>
  resolve(loaded(value, options.policies), org, {
    now,
    ...(options.partition === undefined ? {} : { partition: options.partition }),
  });

export const desiredOf = (...input: Parameters<typeof resolveWith>): DesiredState => {
  const { desired, findings } = resolveWith(...input);
  if (desired === null) throw new Error(JSON.stringify(findings));
  return desired;
};
