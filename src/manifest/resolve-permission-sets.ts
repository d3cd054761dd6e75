import type { PermissionSet as ManifestPermissionSet } from "../generated/manifest.ts";
import type {
  CustomerManagedPolicyReference,
  PermissionSet,
  PermissionsBoundary,
} from "../model/access-state.ts";
import { compareText, permissionSetAddress } from "../model/address.ts";
import type { Origin } from "../model/desired-state.ts";
import { parseDuration } from "../model/duration.ts";
import { toManagedPolicyArn } from "../model/managed-policy.ts";
import { canonicalisePolicy } from "../model/policy.ts";
import type { LoadedManifest } from "./loaded-manifest.ts";

export interface ResolvedPermissionSets {
  readonly permissionSets: ReadonlyMap<string, PermissionSet>;
  readonly external: ReadonlySet<string>;
}

/**
 * Permission sets with every default written out. What grants or limits access is exact, so it is there even where the
 * manifest says nothing about it. Adds where each stands to `origins`.
 */
export const resolvePermissionSets = (
  manifest: LoadedManifest,
  partition: string,
  origins: Map<string, Origin>,
): ResolvedPermissionSets => {
  const permissionSets = new Map<string, PermissionSet>();
  const external = new Set<string>();
  for (const [name, declared] of Object.entries(manifest.value.permissionSets ?? {})) {
    origins.set(permissionSetAddress(name), { position: manifest.position(["permissionSets", name]) });
    if (declared.external === true) external.add(name);
    else permissionSets.set(name, resolvePermissionSet(name, declared, manifest, partition));
  }
  return { permissionSets, external };
};

const resolvePermissionSet = (
  name: string,
  declared: ManifestPermissionSet,
  { value, policies }: LoadedManifest,
  partition: string,
): PermissionSet => {
  const policy = policies.get(name);
  const arns = (declared.managedPolicies ?? []).map((policyName) => policyArn(policyName, partition));
  return {
    name,
    ...(declared.description === undefined ? {} : { description: declared.description }),
    sessionDuration: seconds(declared.sessionDuration ?? value.defaults?.sessionDuration ?? "PT1H"),
    relayState: declared.relayState ?? null,
    managedPolicies: [...new Set(arns)].sort(compareText),
    customerManagedPolicies: customerManagedPolicies(declared),
    inlinePolicy:
      policy === undefined ? null : { canonical: canonicalisePolicy(policy.document), text: policy.text },
    permissionsBoundary: permissionsBoundary(declared, partition),
    ...(declared.tags === undefined ? {} : { tags: { ...declared.tags } }),
    owner: value.name ?? null,
  };
};

const customerManagedPolicies = (
  declared: ManifestPermissionSet,
): readonly CustomerManagedPolicyReference[] => {
  const references = (declared.customerManagedPolicies ?? []).map(reference);
  return references.sort((a, b) => compareText(a.path, b.path) || compareText(a.name, b.name));
};

const permissionsBoundary = (
  { permissionsBoundary: boundary }: ManifestPermissionSet,
  partition: string,
): PermissionsBoundary | null => {
  if (boundary === undefined || boundary === null) return null;
  return "managedPolicy" in boundary
    ? { managedPolicyArn: policyArn(boundary.managedPolicy, partition) }
    : { customerManagedPolicy: reference(boundary.customerManagedPolicy) };
};

const reference = ({
  name,
  path = "/",
}: {
  name: string;
  path?: string;
}): CustomerManagedPolicyReference => ({
  name,
  path,
});

/** Loading has refused whatever is no duration and no policy; to go on without it would change who can do what. */
const seconds = (text: string): number => {
  const duration = parseDuration(text);
  if (duration === null) throw new Error(`not checked on loading: session duration ${text}`);
  return duration;
};

const policyArn = (name: string, partition: string): string => {
  const arn = toManagedPolicyArn(name, partition);
  if (arn === null) throw new Error(`not checked on loading: managed policy ${name}`);
  return arn;
};
