import type { PermissionSet } from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { AwsError } from "../model/errors.ts";
import { withoutPolicies } from "../model/permission-set-parts.ts";
import type { InstanceReader } from "../model/ports.ts";
import type { ChangeOfKind, ChangeRun, Step } from "./context.ts";
import { createOrFind } from "./create-or-find.ts";
import { NotStarted, RequestFailed, hasCode } from "./failure.ts";
import { accountLabel } from "./labels.ts";
import type { Edit } from "./permission-set-edits.ts";
import { editsOf, settingsOf, tagsOf } from "./permission-set-edits.ts";
import { provisionStale } from "./provisioning.ts";
import { askUntil, lagging, retry } from "./retry.ts";

export const changePermissionSet: Step<ChangeOfKind<"permissionSet">> = async (change, run) => {
  switch (change.action) {
    case "create":
      await run.begin(["permission-sets"], async () => {
        const arn = await create(change.after, run);
        run.ids.addPermissionSet(change.after.name, arn);
        // The assignments that follow provision it in their accounts.
        await applyEdits(editsOf(withoutPolicies(change.after), change.after), arn, run, "created");
      });
      return undefined;
    case "update": {
      const arn = change.id ?? run.ids.permissionSet(change.before.name);
      const edits = editsOf(change.before, change.after);
      await run.begin(["permission-sets"], () => applyEdits(edits, arn, run, null));
      const rolesChanged = edits.some((edit) => edit.changesRoles);
      try {
        return await provisionStale(change.after.name, arn, run, { rolesChanged, within: null });
      } catch (error) {
        throw error instanceof NotStarted ? notProvisioned() : error;
      }
    }
    case "delete": {
      const arn = change.id ?? run.ids.permissionSet(change.before.name);
      await run.begin(["permission-sets"], () => deleteSet(arn, run));
      return undefined;
    }
  }
};

const create = async (set: PermissionSet, run: ChangeRun): Promise<string> => {
  const { reader, writer, live } = run;
  const settings = settingsOf(set);
  const tags = tagsOf(set);
  return await createOrFind(run, {
    create: () => writer.createPermissionSet({ name: set.name, ...settings, tags }),
    // There is no look-up by name: describe the sets that were not there when the instance was read.
    find: async () => {
      const known = new Set(live.ids.permissionSets.values());
      for (const arn of await reader.listPermissionSets()) {
        if (!known.has(arn) && (await reader.describePermissionSet(arn)).name === set.name) return arn;
      }
      return null;
    },
    isFresh: async (arn) => {
      const { description, sessionDuration, relayState } = await reader.describePermissionSet(arn);
      const found = [{ description, sessionDuration, relayState }, await reader.listTags(arn)];
      return canonicalJson(found) === canonicalJson([settings, tags]) && (await isUnused(arn, reader));
    },
  });
};

/** A creation leaves a set without policies, in no account. */
const isUnused = async (arn: string, reader: InstanceReader): Promise<boolean> =>
  (await reader.getInlinePolicy(arn)) === null &&
  (await reader.getPermissionsBoundary(arn)) === null &&
  (await reader.listManagedPolicies(arn)).length === 0 &&
  (await reader.listCustomerManagedPolicies(arn)).length === 0 &&
  (await reader.listAccountsForProvisionedPermissionSet(arn, null)).length === 0;

const notProvisioned = (): AwsError =>
  new AwsError("interrupted", "Edited, and not provisioned: the run was interrupted first", {
    hint: "The accounts keep the earlier version until the next apply, which provisions it",
  });

/**
 * One after the other: AWS refuses concurrent writes to one permission set. `before`: what has been done to the set
 * already, null where nothing has.
 */
const applyEdits = async (
  edits: readonly Edit[],
  arn: string,
  run: ChangeRun,
  before: "created" | null,
): Promise<void> => {
  for (const [index, edit] of edits.entries()) {
    try {
      await retry(() => edit.write(run.writer, arn), lagging, run.clock);
    } catch (error) {
      // "Already attached" answers a second attempt after a lost reply, and the read that tells so may lag behind.
      if (hasCode(error, "conflict") && (await standsThere(edit, arn, run))) continue;
      const done = before ?? (index > 0 ? "updated in part" : null);
      throw done === null ? error : incomplete(done, edits.slice(index), error);
    }
  }
};

/** What stands there is neither as before nor as planned, and whoever reads of a failure must know. */
const incomplete = (done: string, left: readonly Edit[], error: unknown): unknown => {
  if (!(error instanceof AwsError)) return error;
  const { code, hint, message } = error;
  const attributes = [...new Set(left.map(({ attribute }) => attribute))].join(", ");
  const accounts = done === "created" ? "" : " The accounts keep the version that they have.";
  return new AwsError(code, `It was ${done}, and this is missing: ${attributes}.${accounts} ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
};

const standsThere = async (
  { isInPlace }: Edit,
  arn: string,
  { reader, clock }: ChangeRun,
): Promise<boolean> =>
  isInPlace !== undefined &&
  (await askUntil(
    () => isInPlace(reader, arn),
    (answer) => answer,
    { clock, forMilliseconds: 10_000 },
  ));

/** The roles in the accounts go some time after the last assignment; until then AWS refuses with a conflict. */
const deleteSet = async (arn: string, run: ChangeRun): Promise<void> => {
  try {
    await retry(
      () => run.writer.deletePermissionSet(arn),
      { conflict: 5 * 60_000 },
      run.clock,
      () => {
        run.stopIfInterrupted();
        run.retrying("accounts are still letting go of it");
      },
    );
  } catch (error) {
    if (!hasCode(error, "conflict")) throw error;
    throw await stillUsed(arn, run, error);
  }
};

const stillUsed = async (arn: string, run: ChangeRun, error: unknown): Promise<AwsError> => {
  const reason = error instanceof Error ? error.message : String(error);
  const accounts = await run.reader.listAccountsForProvisionedPermissionSet(arn, null).catch(() => []);
  if (accounts.length === 0) {
    return new AwsError("conflict", reason, {
      hint: "AWS keeps a permission set for some minutes after its last assignment: run apply again later",
      cause: error,
    });
  }
  const names = accounts.map((account) => accountLabel(run.live, account)).join(", ");
  return new RequestFailed(`It is still provisioned in ${names}`, reason, {
    hint: "Plan again: the plan shows whether somebody has assigned it since",
  });
};
