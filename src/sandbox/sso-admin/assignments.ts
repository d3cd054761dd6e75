import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import type { CallContext } from "../service.ts";
import type { SandboxInstance, StoredAssignment, StoredRequest } from "../state.ts";
import { denied, isManagementCaller, refuseForeignSet, refuseManagementAccount } from "./access.ts";
import { findInstance, findPermissionSet, notFound, quotaExceeded, seconds } from "./lookup.ts";
import { startRequest } from "./requests.ts";
import { inProgress } from "./settle.ts";
import {
  accountId,
  instanceArn,
  optionalAccountId,
  paging,
  permissionSetArn,
  principalId,
  principalType,
} from "./shapes.ts";

const maximumGroupsPerPair = 100;
const maximumSetsPerAccount = 500;

const target = {
  InstanceArn: instanceArn,
  TargetId: accountId,
  TargetType: { type: "string", required: true, enum: ["AWS_ACCOUNT"] },
  PermissionSetArn: permissionSetArn,
  PrincipalType: principalType,
  PrincipalId: principalId,
} as const;

interface Target {
  readonly InstanceArn: string;
  readonly TargetId: string;
  readonly PermissionSetArn: string;
  readonly PrincipalType: "USER" | "GROUP";
  readonly PrincipalId: string;
}

export const assignmentOperations = {
  /** An assignment that is there already is made again without an error. */
  CreateAccountAssignment: operation(target, (input, context) => {
    const instance = refuseForbidden(context, input, "sso:CreateAccountAssignment");
    refuseOverQuota(instance, input);
    const failsWith = hasPrincipal(instance, input)
      ? undefined
      : `Received a 404 status error: the ${input.PrincipalType} assignee ${input.PrincipalId} was not found ` +
        `in directory ${instance.IdentityStoreId}`;
    const request = startRequest(context, instance, { kind: "create-assignment", ...work(input), failsWith });
    return { AccountAssignmentCreationStatus: describeAssignmentRequest(request) };
  }),

  DeleteAccountAssignment: operation(target, (input, context) => {
    const instance = refuseForbidden(context, input, "sso:DeleteAccountAssignment");
    const request = startRequest(context, instance, { kind: "delete-assignment", ...work(input) });
    return { AccountAssignmentDeletionStatus: describeAssignmentRequest(request) };
  }),

  /** Direct assignments of one account and permission set, those of deleted principals too. */
  ListAccountAssignments: operation(
    { InstanceArn: instanceArn, AccountId: accountId, PermissionSetArn: permissionSetArn, ...paging },
    (input, context) => {
      const { instance, set } = findPermissionSet(context, input);
      const assignments = instance.assignments.filter(
        (assignment) =>
          assignment.AccountId === input.AccountId && assignment.PermissionSetArn === set.PermissionSetArn,
      );
      const { items, next } = page(context, input, assignments, { key: assignmentKey });
      return { AccountAssignments: items, ...next };
    },
  ),

  /**
   * Of a user also what comes through groups: such an item names the group. A filter works on pages that were cut
   * before, so that a page can be empty and not the last.
   */
  ListAccountAssignmentsForPrincipal: operation(
    {
      InstanceArn: instanceArn,
      PrincipalId: principalId,
      PrincipalType: principalType,
      Filter: { type: "structure", fields: { AccountId: optionalAccountId } },
      ...paging,
    },
    (input, context) => {
      const instance = findInstance(context, input.InstanceArn);
      if (!isManagementCaller(context)) {
        throw denied(context, "sso:ListAccountAssignmentsForPrincipal", instance.InstanceArn);
      }
      if (!hasPrincipal(instance, input))
        throw notFound(`Could not find ${input.PrincipalType} ${input.PrincipalId}`);
      const principals = new Set([
        `${input.PrincipalType} ${input.PrincipalId}`,
        ...groupsOf(instance, input),
      ]);
      const assignments = instance.assignments.filter((assignment) =>
        principals.has(`${assignment.PrincipalType} ${assignment.PrincipalId}`),
      );
      const wanted = input.Filter?.AccountId;
      const { items, next } = page(context, input, assignments, {
        key: assignmentKey,
        ...(wanted === undefined ? {} : { keep: (assignment) => assignment.AccountId === wanted }),
      });
      return { AccountAssignments: items, ...next };
    },
  ),
};

/** The status object of a request that creates or deletes an assignment. */
export function describeAssignmentRequest(request: StoredRequest): Record<string, unknown> {
  return {
    Status: request.Status,
    RequestId: request.RequestId,
    ...(request.FailureReason === undefined ? {} : { FailureReason: request.FailureReason }),
    TargetId: request.AccountId,
    TargetType: "AWS_ACCOUNT",
    PermissionSetArn: request.PermissionSetArn,
    PrincipalType: request.PrincipalType,
    PrincipalId: request.PrincipalId,
    CreatedDate: seconds(request.CreatedDate),
  };
}

function work(input: Target): Omit<Target, "InstanceArn" | "TargetId"> & { readonly AccountId: string } {
  const { TargetId, PermissionSetArn, PrincipalType, PrincipalId } = input;
  return { AccountId: TargetId, PermissionSetArn, PrincipalType, PrincipalId };
}

function refuseForbidden(context: CallContext, input: Target, action: string): SandboxInstance {
  const { instance, set } = findPermissionSet(context, input);
  refuseForeignSet(context, instance, set, action);
  refuseManagementAccount(context, input.TargetId, action);
  return instance;
}

/** Counts what is on its way too, so that the limits hold when it arrives. */
function refuseOverQuota(instance: SandboxInstance, input: Target): void {
  const coming = inProgress(instance).filter((request) => request.kind === "create-assignment");
  const inAccount = [...instance.assignments, ...coming].filter(
    (entry) => entry.AccountId === input.TargetId,
  );
  const inPair = inAccount.filter((entry) => entry.PermissionSetArn === input.PermissionSetArn);
  const groups = new Set(
    inPair.filter((entry) => entry.PrincipalType === "GROUP").map((entry) => entry.PrincipalId),
  );
  if (
    input.PrincipalType === "GROUP" &&
    groups.size >= maximumGroupsPerPair &&
    !groups.has(input.PrincipalId)
  ) {
    throw quotaExceeded(`A permission set can have at most ${maximumGroupsPerPair} groups in one account.`);
  }
  const roles = instance.provisioned.filter((role) => role.AccountId === input.TargetId);
  const sets = new Set([...roles, ...inAccount].map((entry) => entry.PermissionSetArn));
  if (sets.size >= maximumSetsPerAccount && !sets.has(input.PermissionSetArn)) {
    throw quotaExceeded(`An account can have at most ${maximumSetsPerAccount} permission sets.`);
  }
}

function hasPrincipal(
  instance: SandboxInstance,
  { PrincipalType, PrincipalId }: Pick<Target, "PrincipalType" | "PrincipalId">,
): boolean {
  return PrincipalType === "USER"
    ? instance.users.some((user) => user.UserId === PrincipalId)
    : instance.groups.some((group) => group.GroupId === PrincipalId);
}

function groupsOf(
  instance: SandboxInstance,
  { PrincipalType, PrincipalId }: Pick<Target, "PrincipalType" | "PrincipalId">,
): string[] {
  if (PrincipalType === "GROUP") return [];
  return instance.memberships
    .filter((membership) => membership.UserId === PrincipalId)
    .map((membership) => `GROUP ${membership.GroupId}`);
}

function assignmentKey(assignment: StoredAssignment): string {
  const { AccountId, PermissionSetArn, PrincipalType, PrincipalId } = assignment;
  return `${AccountId} ${PermissionSetArn} ${PrincipalType} ${PrincipalId}`;
}
