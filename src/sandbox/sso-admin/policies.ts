import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import type { CallContext } from "../service.ts";
import type { SandboxInstance, StoredPermissionSet } from "../state.ts";
import { refuseForeignSet } from "./access.ts";
import { conflict, findPermissionSet, notFound, quotaExceeded } from "./lookup.ts";
import { markStale } from "./provisioned-roles.ts";
import {
  customerManagedPolicyReference,
  instanceArn,
  managedPolicyArn,
  paging,
  permissionSetArn,
} from "./shapes.ts";

/** AWS-managed and customer-managed together. */
const maximumPolicies = 25;

const set = { InstanceArn: instanceArn, PermissionSetArn: permissionSetArn } as const;

/** Attached policies. Nothing is checked against accounts here: that happens when a set is provisioned. */
export const policyOperations = {
  AttachManagedPolicyToPermissionSet: operation(
    { ...set, ManagedPolicyArn: managedPolicyArn },
    (input, context) => {
      editSet(context, input, "sso:AttachManagedPolicyToPermissionSet", (edited) => {
        const Arn = input.ManagedPolicyArn;
        if (edited.managedPolicies.some((policy) => policy.Arn === Arn)) {
          throw conflict(`The managed policy ${Arn} is already attached to the permission set.`);
        }
        refuseTooMany(edited);
        edited.managedPolicies.push({ Name: Arn.slice(Arn.lastIndexOf("/") + 1), Arn });
      });
      return {};
    },
  ),

  DetachManagedPolicyFromPermissionSet: operation(
    { ...set, ManagedPolicyArn: managedPolicyArn },
    (input, context) => {
      editSet(context, input, "sso:DetachManagedPolicyFromPermissionSet", (edited) => {
        const index = edited.managedPolicies.findIndex((policy) => policy.Arn === input.ManagedPolicyArn);
        if (index < 0) throw notFound(`Could not find the managed policy ${input.ManagedPolicyArn}`);
        edited.managedPolicies.splice(index, 1);
      });
      return {};
    },
  ),

  ListManagedPoliciesInPermissionSet: operation({ ...set, ...paging }, (input, context) => {
    const { managedPolicies } = findPermissionSet(context, input).set;
    const { items, next } = page(context, input, managedPolicies, { key: (policy) => policy.Arn });
    return { AttachedManagedPolicies: items, ...next };
  }),

  AttachCustomerManagedPolicyReferenceToPermissionSet: operation(
    { ...set, CustomerManagedPolicyReference: customerManagedPolicyReference },
    (input, context) => {
      editSet(context, input, "sso:AttachCustomerManagedPolicyReferenceToPermissionSet", (edited) => {
        const { Name, Path = "/" } = input.CustomerManagedPolicyReference;
        if (edited.customerManagedPolicies.some((policy) => policy.Name === Name && policy.Path === Path)) {
          throw conflict(
            `The customer managed policy ${Path}${Name} is already attached to the permission set.`,
          );
        }
        refuseTooMany(edited);
        edited.customerManagedPolicies.push({ Name, Path });
      });
      return {};
    },
  ),

  DetachCustomerManagedPolicyReferenceFromPermissionSet: operation(
    { ...set, CustomerManagedPolicyReference: customerManagedPolicyReference },
    (input, context) => {
      editSet(context, input, "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet", (edited) => {
        const { Name, Path = "/" } = input.CustomerManagedPolicyReference;
        const index = edited.customerManagedPolicies.findIndex(
          (policy) => policy.Name === Name && policy.Path === Path,
        );
        if (index < 0) throw notFound(`Could not find the customer managed policy ${Path}${Name}`);
        edited.customerManagedPolicies.splice(index, 1);
      });
      return {};
    },
  ),

  ListCustomerManagedPolicyReferencesInPermissionSet: operation({ ...set, ...paging }, (input, context) => {
    const { customerManagedPolicies } = findPermissionSet(context, input).set;
    const { items, next } = page(context, input, customerManagedPolicies, {
      key: (policy) => `${policy.Path}${policy.Name}`,
    });
    return { CustomerManagedPolicyReferences: items, ...next };
  }),
};

/** One edit of what a set grants: refused where the caller may not, and its roles are stale afterwards. */
export function editSet(
  context: CallContext,
  input: { readonly InstanceArn: string; readonly PermissionSetArn: string },
  action: string,
  edit: (set: StoredPermissionSet, instance: SandboxInstance) => void,
): void {
  const found = findPermissionSet(context, input);
  refuseForeignSet(context, found.instance, found.set, action);
  edit(found.set, found.instance);
  markStale(found.instance, found.set);
}

function refuseTooMany(edited: StoredPermissionSet): void {
  if (edited.managedPolicies.length + edited.customerManagedPolicies.length < maximumPolicies) return;
  throw quotaExceeded(`The permission set has ${maximumPolicies} policies attached, which is the limit.`);
}
