import type { Service } from "../service.ts";
import { accessControlAttributeOperations } from "./access-control-attributes.ts";
import { assignmentStatusOperations } from "./assignment-status.ts";
import { assignmentOperations } from "./assignments.ts";
import { inlinePolicyOperations } from "./inline-policy.ts";
import { instanceOperations } from "./instances.ts";
import { permissionSetOperations } from "./permission-sets.ts";
import { permissionsBoundaryOperations } from "./permissions-boundary.ts";
import { policyOperations } from "./policies.ts";
import { provisioningOperations } from "./provisioning.ts";
import { tagOperations } from "./tags.ts";

/** IAM Identity Center: instances, permission sets, assignments, provisioning, tags, attributes for access control. */
export const ssoAdmin: Service = {
  name: "sso-admin",
  targetPrefix: "SWBExternalService",
  operations: {
    ...instanceOperations,
    ...accessControlAttributeOperations,
    ...permissionSetOperations,
    ...policyOperations,
    ...inlinePolicyOperations,
    ...permissionsBoundaryOperations,
    ...tagOperations,
    ...assignmentOperations,
    ...assignmentStatusOperations,
    ...provisioningOperations,
  },
};
