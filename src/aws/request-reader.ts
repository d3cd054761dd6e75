import type {
  AccountAssignmentOperationStatus,
  PermissionSetProvisioningStatus,
} from "@aws-sdk/client-sso-admin";
import type { Instance } from "../model/live-state.ts";
import type { AsyncStatus, InstanceReader } from "../model/ports.ts";
import { orNull } from "./absence.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages } from "./pages.ts";

export type RequestReader = Pick<InstanceReader, "listRequestsInProgress" | "describeRequest">;

/** What has become of asynchronous requests. */
export const createRequestReader = ({ sso }: AwsClients, instance: Instance): RequestReader => {
  const InstanceArn = instance.instanceArn;
  return {
    listRequestsInProgress: async (operation) => {
      const input = { InstanceArn, MaxResults: 100, Filter: { Status: "IN_PROGRESS" as const } };
      const list = {
        "create-assignment": () =>
          allPages("sso:ListAccountAssignmentCreationStatus", async (NextToken) => {
            const page = await call("sso:ListAccountAssignmentCreationStatus", undefined, () =>
              sso.listAccountAssignmentCreationStatus({ ...input, NextToken }),
            );
            return { items: page.AccountAssignmentsCreationStatus, nextToken: page.NextToken };
          }),
        "delete-assignment": () =>
          allPages("sso:ListAccountAssignmentDeletionStatus", async (NextToken) => {
            const page = await call("sso:ListAccountAssignmentDeletionStatus", undefined, () =>
              sso.listAccountAssignmentDeletionStatus({ ...input, NextToken }),
            );
            return { items: page.AccountAssignmentsDeletionStatus, nextToken: page.NextToken };
          }),
        provision: () =>
          allPages("sso:ListPermissionSetProvisioningStatus", async (NextToken) => {
            const page = await call("sso:ListPermissionSetProvisioningStatus", undefined, () =>
              sso.listPermissionSetProvisioningStatus({ ...input, NextToken }),
            );
            return { items: page.PermissionSetsProvisioningStatus, nextToken: page.NextToken };
          }),
      };
      const statuses = await list[operation]();
      return statuses.flatMap(({ RequestId }) => (RequestId === undefined ? [] : [RequestId]));
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
  failureReason: status.Status === "FAILED" ? (status.FailureReason ?? "AWS gives no reason") : null,
});

export type ApiStatus = AccountAssignmentOperationStatus | PermissionSetProvisioningStatus;
