// What a delegated administrator may not do: touch the management account, or a permission set that is provisioned
// there, even for another account.
import type { CallContext } from "../service.ts";
import { ServiceError } from "../service.ts";
import type { SandboxInstance, StoredPermissionSet } from "../state.ts";

/** Throws AccessDeniedException where the caller may not change the set. */
export function refuseForeignSet(
  context: CallContext,
  instance: SandboxInstance,
  set: StoredPermissionSet,
  action: string,
): void {
  const management = context.state.organization?.MasterAccountId;
  if (isManagementCaller(context)) return;
  const reachesManagement = instance.provisioned.some(
    (role) => role.PermissionSetArn === set.PermissionSetArn && role.AccountId === management,
  );
  if (reachesManagement) throw denied(context, action, set.PermissionSetArn);
}

/** Throws AccessDeniedException where the caller may not give or take access in the account. */
export function refuseManagementAccount(context: CallContext, accountId: string, action: string): void {
  const isManagement = accountId === context.state.organization?.MasterAccountId;
  if (isManagement && !isManagementCaller(context))
    throw denied(context, action, `arn:aws:sso:::account/${accountId}`);
}

/** Without an organization in the state, the caller counts as the management account. */
export function isManagementCaller(context: CallContext): boolean {
  const { caller, organization } = context.state;
  return organization === null || caller.Account === organization.MasterAccountId;
}

export function denied(context: CallContext, action: string, resource: string): ServiceError {
  return new ServiceError(
    "AccessDeniedException",
    `User: ${context.state.caller.Arn} is not authorized to perform: ${action} on resource: ${resource}`,
  );
}
