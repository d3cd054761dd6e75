import type { CallContext } from "../service.ts";
import { ServiceError } from "../service.ts";
import type { SandboxInstance, StoredPermissionSet } from "../state.ts";

/** The instance of an ARN, as seen from the Region of the call: an instance answers in its primary Region only. */
export function findInstance(context: CallContext, instanceArn: string): SandboxInstance {
  const instance = visibleInstances(context).find((candidate) => candidate.InstanceArn === instanceArn);
  if (instance) return instance;
  throw notFound(`Could not find the instance ${instanceArn}`);
}

export function visibleInstances(context: CallContext): SandboxInstance[] {
  return context.state.instances.filter((instance) => instance.PrimaryRegion === context.region);
}

export function findPermissionSet(
  context: CallContext,
  input: { readonly InstanceArn: string; readonly PermissionSetArn: string },
): { readonly instance: SandboxInstance; readonly set: StoredPermissionSet } {
  const instance = findInstance(context, input.InstanceArn);
  const set = instance.permissionSets.find(
    (candidate) => candidate.PermissionSetArn === input.PermissionSetArn,
  );
  if (set) return { instance, set };
  throw notFound(`Could not find PermissionSet with ARN ${input.PermissionSetArn}`);
}

export function notFound(message: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", message);
}

export function conflict(message: string): ServiceError {
  return new ServiceError("ConflictException", message);
}

export function quotaExceeded(message: string): ServiceError {
  return new ServiceError("ServiceQuotaExceededException", message);
}

export function invalid(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}

/** Times on the wire are epoch seconds. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}
