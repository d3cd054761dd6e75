import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import type { StoredProvisioning, StoredRequest } from "../state.ts";
import { refuseForeignSet, refuseManagementAccount } from "./access.ts";
import { findInstance, findPermissionSet, invalid, seconds } from "./lookup.ts";
import { describeListedRequest, findRequest, requestsOf, startRequest } from "./requests.ts";
import {
  accountId,
  instanceArn,
  optionalAccountId,
  paging,
  permissionSetArn,
  provisioningStatus,
  requestId,
  statusFilter,
} from "./shapes.ts";

export const provisioningOperations = {
  /** In an account without assignments of the set this makes the role all the same. */
  ProvisionPermissionSet: operation(
    {
      InstanceArn: instanceArn,
      PermissionSetArn: permissionSetArn,
      TargetId: optionalAccountId,
      TargetType: { type: "string", required: true, enum: ["AWS_ACCOUNT", "ALL_PROVISIONED_ACCOUNTS"] },
    },
    (input, context) => {
      const { PermissionSetArn, TargetId, TargetType } = input;
      const { instance, set } = findPermissionSet(context, input);
      refuseForeignSet(context, instance, set, "sso:ProvisionPermissionSet");
      const isOne = TargetType === "AWS_ACCOUNT";
      if (isOne && TargetId === undefined)
        throw invalid("TargetId is required when TargetType is AWS_ACCOUNT.");
      const target = isOne && TargetId !== undefined ? { AccountId: TargetId } : {};
      if (target.AccountId !== undefined) {
        refuseManagementAccount(context, target.AccountId, "sso:ProvisionPermissionSet");
      }
      const request = startRequest(context, instance, { kind: "provision", PermissionSetArn, ...target });
      return { PermissionSetProvisioningStatus: describeProvisioning(request) };
    },
  ),

  DescribePermissionSetProvisioningStatus: operation(
    { InstanceArn: instanceArn, ProvisionPermissionSetRequestId: requestId },
    (input, context) => {
      const instance = findInstance(context, input.InstanceArn);
      const request = findRequest(instance, "provision", input.ProvisionPermissionSetRequestId);
      return { PermissionSetProvisioningStatus: describeProvisioning(request) };
    },
  ),

  ListPermissionSetProvisioningStatus: operation(
    { InstanceArn: instanceArn, Filter: statusFilter, ...paging },
    (input, context) => {
      const instance = findInstance(context, input.InstanceArn);
      const requests = requestsOf(instance, "provision", input.Filter?.Status);
      const { items, next } = page(context, input, requests, { key: (request) => request.RequestId });
      return { PermissionSetsProvisioningStatus: items.map(describeListedRequest), ...next };
    },
  ),

  ListAccountsForProvisionedPermissionSet: operation(
    {
      InstanceArn: instanceArn,
      PermissionSetArn: permissionSetArn,
      ProvisioningStatus: provisioningStatus,
      ...paging,
    },
    (input, context) => {
      const { instance, set } = findPermissionSet(context, input);
      const roles = instance.provisioned.filter((role) => role.PermissionSetArn === set.PermissionSetArn);
      const { items, next } = page(context, input, roles, {
        key: (role) => role.AccountId,
        keep: (role) => hasStatus(role, input.ProvisioningStatus),
      });
      return { AccountIds: items.map((role) => role.AccountId), ...next };
    },
  ),

  ListPermissionSetsProvisionedToAccount: operation(
    { InstanceArn: instanceArn, AccountId: accountId, ProvisioningStatus: provisioningStatus, ...paging },
    (input, context) => {
      const instance = findInstance(context, input.InstanceArn);
      const roles = instance.provisioned.filter((role) => role.AccountId === input.AccountId);
      const { items, next } = page(context, input, roles, {
        key: (role) => role.PermissionSetArn,
        keep: (role) => hasStatus(role, input.ProvisioningStatus),
      });
      return { PermissionSets: items.map((role) => role.PermissionSetArn), ...next };
    },
  ),
};

function describeProvisioning(request: StoredRequest): Record<string, unknown> {
  return {
    Status: request.Status,
    RequestId: request.RequestId,
    ...(request.AccountId === undefined ? {} : { AccountId: request.AccountId }),
    PermissionSetArn: request.PermissionSetArn,
    ...(request.FailureReason === undefined ? {} : { FailureReason: request.FailureReason }),
    CreatedDate: seconds(request.CreatedDate),
  };
}

function hasStatus(role: StoredProvisioning, status: string | undefined): boolean {
  return status === undefined || role.latest === (status === "LATEST_PERMISSION_SET_PROVISIONED");
}
