import type { SandboxInstance, StoredPermissionSet } from "../state.ts";

/** After an edit of a set its roles are older than it, until the set is provisioned again. */
export function markStale(instance: SandboxInstance, set: StoredPermissionSet): void {
  for (const role of instance.provisioned) {
    if (role.PermissionSetArn === set.PermissionSetArn) role.latest = false;
  }
}
