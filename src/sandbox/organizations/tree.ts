import type { CallContext } from "../service.ts";
import { ServiceError } from "../service.ts";
import type { SandboxOrganization, StoredAccount } from "../state.ts";

type OrganizationalUnit = SandboxOrganization["organizationalUnits"][number];

/** The organization, for a call that every account in it may make. */
export function organizationInUse({ state }: CallContext): SandboxOrganization {
  if (state.organization !== null) return state.organization;
  throw new ServiceError(
    "AWSOrganizationsNotInUseException",
    "Your account is not a member of an organization.",
  );
}

/** The organization, for a call that is kept to the management account and to delegated administrators. */
export function readableOrganization(context: CallContext): SandboxOrganization {
  const organization = organizationInUse(context);
  const { Account } = context.state.caller;
  const mayRead =
    Account === organization.MasterAccountId ||
    organization.delegatedAdministrators.some((delegated) => delegated.AccountId === Account);
  if (mayRead) return organization;
  throw new ServiceError("AccessDeniedException", "You don't have permissions to access this resource.");
}

export function findAccount(organization: SandboxOrganization, id: string): StoredAccount | undefined {
  return organization.accounts.find((account) => account.Id === id);
}

export function findUnit(organization: SandboxOrganization, id: string): OrganizationalUnit | undefined {
  return organization.organizationalUnits.find((unit) => unit.Id === id);
}

export function requireParent(organization: SandboxOrganization, id: string): void {
  if (id === organization.rootId || findUnit(organization, id) !== undefined) return;
  throw new ServiceError("ParentNotFoundException", "You specified parent that doesn't exist.");
}

/** An account as ListAccounts and DescribeAccount show it. */
export function accountOutput(
  organization: SandboxOrganization,
  account: StoredAccount,
): Record<string, unknown> {
  return {
    ...accountSummary(organization, account),
    Paths: [`${pathOf(organization, account.ParentId)}${account.Id}/`],
  };
}

/** The part of an account that ListDelegatedAdministrators shows too. */
export function accountSummary(
  organization: SandboxOrganization,
  account: StoredAccount,
): Record<string, unknown> {
  return {
    Id: account.Id,
    Arn: arnOf(organization, "account", account.Id),
    Email: account.Email,
    Name: account.Name,
    Status: statusOf[account.State],
    State: account.State,
    JoinedMethod: account.Id === organization.MasterAccountId ? "INVITED" : "CREATED",
    JoinedTimestamp: account.JoinedTimestamp / 1000,
  };
}

export function unitOutput(
  organization: SandboxOrganization,
  unit: OrganizationalUnit,
): Record<string, unknown> {
  return {
    Id: unit.Id,
    Arn: arnOf(organization, "ou", unit.Id),
    Name: unit.Name,
    Path: pathOf(organization, unit.Id),
  };
}

export function arnOf(
  organization: SandboxOrganization,
  type: "account" | "ou" | "root",
  id: string,
): string {
  return `arn:aws:organizations::${organization.MasterAccountId}:${type}/${organization.Id}/${id}`;
}

/** What Status, the older and coarser of the two, says of a State. */
const statusOf: Readonly<Record<StoredAccount["State"], string>> = {
  PENDING_ACTIVATION: "ACTIVE",
  ACTIVE: "ACTIVE",
  SUSPENDED: "SUSPENDED",
  PENDING_CLOSURE: "PENDING_CLOSURE",
  CLOSED: "SUSPENDED",
};

/** `o-…/r-…/ou-…/`, from the organization down to the root or unit `id`. */
function pathOf(organization: SandboxOrganization, id: string): string {
  const parts: string[] = [];
  for (
    let unit = findUnit(organization, id);
    unit !== undefined;
    unit = findUnit(organization, unit.ParentId)
  ) {
    parts.unshift(unit.Id);
  }
  return [organization.Id, organization.rootId, ...parts, ""].join("/");
}
