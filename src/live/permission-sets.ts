import type { PermissionSet } from "../model/access-state.ts";
import { AwsError } from "../model/errors.ts";
import { permissionSetOf } from "../model/permission-set-parts.ts";
import type { InstanceReader } from "../model/ports.ts";
import { type Attempt, isNotFound, type Reading, unlessAllDenied } from "./reading.ts";

/** What became of one permission set that AWS listed. */
export type PermissionSetReading =
  | {
      readonly outcome: "read";
      readonly arn: string;
      readonly name: string;
      readonly set: PermissionSet;
      /** Epoch milliseconds; null: not told. */
      readonly createdAt: number | null;
    }
  /** Deleted since it was listed. */
  | { readonly outcome: "gone"; readonly arn: string }
  /** name is null where not even that could be read. */
  | {
      readonly outcome: "unread";
      readonly arn: string;
      readonly name: string | null;
      readonly reason: AwsError;
    };

/** Six calls a set, five without tags. Rejects where every set is denied. */
export const readPermissionSets = async (
  reader: InstanceReader,
  reading: Reading,
  arns: readonly string[],
  needs: { readonly tags: boolean },
): Promise<PermissionSetReading[]> => {
  const readings = await Promise.all(arns.map((arn) => readPermissionSet(reader, reading, arn, needs)));
  unlessAllDenied(
    readings.map(
      (each): Attempt<null> => (each.outcome === "unread" ? { failed: each.reason } : { read: null }),
    ),
  );
  return readings;
};

const readPermissionSet = async (
  reader: InstanceReader,
  reading: Reading,
  arn: string,
  needs: { readonly tags: boolean },
): Promise<PermissionSetReading> => {
  const [described, ...rest] = await Promise.all([
    reading.attempt(() => reader.describePermissionSet(arn)),
    reading.attempt(() => reader.getInlinePolicy(arn)),
    reading.attempt(() => reader.listManagedPolicies(arn)),
    reading.attempt(() => reader.listCustomerManagedPolicies(arn)),
    reading.attempt(() => reader.getPermissionsBoundary(arn)),
    needs.tags ? reading.attempt<Tags | null>(() => reader.listTags(arn)) : { read: null },
  ]);
  const name = "read" in described ? described.read.name : null;
  const failures = [described, ...rest].flatMap((each) => ("failed" in each ? [each.failed] : []));
  const [failure] = failures;
  if (failure !== undefined) {
    if (failures.some(isNotFound) && (await isGone(reader, reading, arn))) return { outcome: "gone", arn };
    return { outcome: "unread", arn, name, reason: failure };
  }
  const [inlinePolicy, managedPolicies, customerManagedPolicies, permissionsBoundary, tags] = rest;
  try {
    const set = permissionSetOf({
      described: value(described),
      inlinePolicy: value(inlinePolicy),
      managedPolicies: value(managedPolicies),
      customerManagedPolicies: value(customerManagedPolicies),
      permissionsBoundary: value(permissionsBoundary),
      tags: value(tags),
    });
    return { outcome: "read", arn, name: set.name, set, createdAt: value(described).createdAt };
  } catch (error) {
    if (error instanceof AwsError) return { outcome: "unread", arn, name, reason: error };
    throw error;
  }
};

type Tags = Readonly<Record<string, string>>;

/** One call of a set that was deleted between two others says "not found", and so may one that asked something else. */
const isGone = async (reader: InstanceReader, reading: Reading, arn: string): Promise<boolean> => {
  const again = await reading.attempt(() => reader.describePermissionSet(arn));
  return "failed" in again && isNotFound(again.failed);
};

const value = <T>(attempt: Attempt<T>): T => {
  if ("read" in attempt) return attempt.read;
  throw attempt.failed;
};
