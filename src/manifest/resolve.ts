import type { AccountItem, AccountSelection } from "../generated/manifest.ts";
import type { DesiredState, Origin } from "../model/desired-state.ts";
import { type Finding, hasErrors } from "../model/finding.ts";
import type { Organization } from "../model/organization.ts";
import type { LoadedManifest } from "./loaded-manifest.ts";
import { resolveAssignments } from "./resolve-assignments.ts";
import { resolvePeople } from "./resolve-people.ts";
import { resolvePermissionSets } from "./resolve-permission-sets.ts";
import { resolveScope } from "./resolve-scope.ts";
import { checkAccountNames, isAccountId, makeAccountDirectory } from "./select-directory.ts";

export interface ResolveOptions {
  /** Epoch milliseconds: what has an end before that has expired. */
  readonly now: number;
  /** Of the instance, such as aws-cn; where it is absent, that of the manifest's instance ARN, or aws. */
  readonly partition?: string;
}

export interface Resolved {
  /** null when there is an error among the findings. */
  readonly desired: DesiredState | null;
  readonly findings: readonly Finding[];
}

/**
 * What the manifest says, with every account selector resolved against the accounts that exist and every default
 * written out. A name that cannot be resolved is an error; it never makes the desired state smaller.
 */
export const resolve = (
  manifest: LoadedManifest,
  organization: Organization,
  options: ResolveOptions,
): Resolved => {
  const directory = makeAccountDirectory(organization, manifest.value.accounts ?? {});
  const origins = new Map<string, Origin>();
  const { external: externalPeople, managedMembers, ...people } = resolvePeople(manifest, origins);
  const partition = options.partition ?? partitionOf(manifest.value.instance?.arn);
  const sets = resolvePermissionSets(manifest, partition, origins);
  const access = resolveAssignments(manifest, directory, options.now, origins);
  const { findings: scopeFindings, ...scope } = resolveScope(manifest, directory, options.now);
  const findings = [...checkAccountNames(directory, manifest), ...access.findings, ...scopeFindings];
  if (hasErrors(findings)) return { desired: null, findings };
  const desired: DesiredState = {
    manifest: { name: manifest.value.name ?? null, digest: manifest.digest },
    state: { ...people, permissionSets: sets.permissionSets, assignments: access.assignments },
    scope: { ...scope, external: { ...externalPeople, permissionSets: sets.external }, managedMembers },
    origins,
    skipped: access.skipped,
    findings,
  };
  return { desired, findings };
};

const partitionOf = (instanceArn: string | undefined): string => instanceArn?.split(":")[1] ?? "aws";

/** What has to be read, beyond what is always read, for this manifest to be resolved and compared. */
export interface Requirements {
  /** Whether the manifest cannot do without AWS Organizations: it says more than ids and names under `accounts`. */
  readonly organization: boolean;
  /** The names of the organizational units of every account. */
  readonly organizationalUnits: boolean;
  /** The tags of every account: one call each. */
  readonly accountTags: boolean;
  /** The tags of permission sets, for declared tags or the owner mark: one call each. */
  readonly permissionSetTags: boolean;
}

export const requirements = ({ value }: LoadedManifest): Requirements => {
  const selections = [
    ...(value.assignments ?? []),
    ...(value.guards?.breakGlass ?? []),
    ...(value.guards?.minAdministrators ?? []),
  ];
  const items = selections.flatMap(({ accounts }) => itemsOf(accounts));
  const selectors = items.filter((item) => typeof item !== "string");
  const organizationalUnits = selectors.some(({ ou }) => ou !== undefined);
  const accountTags = selectors.some(({ tags }) => tags !== undefined);
  const patterns = [
    ...items.filter((item) => typeof item === "string"),
    ...selectors.flatMap(({ names = [] }) => names),
    ...(value.ignore ?? []).flatMap(({ accounts = [] }) => accounts),
  ];
  const aliases = new Set(Object.keys(value.accounts ?? {}));
  const sets = Object.values(value.permissionSets ?? {});
  return {
    organization:
      organizationalUnits ||
      accountTags ||
      patterns.some((pattern) => !isAccountId(pattern) && !aliases.has(pattern)),
    organizationalUnits,
    accountTags,
    permissionSetTags: value.name !== undefined || sets.some(({ tags }) => tags !== undefined),
  };
};

/** The items of a selection, with those of `except` in it. */
const itemsOf = (selection: AccountSelection): AccountItem[] => {
  const items: AccountItem[] = Array.isArray(selection) ? selection : [selection];
  return items.flatMap((item) =>
    typeof item === "string" ? [item] : [item, ...(item.except ?? []).flatMap(itemsOf)],
  );
};
