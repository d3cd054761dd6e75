import type { CallContext } from "../service.ts";
import { ServiceError } from "../service.ts";
import type { SandboxInstance, StoredGroup, StoredMembership, StoredUser } from "../state.ts";

type ResourceType = "USER" | "GROUP" | "IDENTITY_STORE" | "GROUP_MEMBERSHIP";
type Input = Readonly<Record<string, unknown>>;

/** The instance whose identity store the call names. */
export function readableStore(input: Input, context: CallContext): SandboxInstance {
  const id = input.IdentityStoreId as string;
  const instance = context.state.instances.find((candidate) => candidate.IdentityStoreId === id);
  if (instance === undefined) throw notFound("IDENTITY_STORE", id);
  return instance;
}

/**
 * The same, for a call that changes it: every account of the organization may read the store, only its owner and the
 * delegated administrator may write.
 */
export function writableStore(input: Input, context: CallContext, action: string): SandboxInstance {
  const store = readableStore(input, context);
  const { caller, organization } = context.state;
  const delegated = organization?.delegatedAdministrators ?? [];
  const mayWrite =
    caller.Account === store.OwnerAccountId ||
    delegated.some(
      (each) => each.AccountId === caller.Account && each.ServicePrincipal === "sso.amazonaws.com",
    );
  if (mayWrite) return store;
  throw new ServiceError(
    "AccessDeniedException",
    `User: ${caller.Arn} is not authorized to perform: identitystore:${action} on resource: ` +
      `arn:aws:identitystore::${store.OwnerAccountId}:identitystore/${store.IdentityStoreId} ` +
      `because no resource-based policy allows the identitystore:${action} action`,
  );
}

export function findUser(store: SandboxInstance, id: string): StoredUser {
  const user = store.users.find((candidate) => candidate.UserId === id);
  if (user === undefined) throw notFound("USER", id);
  return user;
}

export function findGroup(store: SandboxInstance, id: string): StoredGroup {
  const group = store.groups.find((candidate) => candidate.GroupId === id);
  if (group === undefined) throw notFound("GROUP", id);
  return group;
}

export function findMembership(store: SandboxInstance, id: string): StoredMembership {
  const membership = store.memberships.find((candidate) => candidate.MembershipId === id);
  if (membership === undefined) throw notFound("GROUP_MEMBERSHIP", id);
  return membership;
}

/** A new id in the store's own form: the hexadecimal part of the store's id, then a uuid. */
export function newId(store: SandboxInstance, context: CallContext): string {
  const prefix = /^d-([0-9a-f]{10})$/.exec(store.IdentityStoreId)?.[1];
  return prefix === undefined ? context.uuid() : `${prefix}-${context.uuid()}`;
}

export function notFound(type: ResourceType, id: string | undefined): ServiceError {
  return new ServiceError("ResourceNotFoundException", `${type} not found.`, 400, {
    ResourceType: type,
    ...(id === undefined ? {} : { ResourceId: id }),
  });
}

export function invalid(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}

export function taken(message: string): ServiceError {
  return new ServiceError("ConflictException", message, 400, { Reason: "UNIQUENESS_CONSTRAINT_VIOLATION" });
}

export function quotaExceeded(message: string): ServiceError {
  return new ServiceError("ServiceQuotaExceededException", message);
}

/** The ListUsers and ListGroups parameter that some Regions already refuse. */
export function refuseFilters(input: Input): void {
  const filters = input.Filters;
  if (Array.isArray(filters) && filters.length > 0) {
    throw invalid("Filter is deprecated, please remove filter from request");
  }
}

/** Epoch milliseconds as the wire's epoch seconds. */
export function timestamp(milliseconds: number): number {
  return milliseconds / 1000;
}
