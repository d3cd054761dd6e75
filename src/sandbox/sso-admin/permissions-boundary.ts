import { operation } from "../operation.ts";
import { findPermissionSet, notFound } from "./lookup.ts";
import { editSet } from "./policies.ts";
import { customerManagedPolicyReference, instanceArn, managedPolicyArn, permissionSetArn } from "./shapes.ts";

const set = { InstanceArn: instanceArn, PermissionSetArn: permissionSetArn } as const;

const boundary = {
  type: "structure",
  required: true,
  union: true,
  fields: {
    ManagedPolicyArn: { ...managedPolicyArn, required: false },
    CustomerManagedPolicyReference: { ...customerManagedPolicyReference, required: false },
  },
} as const;

export const permissionsBoundaryOperations = {
  PutPermissionsBoundaryToPermissionSet: operation(
    { ...set, PermissionsBoundary: boundary },
    (input, context) => {
      editSet(context, input, "sso:PutPermissionsBoundaryToPermissionSet", (edited) => {
        const { ManagedPolicyArn, CustomerManagedPolicyReference: reference } = input.PermissionsBoundary;
        if (reference) {
          const { Name, Path = "/" } = reference;
          edited.PermissionsBoundary = { CustomerManagedPolicyReference: { Name, Path } };
        } else if (ManagedPolicyArn !== undefined) edited.PermissionsBoundary = { ManagedPolicyArn };
      });
      return {};
    },
  ),

  GetPermissionsBoundaryForPermissionSet: operation(set, (input, context) => {
    const { PermissionsBoundary } = findPermissionSet(context, input).set;
    if (PermissionsBoundary) return { PermissionsBoundary };
    throw notFound("There is no permissions boundary on the permission set");
  }),

  DeletePermissionsBoundaryFromPermissionSet: operation(set, (input, context) => {
    editSet(context, input, "sso:DeletePermissionsBoundaryFromPermissionSet", (edited) => {
      if (!edited.PermissionsBoundary)
        throw notFound("There is no permissions boundary on the permission set");
      delete edited.PermissionsBoundary;
    });
    return {};
  }),
};
