import { AwsError } from "../model/errors.ts";
import type { Instance } from "../model/live-state.ts";
import type { AssignmentTarget, AsyncStatus, InstanceWriter } from "../model/ports.ts";
import { orNull } from "./absence.ts";
import type { AwsClients } from "./clients.ts";
import { passesInSso, retryConflicts } from "./conflicts.ts";
import { call } from "./errors.ts";
import { type ApiStatus, toAsyncStatus } from "./request-reader.ts";

export type AssignmentWriter = Pick<
  InstanceWriter,
  "provisionPermissionSet" | "createAccountAssignment" | "deleteAccountAssignment"
>;

/** The writes that AWS carries out after it has answered. */
export const createAssignmentWriter = (clients: AwsClients, instance: Instance): AssignmentWriter => {
  const { sso } = clients;
  const InstanceArn = instance.instanceArn;

  const start = (
    action: string,
    subject: string,
    run: () => Promise<ApiStatus | undefined>,
  ): Promise<AsyncStatus> =>
    retryConflicts(async () => started(action, await call(`sso:${action}`, subject, run)), clients, {
      passes: passesInSso,
    });

  return {
    provisionPermissionSet: (PermissionSetArn, accountId) =>
      start("ProvisionPermissionSet", PermissionSetArn, async () => {
        const target =
          accountId === null
            ? { TargetType: "ALL_PROVISIONED_ACCOUNTS" as const }
            : { TargetType: "AWS_ACCOUNT" as const, TargetId: accountId };
        const reply = await sso.provisionPermissionSet({ InstanceArn, PermissionSetArn, ...target });
        return reply.PermissionSetProvisioningStatus;
      }),
    createAccountAssignment: (PermissionSetArn, target) =>
      start("CreateAccountAssignment", subjectOf(PermissionSetArn, target), async () => {
        const reply = await sso.createAccountAssignment({
          InstanceArn,
          PermissionSetArn,
          ...toTarget(target),
        });
        return reply.AccountAssignmentCreationStatus;
      }),
    deleteAccountAssignment: async (PermissionSetArn, target) => {
      const deletion = start("DeleteAccountAssignment", subjectOf(PermissionSetArn, target), async () => {
        const reply = await sso.deleteAccountAssignment({
          InstanceArn,
          PermissionSetArn,
          ...toTarget(target),
        });
        return reply.AccountAssignmentDeletionStatus;
      });
      return (await orNull(deletion)) ?? gone;
    },
  };
};

/** There was nothing to delete, hence no request. */
const gone: AsyncStatus = { requestId: "", status: "SUCCEEDED", failureReason: null };

const started = (action: string, status: ApiStatus | undefined): AsyncStatus => {
  if (typeof status?.RequestId === "string" && status.RequestId !== "")
    return toAsyncStatus(status, status.RequestId);
  throw new AwsError("malformed-reply", `sso:${action}: AWS answered without a request id`, {
    hint: "Look at what answers instead of AWS (a proxy, AWS_ENDPOINT_URL), and plan again before anything else",
  });
};

const toTarget = ({ accountId, principalType, principalId }: AssignmentTarget) => ({
  TargetType: "AWS_ACCOUNT" as const,
  TargetId: accountId,
  PrincipalType: principalType,
  PrincipalId: principalId,
});

const subjectOf = (arn: string, { accountId, principalType, principalId }: AssignmentTarget): string =>
  `account ${accountId}, ${arn}, ${principalType.toLowerCase()} ${principalId}`;
