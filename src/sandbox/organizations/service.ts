import type { Service } from "../service.ts";
import {
  describeAccount,
  listAccounts,
  listAccountsForParent,
  listDelegatedAdministrators,
} from "./accounts.ts";
import {
  describeOrganizationalUnit,
  listChildren,
  listOrganizationalUnitsForParent,
  listParents,
  listRoots,
} from "./hierarchy.ts";
import { describeOrganization, listAWSServiceAccessForOrganization } from "./organization.ts";
import { listTagsForResource } from "./tags.ts";

/** AWS Organizations, to read: the accounts, where they are and what tags they carry. */
export const organizations: Service = {
  name: "organizations",
  targetPrefix: "AWSOrganizationsV20161128",
  operations: {
    DescribeOrganization: describeOrganization,
    ListAccounts: listAccounts,
    ListRoots: listRoots,
    ListOrganizationalUnitsForParent: listOrganizationalUnitsForParent,
    ListAccountsForParent: listAccountsForParent,
    ListParents: listParents,
    ListChildren: listChildren,
    DescribeAccount: describeAccount,
    DescribeOrganizationalUnit: describeOrganizationalUnit,
    ListTagsForResource: listTagsForResource,
    ListDelegatedAdministrators: listDelegatedAdministrators,
    ListAWSServiceAccessForOrganization: listAWSServiceAccessForOrganization,
  },
};
