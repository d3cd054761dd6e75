import { AwsError } from "../model/errors.ts";
import { type Account, isSelectable, type Organization } from "../model/organization.ts";
import type { ListedAccount, OrganizationsReader } from "../model/ports.ts";
import type { OnProgress } from "../model/progress.ts";

export interface OrganizationOptions {
  readonly needs: OrganizationNeeds;
  /** Name → id, as the manifest gives them. */
  readonly manifestAccounts: Readonly<Record<string, string>>;
  readonly managementAccountId: string | null;
  readonly onProgress: OnProgress;
}

/** What the manifest's selectors ask for: each costs calls. */
interface OrganizationNeeds {
  /** Names of organizational units: about one call for each unit. */
  readonly organizationalUnits: boolean;
  /** Account tags: one call for each active account. */
  readonly accountTags: boolean;
  /** Whether the manifest can not do without AWS Organizations. */
  readonly organization: boolean;
}

/**
 * The accounts, from AWS Organizations or, where it may not or can not be used and the manifest can do without, from
 * the manifest alone. Any other failure rejects with AwsError: a failed look-up never shrinks what was asked for.
 */
export const readOrganization = async (
  reader: OrganizationsReader,
  options: OrganizationOptions,
): Promise<Organization> => {
  const { needs, managementAccountId, onProgress } = options;
  onProgress({ type: "phase", name: "Reading accounts" });
  const listed = await listAccounts(reader, needs);
  if (listed instanceof AwsError) return fromManifest(options, listed.message);

  onProgress({ type: "expected-calls", part: "organization", expected: expectedCalls(listed, needs) });
  const [units, tags] = await Promise.all([
    needs.organizationalUnits ? readUnits(reader, listed) : null,
    needs.accountTags ? readTags(reader, listed) : null,
  ]);
  const toAccount = (account: ListedAccount): Account => ({
    id: account.id,
    name: account.name,
    state: account.state,
    organizationalUnits: units === null ? null : (units.get(account.id) ?? null),
    tags: tags?.get(account.id) ?? null,
  });
  return {
    source: "organizations",
    unavailable: null,
    managementAccountId,
    accounts: new Map(listed.map((account) => [account.id, toAccount(account)])),
    tagsRead: needs.accountTags,
    organizationalUnitsRead: needs.organizationalUnits,
  };
};

/** The accounts, or why Organizations is not used. */
const listAccounts = async (
  reader: OrganizationsReader,
  needs: OrganizationNeeds,
): Promise<readonly ListedAccount[] | AwsError> => {
  const required = needs.organization || needs.organizationalUnits || needs.accountTags;
  try {
    const accounts = await reader.listAccounts();
    if (accounts.length > 0) return accounts;
    throw new AwsError(
      "malformed-reply",
      "organizations:ListAccounts answered no account at all, not even the management account",
      { hint: strange },
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const canDoWithout = error.code === "access-denied" || error.code === "organizations-not-in-use";
    if (canDoWithout && !required) return error;
    throw canDoWithout ? requiredBut(error) : error;
  }
};

const strange =
  "Run it again: accounts may just be moving. If it stays so, look at what answers instead of AWS (a proxy, AWS_ENDPOINT_URL)";

const requiredBut = (error: AwsError): AwsError =>
  new AwsError(
    error.code,
    `The manifest selects accounts by what AWS Organizations knows, but ${error.message}`,
    {
      hint: `${error.hint ?? "Make AWS Organizations readable"}, or list the accounts in the manifest and select them by id`,
      cause: error,
    },
  );

const fromManifest = (
  { manifestAccounts, managementAccountId }: OrganizationOptions,
  unavailable: string,
): Organization => ({
  source: "manifest",
  unavailable,
  managementAccountId,
  accounts: new Map(
    Object.values(manifestAccounts).map((id) => [
      id,
      { id, name: null, state: "UNKNOWN", organizationalUnits: null, tags: null },
    ]),
  ),
  tagsRead: false,
  organizationalUnitsRead: false,
});

/** Names of the units above each account, from the root down, by account id. */
const readUnits = async (
  reader: OrganizationsReader,
  accounts: readonly ListedAccount[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const names = new Map<string, readonly string[]>();
  const descend = async (parentId: string, above: readonly string[]): Promise<void> => {
    names.set(parentId, above);
    const units = await reader.listOrganizationalUnitsForParent(parentId);
    await Promise.all(units.map(({ id, name }) => descend(id, [...above, name])));
  };
  const roots = await reader.listRoots();
  await Promise.all(roots.map(({ id }) => descend(id, [])));

  const parentOf = await parents(reader, accounts, [...names.keys()]);
  const placed = new Map<string, readonly string[]>();
  for (const { id } of accounts) {
    const path = names.get(parentOf.get(id) ?? "");
    if (path !== undefined) placed.set(id, path);
    else
      throw new AwsError(
        "malformed-reply",
        `AWS Organizations does not say in which organizational unit account ${id} is`,
        { hint: strange },
      );
  }
  return placed;
};

/** Id of the root or unit that holds each account. Where AWS did not say it with the account, all are asked. */
const parents = async (
  reader: OrganizationsReader,
  accounts: readonly ListedAccount[],
  holders: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for (const { id, path } of accounts) {
    const holder = path?.at(-1);
    if (holder !== undefined) found.set(id, holder);
  }
  if (found.size === accounts.length) return found;
  await Promise.all(
    holders.map(async (holder) => {
      for (const { id } of await reader.listAccountsForParent(holder)) found.set(id, holder);
    }),
  );
  return found;
};

/** By account id; of the accounts that can be selected. */
const readTags = async (
  reader: OrganizationsReader,
  accounts: readonly ListedAccount[],
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> => {
  const active = accounts.filter(({ state }) => isSelectable({ state }));
  return new Map(
    await Promise.all(active.map(async ({ id }) => [id, await reader.listTagsForResource(id)] as const)),
  );
};

const expectedCalls = (accounts: readonly ListedAccount[], needs: OrganizationNeeds): number => {
  const units = new Set(accounts.flatMap(({ path }) => path ?? [])).size;
  return (
    Math.max(1, Math.ceil(accounts.length / 20)) +
    (needs.organizationalUnits ? 1 + units : 0) +
    (needs.accountTags ? accounts.length : 0)
  );
};
