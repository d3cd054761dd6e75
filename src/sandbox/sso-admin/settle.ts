// What asynchronous requests do when their time has come. There are no timers: every call first settles what is due
// by the clock, in the order in which it ended, so that an injected clock drives the whole sandbox.
import { nextShortId } from "../ids.ts";
import type {
  SandboxInstance,
  SandboxState,
  StoredAssignment,
  StoredPermissionSet,
  StoredRequest,
} from "../state.ts";

/** Ends every request that is due at `now` (epoch milliseconds) and returns them in the order of their ends. */
export function settle(state: SandboxState, now: number): readonly StoredRequest[] {
  const due = state.instances
    .flatMap((instance) => inProgress(instance).map((request) => ({ instance, request })))
    .filter(({ request }) => request.endsAt <= now)
    .toSorted((a, b) => a.request.endsAt - b.request.endsAt);
  for (const { instance, request } of due) {
    const failure = request.failsWith ?? end(state, instance, request);
    delete request.failsWith;
    request.Status = failure === undefined ? "SUCCEEDED" : "FAILED";
    if (failure !== undefined) request.FailureReason = failure;
  }
  return due.map(({ request }) => request);
}

/** Requests of an instance that have not ended. */
export function inProgress(instance: SandboxInstance): StoredRequest[] {
  return instance.requests.filter((request) => request.Status === "IN_PROGRESS");
}

/** Does what the request asked for; returns the reason when it fails. */
function end(state: SandboxState, instance: SandboxInstance, request: StoredRequest): string | undefined {
  switch (request.kind) {
    case "create-assignment":
      return createAssignment(state, instance, request);
    case "delete-assignment":
      return deleteAssignment(state, instance, request);
    case "provision":
      return provision(state, instance, request);
  }
}

function createAssignment(
  state: SandboxState,
  instance: SandboxInstance,
  request: StoredRequest,
): string | undefined {
  const { AccountId, PermissionSetArn, PrincipalType, PrincipalId } = request;
  if (AccountId === undefined || PrincipalType === undefined || PrincipalId === undefined) return undefined;
  // AWS reports success for an account that does not exist, and nothing appears.
  if (isUnknownAccount(state, AccountId)) return undefined;
  const role = findRole(instance, AccountId, PermissionSetArn);
  const failure = role
    ? unreachable(state, AccountId)
    : provisionRole(state, instance, AccountId, PermissionSetArn);
  if (failure !== undefined) return failure;
  const exists = instance.assignments.some((assignment) => isSameAssignment(assignment, request));
  if (!exists) instance.assignments.push({ AccountId, PermissionSetArn, PrincipalType, PrincipalId });
  return undefined;
}

function deleteAssignment(
  state: SandboxState,
  instance: SandboxInstance,
  request: StoredRequest,
): string | undefined {
  const { AccountId = "", PermissionSetArn } = request;
  const index = instance.assignments.findIndex((assignment) => isSameAssignment(assignment, request));
  if (index < 0) return "Received a 404 status error: Assignment not found.";
  const failure = unreachable(state, AccountId);
  if (failure !== undefined) return failure;
  instance.assignments.splice(index, 1);
  const isLast = !instance.assignments.some(
    (assignment) => assignment.AccountId === AccountId && assignment.PermissionSetArn === PermissionSetArn,
  );
  // The role goes with the last assignment; the next one makes a role with another suffix.
  if (isLast) {
    instance.provisioned = instance.provisioned.filter(
      (role) => role.AccountId !== AccountId || role.PermissionSetArn !== PermissionSetArn,
    );
  }
  return undefined;
}

/** One account, or every account that has the set: there one reason stands for the whole, and the rest is done. */
function provision(
  state: SandboxState,
  instance: SandboxInstance,
  request: StoredRequest,
): string | undefined {
  const accounts =
    request.AccountId !== undefined
      ? [request.AccountId]
      : instance.provisioned
          .filter((role) => role.PermissionSetArn === request.PermissionSetArn)
          .map((role) => role.AccountId);
  const failures = accounts.map((account) =>
    isUnknownAccount(state, account)
      ? `Received a 404 status error: Permission set provision not found in AWS account ${account}`
      : provisionRole(state, instance, account, request.PermissionSetArn),
  );
  return failures.find((failure) => failure !== undefined);
}

/** Makes or updates the role of a set in an account. */
function provisionRole(
  state: SandboxState,
  instance: SandboxInstance,
  accountId: string,
  permissionSetArn: string,
): string | undefined {
  const set = instance.permissionSets.find((candidate) => candidate.PermissionSetArn === permissionSetArn);
  const failure = unreachable(state, accountId) ?? missingPolicy(state, accountId, set);
  if (failure !== undefined) return failure;
  const role = findRole(instance, accountId, permissionSetArn);
  if (role) role.latest = true;
  else {
    instance.provisioned.push({
      AccountId: accountId,
      PermissionSetArn: permissionSetArn,
      latest: true,
      roleSuffix: nextShortId(state),
    });
  }
  return undefined;
}

/** Identity Center can not enter an account that is suspended, closing or not yet active. */
function unreachable(state: SandboxState, accountId: string): string | undefined {
  const account = state.organization?.accounts.find((candidate) => candidate.Id === accountId);
  if (!account || account.State === "ACTIVE") return undefined;
  return (
    "AWS SSO is unable to complete your request at this time. " +
    `Obtaining permissions to manage your AWS account '${accountId}' is taking longer than usual.`
  );
}

function missingPolicy(
  state: SandboxState,
  accountId: string,
  set: StoredPermissionSet | undefined,
): string | undefined {
  const account = state.organization?.accounts.find((candidate) => candidate.Id === accountId);
  if (!account || !set) return undefined;
  const boundary = set.PermissionsBoundary;
  const needed = [
    ...set.customerManagedPolicies,
    ...(boundary && "CustomerManagedPolicyReference" in boundary
      ? [boundary.CustomerManagedPolicyReference]
      : []),
  ].map((policy) => `${policy.Path}${policy.Name}`);
  const missing = needed.find((policy) => !account.customerManagedPolicies.includes(policy));
  if (missing === undefined) return undefined;
  return `Received a 404 status error: Not supported policy arn:aws:iam::${accountId}:policy${missing}.`;
}

/** Without an organization in the state, every account counts as there. */
function isUnknownAccount(state: SandboxState, accountId: string): boolean {
  return (
    state.organization !== null && !state.organization.accounts.some((account) => account.Id === accountId)
  );
}

function findRole(instance: SandboxInstance, accountId: string, permissionSetArn: string) {
  return instance.provisioned.find(
    (role) => role.AccountId === accountId && role.PermissionSetArn === permissionSetArn,
  );
}

function isSameAssignment(assignment: StoredAssignment, request: StoredRequest): boolean {
  return (
    assignment.AccountId === request.AccountId &&
    assignment.PermissionSetArn === request.PermissionSetArn &&
    assignment.PrincipalType === request.PrincipalType &&
    assignment.PrincipalId === request.PrincipalId
  );
}
