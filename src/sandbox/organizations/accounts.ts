import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import { ServiceError } from "../service.ts";
import { accountId, inPages, pageOptions, parentId, servicePrincipal } from "./shapes.ts";
import { accountOutput, accountSummary, findAccount, readableOrganization, requireParent } from "./tree.ts";

export const listAccounts = operation(inPages, (input, context) => {
  const organization = readableOrganization(context);
  const { items, next } = page(context, input, organization.accounts, {
    ...pageOptions,
    key: (account) => account.Id,
  });
  return { Accounts: items.map((account) => accountOutput(organization, account)), ...next };
});

/** Direct children only. */
export const listAccountsForParent = operation({ ...inPages, ParentId: parentId }, (input, context) => {
  const organization = readableOrganization(context);
  requireParent(organization, input.ParentId);
  const children = organization.accounts.filter((account) => account.ParentId === input.ParentId);
  const { items, next } = page(context, input, children, { ...pageOptions, key: (account) => account.Id });
  return { Accounts: items.map((account) => accountOutput(organization, account)), ...next };
});

export const describeAccount = operation({ AccountId: accountId }, (input, context) => {
  const organization = readableOrganization(context);
  const account = findAccount(organization, input.AccountId);
  if (account === undefined) {
    throw new ServiceError("AccountNotFoundException", "You specified an account that doesn't exist.");
  }
  return { Account: accountOutput(organization, account) };
});

export const listDelegatedAdministrators = operation(
  { ...inPages, ServicePrincipal: servicePrincipal },
  (input, context) => {
    const organization = readableOrganization(context);
    const delegated = organization.delegatedAdministrators.filter(
      (each) => input.ServicePrincipal === undefined || each.ServicePrincipal === input.ServicePrincipal,
    );
    const accounts = organization.accounts.filter((account) =>
      delegated.some((each) => each.AccountId === account.Id),
    );
    const { items, next } = page(context, input, accounts, { ...pageOptions, key: (account) => account.Id });
    return {
      DelegatedAdministrators: items.map((account) => ({
        ...accountSummary(organization, account),
        DelegationEnabledDate: account.JoinedTimestamp / 1000,
      })),
      ...next,
    };
  },
);
