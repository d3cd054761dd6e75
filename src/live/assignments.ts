import type { PrincipalType } from "../model/access-state.ts";
import type { AwsError } from "../model/errors.ts";
import type { InstanceReader, ListedAssignment } from "../model/ports.ts";
import type { Principals } from "./principals.ts";
import { type Attempt, isNotFound, type Reading, unlessAllDenied } from "./reading.ts";

export interface ReadAssignments {
  readonly listed: readonly ListedAssignment[];
  readonly unread: readonly UnreadAssignments[];
}

type UnreadAssignments =
  | { readonly accountId: string; readonly arn: string; readonly reason: AwsError }
  | { readonly principalType: PrincipalType; readonly principal: string; readonly reason: AwsError };

export interface Pair {
  readonly accountId: string;
  readonly arn: string;
}

/** One call for each pair; sees everything, and assignments of deleted principals too. */
export const readAssignmentsByPair = async (
  reader: InstanceReader,
  reading: Reading,
  pairs: readonly Pair[],
): Promise<ReadAssignments> =>
  gather(
    pairs,
    unlessAllDenied(
      await Promise.all(
        pairs.map(({ accountId, arn }) =>
          reading.attempt(() => reader.listAccountAssignments(accountId, arn)),
        ),
      ),
    ),
  );

/**
 * One call for each group and user. null: AWS does not allow this call here (it documents it for the management
 * account only), which is known after the first one.
 */
export const readAssignmentsByPrincipal = async (
  reader: InstanceReader,
  reading: Reading,
  { ids }: Principals,
): Promise<ReadAssignments | null> => {
  const principals = [
    ...[...ids.groups].map(([principal, id]) => ({ principalType: "GROUP" as const, principal, id })),
    ...[...ids.users].map(([principal, id]) => ({ principalType: "USER" as const, principal, id })),
  ];
  const read = (asked: (typeof principals)[number]) =>
    reading.attempt(() => directAssignments(reader, asked.principalType, asked.id));
  const [first, ...others] = principals;
  if (first === undefined) return { listed: [], unread: [] };
  const probe = await read(first);
  if ("failed" in probe && probe.failed.code === "access-denied") return null;
  const attempts = [probe, ...(await Promise.all(others.map(read)))];
  return gather(
    principals.map(({ principalType, principal }) => ({ principalType, principal })),
    attempts,
  );
};

/** For a user AWS lists also what comes by way of groups, with the group as the principal of the item. */
const directAssignments = async (
  reader: InstanceReader,
  type: PrincipalType,
  id: string,
): Promise<readonly ListedAssignment[]> => {
  const seen = new Set<string>();
  const items = await reader.listAccountAssignmentsForPrincipal(type, id);
  return items.filter(({ accountId, permissionSetArn, principalType, principalId }) => {
    if (principalType !== type || principalId !== id) return false;
    const pair = `${accountId} ${permissionSetArn}`;
    if (seen.has(pair)) return false;
    seen.add(pair);
    return true;
  });
};

type Subject = Pair | { readonly principalType: PrincipalType; readonly principal: string };

const gather = (
  subjects: readonly Subject[],
  attempts: readonly Attempt<readonly ListedAssignment[]>[],
): ReadAssignments => {
  const listed: ListedAssignment[] = [];
  const unread: UnreadAssignments[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const subject = subjects[index];
    if ("read" in attempt) for (const item of attempt.read) listed.push(item);
    // Gone since it was listed, and its assignments with it.
    else if (!isNotFound(attempt.failed) && subject !== undefined)
      unread.push({ ...subject, reason: attempt.failed });
  }
  return { listed, unread };
};
