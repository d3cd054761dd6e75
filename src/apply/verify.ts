/**
 * Looks whether what was done stands there. Only touched objects are read, and again for a while where they are not
 * as planned, because reads of AWS lag behind its writes. A signal ends the patience, and what is open then is no finding.
 */
import pLimit from "p-limit";
import type { PermissionSet, User } from "../model/access-state.ts";
import { inactiveReason } from "../model/organization.ts";
import type { Change } from "../plan/plan.ts";
import { backoff } from "./clock.ts";
import type { ApplyContext, ChangeOfKind } from "./context.ts";
import { accountLabel } from "./labels.ts";
import { editsOf } from "./permission-set-edits.ts";
import { createReadBack } from "./read-back.ts";
import type { ReadBack } from "./read-back.ts";
import type { Remaining } from "./result.ts";

export interface Verified {
  readonly remaining: readonly Remaining[];
  /** Whether a signal came while reads might still have lagged behind: what remains then has not been verified. */
  readonly isCutOff: boolean;
}

export const verify = async (
  done: readonly Change[],
  context: ApplyContext,
  signal?: AbortSignal,
): Promise<Verified> => {
  const { clock, reader } = context;
  const limit = pLimit(readsAtATime);
  const touched = summarise(done);
  const start = clock.now();
  let open = done.filter((change) => !isImplied(change, touched));
  for (let attempt = 0; ; attempt += 1) {
    const view = createReadBack(reader, limit);
    const problems = await Promise.all(open.map((change) => checkSafely(change, view, touched, context)));
    open = open.filter((_, index) => problems[index] !== null);
    const wait = backoff(clock, attempt, { first: 200, longest: 5_000 });
    const remaining = problems.filter((problem) => problem !== null);
    if (open.length === 0 || clock.now() + wait - start > patienceMilliseconds) {
      return { remaining, isCutOff: false };
    }
    if (signal?.aborted) return { remaining: remaining.map(unverified), isCutOff: true };
    await clock.sleep(wait);
  }
};

const unverified = ({ address }: Remaining): Remaining => ({
  address,
  problem: "unreadable",
  detail: "Done, and it could not be verified: the run was interrupted first",
});

const readsAtATime = 10;

const patienceMilliseconds = 30_000;

interface Touched {
  readonly deleted: ReadonlySet<string>;
  /** Number of touched memberships by group. */
  readonly memberships: ReadonlyMap<string, number>;
}

const summarise = (changes: readonly Change[]): Touched => {
  const deleted = new Set<string>();
  const memberships = new Map<string, number>();
  for (const change of changes) {
    if (change.kind === "membership") {
      const { group } = change.after ?? change.before;
      memberships.set(group, (memberships.get(group) ?? 0) + 1);
    } else if (change.action === "delete" && change.kind !== "assignment") {
      deleted.add(
        `${change.kind} ${change.kind === "user" ? change.before.userName : nameOf(change.before)}`,
      );
    }
  }
  return { deleted, memberships };
};

const nameOf = (object: { displayName: string } | { name: string }): string =>
  "name" in object ? object.name : object.displayName;

/** What hangs on an object that was deleted went with it, and cannot be asked for any more. */
const isImplied = (change: Change, { deleted }: Touched): boolean => {
  if (change.action !== "delete") return false;
  if (change.kind === "assignment") return deleted.has(`permissionSet ${change.before.permissionSet}`);
  if (change.kind !== "membership") return false;
  return deleted.has(`group ${change.before.group}`) || deleted.has(`user ${change.before.user}`);
};

const checkSafely = async (
  change: Change,
  view: ReadBack,
  touched: Touched,
  context: ApplyContext,
): Promise<Remaining | null> => {
  try {
    const found = await check(change, view, touched, context);
    return found === null ? null : { address: change.address, ...found };
  } catch (error) {
    const detail = `It could not be read back: ${error instanceof Error ? error.message : String(error)}`;
    return { address: change.address, problem: "unreadable", detail };
  }
};

type Problem = Omit<Remaining, "address">;

const check = (
  change: Change,
  view: ReadBack,
  touched: Touched,
  context: ApplyContext,
): Promise<Problem | null> => {
  switch (change.kind) {
    case "user":
      return checkUser(change, view, context);
    case "group":
      return checkGroup(change, view, context);
    case "membership":
      return checkMembership(change, view, touched, context);
    case "permissionSet":
      return checkPermissionSet(change, view, context);
    case "provisioning":
      return checkProvisioning(
        change.id ?? context.ids.permissionSet(change.permissionSet),
        view,
        context,
        change.accounts,
      );
    case "assignment":
      return checkAssignment(change, view, context);
  }
};

const checkUser = async (
  change: ChangeOfKind<"user">,
  view: ReadBack,
  { ids }: ApplyContext,
): Promise<Problem | null> => {
  if (change.action === "delete") return presence(await view.userId(change.before.userName), false);
  const { userName, attributes } = change.after;
  const id = change.id ?? ids.user(userName);
  const user = (await view.users()).find((listed) => listed.id === id);
  if (user === undefined) return missing;
  return differing(
    (Object.keys(attributes) as (keyof User["attributes"])[]).filter(
      (key) => (attributes[key] ?? null) !== (user.attributes[key] ?? null),
    ),
  );
};

const checkGroup = async (
  change: ChangeOfKind<"group">,
  view: ReadBack,
  { ids }: ApplyContext,
): Promise<Problem | null> => {
  if (change.action === "delete") return presence(await view.groupId(change.before.displayName), false);
  const { displayName, description } = change.after;
  const id = change.id ?? ids.group(displayName);
  const group = (await view.groups()).find((listed) => listed.id === id);
  if (group === undefined) return missing;
  return differing([
    ...(group.displayName === displayName ? [] : ["displayName"]),
    ...(description === undefined || group.description === description ? [] : ["description"]),
  ]);
};

const checkMembership = async (
  change: ChangeOfKind<"membership">,
  view: ReadBack,
  { memberships }: Touched,
  { ids }: ApplyContext,
): Promise<Problem | null> => {
  const { group, user } = change.after ?? change.before;
  const [groupId, userId] = [ids.group(group), ids.user(user)];
  const isMember =
    (memberships.get(group) ?? 0) > pairReads
      ? (await view.members(groupId)).includes(userId)
      : await view.isMember(groupId, userId);
  return presence(isMember ? userId : null, change.after !== null);
};

/** Up to so many memberships of one group are asked for one by one; above, the group is listed. */
const pairReads = 3;

const checkPermissionSet = async (
  change: ChangeOfKind<"permissionSet">,
  view: ReadBack,
  context: ApplyContext,
): Promise<Problem | null> => {
  const arn = change.id ?? context.ids.permissionSet((change.after ?? change.before).name);
  if (change.action === "delete") {
    return presence((await view.permissionSetArns()).find((listed) => listed === arn) ?? null, false);
  }
  const { after } = change;
  const edits = editsOf(withManagedPartsOf(after, await view.permissionSet(arn)), after);
  const problem = differing([...new Set(edits.map((edit) => edit.attribute))]);
  return problem ?? (change.action === "update" ? await checkProvisioning(arn, view, context, null) : null);
};

/** What `after` says nothing about is as it is. */
const withManagedPartsOf = (after: PermissionSet, found: PermissionSet): PermissionSet => {
  const { description, tags, ...rest } = found;
  return {
    ...rest,
    // Tags that the plan was made without hold the owner, too.
    owner: after.tags === undefined && after.owner === null ? null : found.owner,
    ...(after.description === undefined || description === undefined ? {} : { description }),
    ...(after.tags === undefined || tags === undefined ? {} : { tags }),
  };
};

const checkProvisioning = async (
  arn: string,
  view: ReadBack,
  { live }: ApplyContext,
  within: readonly string[] | null,
): Promise<Problem | null> => {
  const stale = (await view.staleAccounts(arn)).filter(
    (accountId) =>
      inactiveReason(live.organization, accountId) === null && (within?.includes(accountId) ?? true),
  );
  if (stale.length === 0) return null;
  const accounts = stale.map((accountId) => accountLabel(live, accountId)).join(", ");
  return { problem: "differs", detail: `An older version is still in ${accounts}` };
};

const checkAssignment = async (
  change: ChangeOfKind<"assignment">,
  view: ReadBack,
  { ids }: ApplyContext,
): Promise<Problem | null> => {
  const assignment = change.after ?? change.before;
  const principalId = ids.principal(assignment);
  const listed = await view.assignments(assignment.accountId, ids.permissionSet(assignment.permissionSet));
  const found = listed.find(
    (other) => other.principalId === principalId && other.principalType === assignment.principalType,
  );
  return presence(found?.principalId ?? null, change.after !== null);
};

const missing: Problem = { problem: "missing", detail: "AWS reported success, and it is not there" };

const presence = (id: string | null, wanted: boolean): Problem | null => {
  if (wanted === (id !== null)) return null;
  return wanted ? missing : { problem: "still-there", detail: "AWS reported success, and it is still there" };
};

const differing = (attributes: readonly string[]): Problem | null =>
  attributes.length === 0 ? null : { problem: "differs", detail: `Not as planned: ${attributes.join(", ")}` };
