import type {
  AccountAssignmentOperationStatus,
  PermissionSetProvisioningStatus,
} from "@aws-sdk/client-sso-admin";
import type { Instance } from "../model/live-state.ts";
import type { AsyncStatus, InstanceReader } from "../model/ports.ts";
import { orNull } from "./absence.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages, leftOutWhereEmpty } from "./pages.ts";
import { textOf, textOrNull } from "./reply-fields.ts";

export type RequestReader = Pick<InstanceReader, "listRequests" | "describeRequest">;

/** What has become of asynchronous requests. */
export const createRequestReader = ({ sso }: AwsClients, instance: Instance): RequestReader => {
  const InstanceArn = instance.instanceArn;
  return {
    listRequests: async (operation, status, mostPages) => {
      const input = { InstanceArn, MaxResults: 100, Filter: { Status: status } };
      const fetch = {
        "create-assignment": (NextToken: string | undefined) =>
          call("sso:ListAccountAssignmentCreationStatus", undefined, async () => {
            const page = await sso.listAccountAssignmentCreationStatus({ ...input, NextToken });
            return {
              items: leftOutWhereEmpty(page.AccountAssignmentsCreationStatus, page),
              nextToken: page.NextToken,
            };
          }),
        "delete-assignment": (NextToken: string | undefined) =>
          call("sso:ListAccountAssignmentDeletionStatus", undefined, async () => {
            const page = await sso.listAccountAssignmentDeletionStatus({ ...input, NextToken });
            return {
              items: leftOutWhereEmpty(page.AccountAssignmentsDeletionStatus, page),
              nextToken: page.NextToken,
            };
          }),
        provision: (NextToken: string | undefined) =>
          call("sso:ListPermissionSetProvisioningStatus", undefined, async () => {
            const page = await sso.listPermissionSetProvisioningStatus({ ...input, NextToken });
            return {
              items: leftOutWhereEmpty(page.PermissionSetsProvisioningStatus, page),
              nextToken: page.NextToken,
            };
          }),
      };
      let pages = 0;
      const statuses = await allPages(`sso: the list of ${operation} requests`, async (token) => {
        pages += 1;
        return pages > mostPages ? { items: [], nextToken: undefined } : await fetch[operation](token);
      });
      if (pages > mostPages) return null;
      return statuses.map(({ RequestId }) =>
        textOf(`sso: the list of ${operation} requests: RequestId`, RequestId),
      );
    },
    describeRequest: async (operation, requestId) => {
      const describe = {
        "create-assignment": () =>
          call("sso:DescribeAccountAssignmentCreationStatus", requestId, async () => {
            const input = { InstanceArn, AccountAssignmentCreationRequestId: requestId };
            return (await sso.describeAccountAssignmentCreationStatus(input)).AccountAssignmentCreationStatus;
          }),
        "delete-assignment": () =>
          call("sso:DescribeAccountAssignmentDeletionStatus", requestId, async () => {
            const input = { InstanceArn, AccountAssignmentDeletionRequestId: requestId };
            return (await sso.describeAccountAssignmentDeletionStatus(input)).AccountAssignmentDeletionStatus;
          }),
        provision: () =>
          call("sso:DescribePermissionSetProvisioningStatus", requestId, async () => {
            const input = { InstanceArn, ProvisionPermissionSetRequestId: requestId };
            return (await sso.describePermissionSetProvisioningStatus(input)).PermissionSetProvisioningStatus;
          }),
      };
      const status = await orNull<ApiStatus | undefined>(describe[operation]());
      return status === null || status === undefined ? null : toAsyncStatus(status, requestId);
    },
  };
};

export const toAsyncStatus = (status: ApiStatus, requestId: string): AsyncStatus => ({
  requestId: status.RequestId ?? requestId,
  status: status.Status ?? "IN_PROGRESS",
  failureReason:
    status.Status === "FAILED"
      ? (textOrNull("sso: FailureReason", status.FailureReason) ?? "AWS gives no reason")
      : null,
});

export type ApiStatus = AccountAssignmentOperationStatus | PermissionSetProvisioningStatus;
