/**
 * What has to be called to turn one permission set into another, in a safe order:
 * 1. settings and tags;
 * 2. what goes: policies are detached before others are attached, so that their number never passes the quota of 25;
 * 3. a boundary that is put or replaced: it stands before the policies that it limits arrive;
 * 4. what comes: the inline policy (replaced in one call) and attached policies;
 * 5. a boundary that is removed: only when the policies that it limited are as they shall be.
 * So a set never allows more on the way than before and after together where the parts only allow. The roles in the
 * accounts see none of it before the set is provisioned, which follows when every edit has succeeded.
 */
import type {
  CustomerManagedPolicyReference,
  PermissionSet,
  PermissionsBoundary,
} from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { formatDuration } from "../model/duration.ts";
import { ownerTag } from "../model/permission-set-parts.ts";
import type { InstanceReader, InstanceWriter, PermissionSetSettings } from "../model/ports.ts";

export interface Edit {
  /** The attribute that it brings in line, as the manifest calls it. */
  readonly attribute: string;
  readonly write: (writer: InstanceWriter, arn: string) => Promise<void>;
  /** Whether the roles in the accounts are older than the set afterwards. */
  readonly changesRoles: boolean;
  /** Of a write that AWS refuses when it is repeated: whether what it asks for stands there. */
  readonly isInPlace?: (reader: InstanceReader, arn: string) => Promise<boolean>;
}

export const editsOf = (before: PermissionSet, after: PermissionSet): readonly Edit[] => {
  const boundary = boundaryEdits(before.permissionsBoundary, after.permissionsBoundary);
  return [
    ...settingsEdits(before, after),
    ...tagEdits(before, after),
    ...detachEdits(before, after),
    ...(after.permissionsBoundary === null ? [] : boundary),
    ...inlinePolicyEdits(before, after),
    ...attachEdits(before, after),
    ...(after.permissionsBoundary === null ? boundary : []),
  ];
};

export const settingsOf = (set: PermissionSet): PermissionSetSettings => ({
  description: set.description ?? null,
  sessionDuration: formatDuration(set.sessionDuration),
  relayState: set.relayState,
});

/** Tags as AWS holds them: the owner mark is one of them. */
export const tagsOf = (set: PermissionSet): Readonly<Record<string, string>> => ({
  ...set.tags,
  ...(set.owner === null ? {} : { [ownerTag]: set.owner }),
});

const settingsEdits = (before: PermissionSet, after: PermissionSet): readonly Edit[] => {
  const [old, wanted] = [settingsOf(before), settingsOf(after)];
  const differing = (["description", "sessionDuration", "relayState"] as const).filter(
    (key) => old[key] !== wanted[key],
  );
  if (differing.length === 0) return [];
  return [
    {
      attribute: differing.join(", "),
      changesRoles: true,
      write: (writer, arn) => writer.updatePermissionSet(arn, wanted),
    },
  ];
};

const tagEdits = (before: PermissionSet, after: PermissionSet): readonly Edit[] => {
  const [old, wanted] = [tagsOf(before), tagsOf(after)];
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(wanted, key));
  const changed = Object.entries(wanted).filter(
    ([key, value]) => !Object.hasOwn(old, key) || old[key] !== value,
  );
  const edit = (write: Edit["write"]): Edit => ({ attribute: "tags", changesRoles: false, write });
  return [
    ...(gone.length === 0 ? [] : [edit((writer, arn) => writer.untagPermissionSet(arn, gone))]),
    ...(changed.length === 0
      ? []
      : [edit((writer, arn) => writer.tagPermissionSet(arn, Object.fromEntries(changed)))]),
  ];
};

const detachEdits = (before: PermissionSet, after: PermissionSet): readonly Edit[] => [
  ...before.managedPolicies
    .filter((policy) => !after.managedPolicies.includes(policy))
    .map((policy) => roleEdit("managedPolicies", (writer, arn) => writer.detachManagedPolicy(arn, policy))),
  ...before.customerManagedPolicies
    .filter((policy) => !after.customerManagedPolicies.some(isSame(policy)))
    .map((policy) =>
      roleEdit("customerManagedPolicies", (writer, arn) => writer.detachCustomerManagedPolicy(arn, policy)),
    ),
  ...(before.inlinePolicy !== null && after.inlinePolicy === null
    ? [roleEdit("inlinePolicy", (writer, arn) => writer.deleteInlinePolicy(arn))]
    : []),
];

const inlinePolicyEdits = (before: PermissionSet, after: PermissionSet): readonly Edit[] => {
  const { inlinePolicy } = after;
  if (inlinePolicy === null) return [];
  if (canonicalJson(before.inlinePolicy?.canonical ?? null) === canonicalJson(inlinePolicy.canonical))
    return [];
  return [roleEdit("inlinePolicy", (writer, arn) => writer.putInlinePolicy(arn, inlinePolicy.text))];
};

const attachEdits = (before: PermissionSet, after: PermissionSet): readonly Edit[] => [
  ...after.managedPolicies
    .filter((policy) => !before.managedPolicies.includes(policy))
    .map((policy) => ({
      ...roleEdit("managedPolicies", (writer, arn) => writer.attachManagedPolicy(arn, policy)),
      isInPlace: async (reader: InstanceReader, arn: string) =>
        (await reader.listManagedPolicies(arn)).includes(policy),
    })),
  ...after.customerManagedPolicies
    .filter((policy) => !before.customerManagedPolicies.some(isSame(policy)))
    .map((policy) => ({
      ...roleEdit("customerManagedPolicies", (writer, arn) =>
        writer.attachCustomerManagedPolicy(arn, policy),
      ),
      isInPlace: async (reader: InstanceReader, arn: string) =>
        (await reader.listCustomerManagedPolicies(arn)).some(isSame(policy)),
    })),
];

const boundaryEdits = (
  before: PermissionsBoundary | null,
  after: PermissionsBoundary | null,
): readonly Edit[] => {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  return [
    roleEdit("permissionsBoundary", (writer, arn) =>
      after === null ? writer.deletePermissionsBoundary(arn) : writer.putPermissionsBoundary(arn, after),
    ),
  ];
};

const roleEdit = (attribute: string, write: Edit["write"]): Edit => ({
  attribute,
  write,
  changesRoles: true,
});

const isSame = (a: CustomerManagedPolicyReference) => (b: CustomerManagedPolicyReference) =>
  a.name === b.name && a.path === b.path;
