import type { AccountAssignment } from "@aws-sdk/client-sso-admin";
import type { PrincipalType } from "../model/access-state.ts";
import { AwsError } from "../model/errors.ts";
import type { Instance } from "../model/live-state.ts";
import type { InstanceReader, ListedAssignment, ProvisioningFilter } from "../model/ports.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages, leftOutWhereEmpty } from "./pages.ts";
import { accountIdOf, textOf } from "./reply-fields.ts";

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
    listAccountsForProvisionedPermissionSet: async (PermissionSetArn, status) => {
      const action = "sso:ListAccountsForProvisionedPermissionSet";
      const accounts = await allPages(action, async (NextToken) => {
        const page = await call(action, PermissionSetArn, () =>
          sso.listAccountsForProvisionedPermissionSet({
            InstanceArn,
            PermissionSetArn,
            ...filtered(status),
            ...pageSize,
            NextToken,
          }),
        );
        return { items: leftOutWhereEmpty(page.AccountIds, page), nextToken: page.NextToken };
      });
      return accounts.map((id) => accountIdOf(`${action} (${PermissionSetArn}): an account`, id));
    },
    listPermissionSetsProvisionedToAccount: async (AccountId, status) => {
      const action = "sso:ListPermissionSetsProvisionedToAccount";
      const arns = await allPages(action, async (NextToken) => {
        const page = await call(action, AccountId, () =>
          sso.listPermissionSetsProvisionedToAccount({
            InstanceArn,
            AccountId,
            ...filtered(status),
            ...pageSize,
            NextToken,
          }),
        );
        return { items: leftOutWhereEmpty(page.PermissionSets, page), nextToken: page.NextToken };
      });
      return arns.map((arn) => textOf(`${action} (${AccountId}): an ARN`, arn));
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
      return assignments.map((item) => toListedAssignment(action, asked, item));
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
      return assignments.map((item) => toListedAssignment(action, asked, item));
    },
  };
};

const pageSize = { MaxResults: 100 };

const filtered = (ProvisioningStatus: ProvisioningFilter) =>
  ProvisioningStatus === null ? {} : { ProvisioningStatus };

/** What the reply leaves out is what was asked for. */
const toListedAssignment = (
  action: string,
  asked: Partial<ListedAssignment>,
  item: AccountAssignment,
): ListedAssignment => ({
  accountId: accountIdOf(`${action}: AccountId`, item.AccountId ?? asked.accountId),
  permissionSetArn: textOf(`${action}: PermissionSetArn`, item.PermissionSetArn ?? asked.permissionSetArn),
  principalType: principalTypeOf(action, item.PrincipalType ?? asked.principalType),
  principalId: textOf(`${action}: PrincipalId`, item.PrincipalId ?? asked.principalId),
});

/** AWS may come to know more types than two: then this one list is unread, and the rest goes on. */
const principalTypeOf = (action: string, value: unknown): PrincipalType => {
  const type = textOf(`${action}: PrincipalType`, value);
  if (type === "USER" || type === "GROUP") return type;
  throw new AwsError("aws-error", `${action}: the type of a principal is not known: ${type}`, {
    hint: "Use a newer version of reconcile",
  });
};
