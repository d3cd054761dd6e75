import type { Service } from "../service.ts";
import { instanceOperations } from "./instances.ts";
import { permissionSetOperations } from "./permission-sets.ts";

/** IAM Identity Center: instances, permission sets, assignments, provisioning, tags. */
export const ssoAdmin: Service = {
  name: "sso-admin",
  targetPrefix: "SWBExternalService",
  operations: { ...instanceOperations, ...permissionSetOperations },
};
