import type {
  CustomerManagedPolicyReference,
  Group,
  PermissionSet,
  PermissionsBoundary,
  User,
} from "../../model/access-state.ts";
import { formatDuration } from "../../model/duration.ts";
import { userAttributes } from "../../model/user-attributes.ts";

/** Live objects as a manifest declares them: plain values, what is none left out. */
export type Declaration = Readonly<Record<string, unknown>>;

export const declareUser = ({ attributes }: User): Declaration => {
  const declared: Record<string, unknown> = {};
  for (const attribute of userAttributes) {
    const value = attributes[attribute] ?? null;
    if (value === null) continue;
    const [name = attribute, part] = attribute.split(".");
    if (part === undefined) declared[name] = value;
    else declared[name] = { ...(declared[name] as Declaration | undefined), [part]: value };
  }
  return declared;
};

export const declareGroup = ({ description }: Group): Declaration =>
  description === undefined || description === null ? {} : { description };

/** The owner mark is left out: the name of the manifest says it. */
export const declarePermissionSet = (set: PermissionSet): Declaration => {
  const { tags = {} } = set;
  return withoutNone({
    description: set.description ?? null,
    sessionDuration: formatDuration(set.sessionDuration),
    relayState: set.relayState,
    managedPolicies: orNone(set.managedPolicies.map(policyName)),
    customerManagedPolicies: orNone(set.customerManagedPolicies.map(declareReference)),
    inlinePolicy: set.inlinePolicy === null ? null : (JSON.parse(set.inlinePolicy.text) as unknown),
    permissionsBoundary: declareBoundary(set.permissionsBoundary),
    tags: Object.keys(tags).length === 0 ? null : tags,
  });
};

/** AdministratorAccess, job-function/Billing. */
export const policyName = (arn: string): string => arn.replace(/^arn:aws[a-z-]*:iam::aws:policy\//, "");

export const declareReference = ({ name, path }: CustomerManagedPolicyReference): Declaration =>
  path === "/" ? { name } : { name, path };

export const declareBoundary = (boundary: PermissionsBoundary | null): Declaration | null => {
  if (boundary === null) return null;
  return "managedPolicyArn" in boundary
    ? { managedPolicy: policyName(boundary.managedPolicyArn) }
    : { customerManagedPolicy: declareReference(boundary.customerManagedPolicy) };
};

const orNone = <T>(items: readonly T[]): readonly T[] | null => (items.length === 0 ? null : items);

const withoutNone = (values: Declaration): Declaration =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
