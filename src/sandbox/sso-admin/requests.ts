// Starting asynchronous work, under AWS's limits: 15 assignment requests and 3 provisionings at a time, one role at
// a time per account. Work for another permission set in a busy account waits its turn; work for the same account
// and permission set is refused as a conflict.

import type { CallContext } from "../service.ts";
import { ServiceError } from "../service.ts";
import { concurrentWrite } from "../service-errors.ts";
import type { SandboxInstance, StoredRequest } from "../state.ts";
import { notFound, seconds } from "./lookup.ts";
import { inProgress } from "./settle.ts";

const maximumOutstandingAssignments = 15;
const maximumProvisionings = 3;

export interface Work {
  readonly kind: StoredRequest["kind"];
  readonly PermissionSetArn: string;
  /** Absent: every account that has the set. */
  readonly AccountId?: string;
  readonly PrincipalType?: "USER" | "GROUP";
  readonly PrincipalId?: string;
  /** Known from the start, and reported at the end. */
  readonly failsWith?: string | undefined;
}

/** Throws ThrottlingException or ConflictException, or returns the request, which is in progress. */
export function startRequest(context: CallContext, instance: SandboxInstance, work: Work): StoredRequest {
  const running = inProgress(instance);
  refuseTooMany(running, work.kind === "provision");
  const sharing = running.filter((request) => sharesAccount(instance, request, work));
  const conflicting = sharing.some((request) => request.PermissionSetArn === work.PermissionSetArn);
  const conflict = conflicting ? concurrentWrite("sso-admin") : undefined;
  if (conflict) throw conflict;
  const { failsWith, ...target } = work;
  const RequestId = context.uuid();
  const { milliseconds, failureReason = failsWith } = context.asyncOutcome();
  const request: StoredRequest = {
    RequestId,
    ...target,
    Status: "IN_PROGRESS",
    CreatedDate: context.now,
    endsAt: Math.max(context.now, ...sharing.map((other) => other.endsAt)) + milliseconds,
    ...(failureReason === undefined ? {} : { failsWith: failureReason }),
  };
  instance.requests.push(request);
  return request;
}

/** A request by id; kinds do not see each other's. */
export function findRequest(
  instance: SandboxInstance,
  kind: StoredRequest["kind"],
  requestId: string,
): StoredRequest {
  const found = instance.requests.find((request) => request.RequestId === requestId && request.kind === kind);
  if (found) return found;
  throw notFound(`Could not find the request ${requestId}`);
}

/** Requests of a kind, with a status if one is asked for. */
export function requestsOf(
  instance: SandboxInstance,
  kind: StoredRequest["kind"],
  status: StoredRequest["Status"] | undefined,
): StoredRequest[] {
  return instance.requests.filter(
    (request) => request.kind === kind && (status === undefined || request.Status === status),
  );
}

/** What a list of requests says of one: no target and no reason. */
export function describeListedRequest(request: StoredRequest): Record<string, unknown> {
  return {
    Status: request.Status,
    RequestId: request.RequestId,
    CreatedDate: seconds(request.CreatedDate),
  };
}

function refuseTooMany(running: readonly StoredRequest[], isProvisioning: boolean): void {
  const alike = running.filter((request) => (request.kind === "provision") === isProvisioning);
  if (alike.length < (isProvisioning ? maximumProvisionings : maximumOutstandingAssignments)) return;
  throw new ServiceError(
    "ThrottlingException",
    "There are too many requests processing. Please try again later.",
  );
}

/** A provisioning of all accounts is at work in every account that has its set. */
function sharesAccount(instance: SandboxInstance, request: StoredRequest, work: Work): boolean {
  if (request.AccountId !== undefined && work.AccountId !== undefined)
    return request.AccountId === work.AccountId;
  const first = accountsOf(instance, request);
  return (
    request.PermissionSetArn === work.PermissionSetArn ||
    accountsOf(instance, work).some((id) => first.includes(id))
  );
}

function accountsOf(instance: SandboxInstance, work: Pick<Work, "AccountId" | "PermissionSetArn">): string[] {
  if (work.AccountId !== undefined) return [work.AccountId];
  return instance.provisioned
    .filter((role) => role.PermissionSetArn === work.PermissionSetArn)
    .map((role) => role.AccountId);
}
