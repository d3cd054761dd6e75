import type { Provisioning } from "../model/live-state.ts";
import type { AwsError } from "../model/errors.ts";
import { compareText } from "../model/address.ts";
import type { Organization } from "../model/organization.ts";
import type { InstanceReader } from "../model/ports.ts";
import { isNotFound, type Reading, unlessAllDenied } from "./reading.ts";
import { chooseProvisioningStrategy, provisioningFilters } from "./strategy.ts";

export interface ReadProvisioning {
  /** By ARN; of the sets that could be read. */
  readonly provisioning: ReadonlyMap<string, Provisioning>;
  /** Where sets may be provisioned unseen: in any account, or any set in one account. */
  readonly unread: readonly UnreadProvisioning[];
}

type UnreadProvisioning =
  | { readonly arn: string; readonly reason: AwsError }
  | { readonly accountId: string; readonly reason: AwsError };

/** Whether the accounts are all the accounts there are, so that asking each of them misses nothing. */
export const accountsAreComplete = ({ source }: Organization): boolean => source === "organizations";

export const readProvisioning = async (
  reader: InstanceReader,
  reading: Reading,
  arns: readonly string[],
  organization: Organization,
): Promise<ReadProvisioning> => {
  if (arns.length === 0) return { provisioning: new Map(), unread: [] };
  const accounts = [...organization.accounts.keys()];
  const bySet =
    chooseProvisioningStrategy(
      { permissionSets: arns.length, accounts: accounts.length },
      accountsAreComplete(organization),
    ) === "by-set";
  const answers = await Promise.all(
    (bySet ? arns : accounts).map(async (subject) => {
      const [fresh, stale] = await Promise.all(
        provisioningFilters.map((filter) =>
          reading.attempt(() =>
            bySet
              ? reader.listAccountsForProvisionedPermissionSet(subject, filter)
              : reader.listPermissionSetsProvisionedToAccount(subject, filter),
          ),
        ),
      );
      return { subject, fresh, stale };
    }),
  );
  unlessAllDenied(answers.flatMap(({ fresh, stale }) => [fresh, stale]).filter((each) => each !== undefined));

  const found = new Map<string, Map<string, { stale: boolean }>>(arns.map((arn) => [arn, new Map()]));
  const unread: UnreadProvisioning[] = [];
  for (const { subject, fresh, stale } of answers) {
    const failed = [fresh, stale].flatMap((each) =>
      each !== undefined && "failed" in each ? [each.failed] : [],
    );
    const reason = failed.find((error) => !isNotFound(error));
    if (reason !== undefined) unread.push(bySet ? { arn: subject, reason } : { accountId: subject, reason });
    for (const [attempt, isStale] of [
      [fresh, false],
      [stale, true],
    ] as const) {
      for (const item of attempt !== undefined && "read" in attempt ? attempt.read : []) {
        const [arn, accountId] = bySet ? [subject, item] : [item, subject];
        // A role that is renewed between the two answers is in both: stale.
        found.get(arn)?.set(accountId, { stale: isStale });
      }
    }
  }
  const incomplete = new Set(unread.flatMap((each) => ("arn" in each ? [each.arn] : [])));
  return {
    provisioning: new Map(
      [...found].map(([arn, where]) => [arn, toProvisioning(where, incomplete.has(arn))]),
    ),
    unread,
  };
};

const toProvisioning = (
  where: ReadonlyMap<string, { readonly stale: boolean }>,
  isIncomplete: boolean,
): Provisioning => {
  const accounts = [...where.keys()].sort(compareText);
  return { accounts, stale: isIncomplete ? null : accounts.filter((id) => where.get(id)?.stale === true) };
};
