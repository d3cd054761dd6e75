/**
 * Brings a permission set's latest version to the accounts that hold an older one: once, after all its edits.
 * Few accounts, or any that is not active (it would fail the whole): one request each, and a reason each. Many: one
 * request for all; whatever is stale afterwards is asked for one by one, because the one request gives one reason.
 */
import type { LiveState } from "../model/live-state.ts";
import { inactiveReason } from "../model/organization.ts";
import type { ChangeOfKind, ChangeRun, Step } from "./context.ts";
import { NotStarted, RequestFailed } from "./failure.ts";
import { pairKey } from "../plan/emptied-pairs.ts";
import { accountLabel } from "./labels.ts";
import { requestHint, runRequest } from "./request.ts";
import { askUntil } from "./retry.ts";

export const provision: Step<ChangeOfKind<"provisioning">> = async (change, run) =>
  await provisionStale(change.permissionSet, change.id ?? run.ids.permissionSet(change.permissionSet), run, {
    rolesChanged: false,
    within: new Set(change.accounts),
  });

/**
 * `rolesChanged`: an edit has just made every provisioned account stale. AWS takes a moment to tell, and may tell of some
 * before the others, so that it is not asked which they are.
 * `within`: the accounts that the plan names; no other is touched. null: all, since the set itself has changed.
 */
export const provisionStale = async (
  name: string,
  arn: string,
  run: ChangeRun,
  { rolesChanged, within }: { rolesChanged: boolean; within: ReadonlySet<string> | null },
): Promise<string | undefined> => {
  const found = rolesChanged ? await listProvisioned(arn, run) : await listStale(arn, run);
  const stale = found.filter(
    (account) => (within?.has(account) ?? true) && !run.emptied.has(pairKey(account, name)),
  );
  if (stale.length === 0) return undefined;
  const todo =
    stale.length === found.length && (await mayGoAtOnce(arn, stale, { rolesChanged }, run))
      ? await provisionAll(arn, run)
      : stale;
  const active = todo.filter((account) => isActive(run.live, account));
  const results = await Promise.all(active.map((account) => provisionOne(arn, account, run)));
  // Nothing has begun: the caller knows whether that holds for the whole change.
  if (todo === stale && active.length > 0 && results.every((result) => result instanceof NotStarted)) {
    throw new NotStarted();
  }
  const failures = results.flatMap((result, index) =>
    result === null
      ? []
      : [{ account: accountLabel(run.live, active[index] ?? ""), reason: reasonOf(result) }],
  );
  if (failures.length > 0) throw partlyProvisioned(failures, stale.length);
  return leftOut(
    todo.filter((account) => !isActive(run.live, account)),
    run.live,
  );
};

/** Whether one request for all accounts is the better way. */
const mayGoAtOnce = async (
  arn: string,
  stale: readonly string[],
  { rolesChanged }: { readonly rolesChanged: boolean },
  run: ChangeRun,
): Promise<boolean> => {
  if (stale.length <= few) return false;
  const accounts = rolesChanged ? stale : await listProvisioned(arn, run);
  return accounts.length <= mostAtOnce && accounts.every((account) => isActive(run.live, account));
};

const few = 10;

/** AWS reaches no more accounts with one request. */
const mostAtOnce = 3500;

const isActive = (live: LiveState, accountId: string): boolean =>
  inactiveReason(live.organization, accountId) === null;

/** One request for all; answers the accounts that are still stale. Its own failure shows there. */
const provisionAll = async (arn: string, run: ChangeRun): Promise<readonly string[]> => {
  const settled = await runRequest(run, "provision", {
    lanes: ["provisionings"],
    start: () => run.writer.provisionPermissionSet(arn, null),
  });
  return await askUntil(
    () => listStale(arn, run),
    (accounts) => accounts.length === 0 || settled !== null,
    { clock: run.clock, forMilliseconds: 10_000 },
  );
};

interface AccountFailure {
  readonly account: string;
  readonly reason: string;
}

/** null: done. One account's failure, of whatever kind, never keeps the others from being provisioned. */
const provisionOne = async (
  arn: string,
  accountId: string,
  run: ChangeRun,
): Promise<null | string | Error> => {
  const isInPlace = async (): Promise<boolean> => !(await listStale(arn, run)).includes(accountId);
  try {
    return await runRequest(run, "provision", {
      lanes: ["provisionings", `account:${accountId}`],
      accountId,
      start: () => run.writer.provisionPermissionSet(arn, accountId),
      isInPlace,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

const reasonOf = (result: string | Error): string => (typeof result === "string" ? result : result.message);

const listProvisioned = (arn: string, run: ChangeRun): Promise<readonly string[]> =>
  run.reader.listAccountsForProvisionedPermissionSet(arn, null);

const listStale = (arn: string, run: ChangeRun): Promise<readonly string[]> =>
  run.reader.listAccountsForProvisionedPermissionSet(arn, "LATEST_PERMISSION_SET_NOT_PROVISIONED");

const partlyProvisioned = (failures: readonly AccountFailure[], total: number): RequestFailed => {
  const accounts = failures.map(({ account }) => account).join(", ");
  const reasons = failures.map(({ account, reason }) => `${account}: ${reason}`).join("\n");
  return new RequestFailed(
    `Not provisioned in ${failures.length} of ${total} accounts: ${accounts}`,
    reasons,
    hintFor(failures),
  );
};

const hintFor = (failures: readonly AccountFailure[]): { hint: string } => ({
  hint:
    failures.map(({ reason }) => requestHint(reason)).find((text) => text !== undefined) ??
    "Those accounts keep an earlier version: mend what AWS names, then run apply again, which provisions them",
});

const leftOut = (accounts: readonly string[], live: LiveState): string | undefined =>
  accounts.length === 0
    ? undefined
    : `Left as it was in accounts that are not active: ${accounts.map((account) => accountLabel(live, account)).join(", ")}`;
