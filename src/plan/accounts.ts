import type { Organization } from "../model/organization.ts";
import { isSelectable } from "../model/organization.ts";

/** Why nothing can be changed in an account; null: it is active, or nothing speaks against it. */
export const inactiveReason = (organization: Organization, id: string): string | null => {
  const account = organization.accounts.get(id);
  if (account === undefined) {
    return organization.source === "organizations" ? `account ${id} is not in the organization` : null;
  }
  return isSelectable(account) ? null : `account ${id} is ${account.state}`;
};
