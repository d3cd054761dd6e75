import type {
  CustomerManagedPolicyReference,
  PermissionSet,
  PermissionsBoundary,
  User,
} from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { formatDuration } from "../model/duration.ts";
import { userAttributes } from "../model/user-attributes.ts";
import { policyLabel } from "./labels.ts";
import { type Line, line } from "./lines.ts";
import { policyLines } from "./policy-lines.ts";

/** Attributes of a user that is created (before: null) or updated. */
export const userLines = (depth: number, before: User | null, after: User): Line[] =>
  userAttributes.flatMap((attribute) => {
    const name = attribute.replace(/\.value$/, "");
    const was = before?.attributes[attribute] ?? null;
    const is = after.attributes[attribute] ?? null;
    if (was === is) return [];
    // What a new address gets by default says nothing new.
    if (before === null && attribute.endsWith(".primary") && is === true) return [];
    return [
      valueLine(
        depth,
        name,
        was === null ? null : String(was),
        is === null ? null : String(is),
        before !== null,
      ),
    ];
  });

/** Attributes, policies and boundary of a permission set that is created (before: null) or updated. */
export const permissionSetLines = (
  depth: number,
  before: PermissionSet | null,
  after: PermissionSet,
): Line[] => {
  const value = (name: string, was: string | null | undefined, is: string | null | undefined): Line[] =>
    (was ?? null) === (is ?? null) ? [] : [valueLine(depth, name, was ?? null, is ?? null, before !== null)];
  return [
    ...value("description", before?.description, after.description),
    ...value(
      "session duration",
      before === null ? null : formatDuration(before.sessionDuration),
      formatDuration(after.sessionDuration),
    ),
    ...value("relay state", before?.relayState, after.relayState),
    ...listLines(
      depth,
      "AWS managed policy",
      before?.managedPolicies ?? [],
      after.managedPolicies,
      policyLabel,
    ),
    ...listLines(
      depth,
      "customer managed policy",
      before?.customerManagedPolicies ?? [],
      after.customerManagedPolicies,
      customerPolicyLabel,
    ),
    ...inlineLines(depth, before, after),
    ...value(
      "permissions boundary",
      boundaryLabel(before?.permissionsBoundary),
      boundaryLabel(after.permissionsBoundary),
    ),
    ...tagLines(depth, before, after),
  ];
};

export const customerPolicyLabel = ({ path, name }: CustomerManagedPolicyReference): string =>
  `${path === "/" ? "" : path}${name}`;

const valueLine = (
  depth: number,
  name: string,
  was: string | null,
  is: string | null,
  isUpdate: boolean,
): Line => {
  if (!isUpdate) return line(depth, "+", `${name}: ${is ?? "none"}`);
  if (was === null) return line(depth, "+", `${name}: ${is ?? "none"}`);
  return is === null ? line(depth, "-", `${name}: ${was}`) : line(depth, "~", `${name}: ${was} -> ${is}`);
};

const listLines = <T>(
  depth: number,
  name: string,
  before: readonly T[],
  after: readonly T[],
  label: (item: T) => string,
): Line[] => {
  const old = new Set(before.map(canonicalJson));
  const now = new Set(after.map(canonicalJson));
  return [
    ...before
      .filter((item) => !now.has(canonicalJson(item)))
      .map((item) => line(depth, "-", `${name}: ${label(item)}`)),
    ...after
      .filter((item) => !old.has(canonicalJson(item)))
      .map((item) => line(depth, "+", `${name}: ${label(item)}`)),
  ];
};

const inlineLines = (depth: number, before: PermissionSet | null, after: PermissionSet): Line[] => {
  const [was, is] = [before?.inlinePolicy ?? null, after.inlinePolicy];
  if (canonicalJson(was?.canonical ?? null) === canonicalJson(is?.canonical ?? null)) return [];
  const mark = was === null ? "+" : is === null ? "-" : "~";
  return [line(depth, mark, "inline policy"), ...policyLines(depth + 1, was, is)];
};

const boundaryLabel = (boundary: PermissionsBoundary | null | undefined): string | null => {
  if (boundary === null || boundary === undefined) return null;
  return "managedPolicyArn" in boundary
    ? `AWS managed policy ${policyLabel(boundary.managedPolicyArn)}`
    : `customer managed policy ${customerPolicyLabel(boundary.customerManagedPolicy)}`;
};

const tagLines = (depth: number, before: PermissionSet | null, after: PermissionSet): Line[] => {
  const tagsOf = (set: PermissionSet | null): Map<string, string> =>
    new Map([
      ...Object.entries(set?.tags ?? {}),
      ...(set === null || set.owner === null ? [] : [["reconcile:owner", set.owner] as const]),
    ]);
  const [old, now] = [tagsOf(before), tagsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    const [was, is] = [old.get(key) ?? null, now.get(key) ?? null];
    return was === is ? [] : [valueLine(depth, `tag ${key}`, was, is, before !== null)];
  });
};
