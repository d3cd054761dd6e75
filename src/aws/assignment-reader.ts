import type { AccountAssignment } from "@aws-sdk/client-sso-admin";
import { AwsError } from "../model/errors.ts";
import type { Instance } from "../model/live-state.ts";
import type { InstanceReader, ListedAssignment, ProvisioningFilter } from "../model/ports.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages } from "./pages.ts";

export type AssignmentReader = Pick<
  InstanceReader,
  | "listAccountsForProvisionedPermissionSet"
  | "listPermissionSetsProvisionedToAccount"
  | "listAccountAssignments"
  | "listAccountAssignmentsForPrincipal"
>;

export const createAssignmentReader = ({ sso }: AwsClients, instance: Instance): AssignmentReader => {
  const InstanceArn = instance.instanceArn;
  return {
    listAccountsForProvisionedPermissionSet: (PermissionSetArn, status) => {
      const action = "sso:ListAccountsForProvisionedPermissionSet";
      return allPages(action, async (NextToken) => {
        const page = await call(action, PermissionSetArn, () =>
          sso.listAccountsForProvisionedPermissionSet({
            InstanceArn,
            PermissionSetArn,
            ...filtered(status),
            ...pageSize,
            NextToken,
          }),
        );
        return { items: page.AccountIds, nextToken: page.NextToken };
      });
    },
    listPermissionSetsProvisionedToAccount: (AccountId, status) => {
      const action = "sso:ListPermissionSetsProvisionedToAccount";
      return allPages(action, async (NextToken) => {
        const page = await call(action, AccountId, () =>
          sso.listPermissionSetsProvisionedToAccount({
            InstanceArn,
            AccountId,
            ...filtered(status),
            ...pageSize,
            NextToken,
          }),
        );
        return { items: page.PermissionSets, nextToken: page.NextToken };
      });
    },
    listAccountAssignments: async (AccountId, PermissionSetArn) => {
      const action = "sso:ListAccountAssignments";
      const assignments = await allPages(action, async (NextToken) => {
        const page = await call(action, `account ${AccountId}, ${PermissionSetArn}`, () =>
          sso.listAccountAssignments({ InstanceArn, AccountId, PermissionSetArn, ...pageSize, NextToken }),
        );
        return { items: page.AccountAssignments, nextToken: page.NextToken };
      });
      const asked = { accountId: AccountId, permissionSetArn: PermissionSetArn };
      return assignments.map((item) => toListedAssignment(asked, item));
    },
    listAccountAssignmentsForPrincipal: async (PrincipalType, PrincipalId) => {
      const action = "sso:ListAccountAssignmentsForPrincipal";
      const assignments = await allPages(action, async (NextToken) => {
        const page = await call(action, `${PrincipalType.toLowerCase()} ${PrincipalId}`, () =>
          sso.listAccountAssignmentsForPrincipal({
            InstanceArn,
            PrincipalId,
            PrincipalType,
            ...pageSize,
            NextToken,
          }),
        );
        return { items: page.AccountAssignments, nextToken: page.NextToken };
      });
      const asked = { principalType: PrincipalType, principalId: PrincipalId };
      return assignments.map((item) => toListedAssignment(asked, item));
    },
  };
};

const pageSize = { MaxResults: 100 };

const filtered = (ProvisioningStatus: ProvisioningFilter) =>
  ProvisioningStatus === null ? {} : { ProvisioningStatus };

/** What the reply leaves out is what was asked for. */
const toListedAssignment = (asked: Partial<ListedAssignment>, item: AccountAssignment): ListedAssignment => {
  const accountId = item.AccountId ?? asked.accountId;
  const permissionSetArn = item.PermissionSetArn ?? asked.permissionSetArn;
  const principalType = item.PrincipalType ?? asked.principalType;
  const principalId = item.PrincipalId ?? asked.principalId;
  if (
    accountId === undefined ||
    permissionSetArn === undefined ||
    principalType === undefined ||
    principalId === undefined
  ) {
    throw new AwsError("malformed-reply", "AWS listed an assignment without saying whose it is, or where");
  }
  return { accountId, permissionSetArn, principalType, principalId };
};
