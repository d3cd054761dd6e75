import type { CustomerManagedPolicyReference } from "../model/access-state.ts";
import type { Instance } from "../model/live-state.ts";
import type { InstanceReader, InstanceWriter } from "../model/ports.ts";
import { orNull } from "./absence.ts";
import type { AwsClients } from "./clients.ts";
import { passesInSso, retryConflicts } from "./conflicts.ts";
import { call } from "./errors.ts";

export type PolicyWriter = Pick<
  InstanceWriter,
  | "putInlinePolicy"
  | "deleteInlinePolicy"
  | "attachManagedPolicy"
  | "detachManagedPolicy"
  | "attachCustomerManagedPolicy"
  | "detachCustomerManagedPolicy"
  | "putPermissionsBoundary"
  | "deletePermissionsBoundary"
>;

/** What a permission set grants, and where its limit is. */
export const createPolicyWriter = (
  clients: AwsClients,
  instance: Instance,
  reader: InstanceReader,
): PolicyWriter => {
  const { sso } = clients;
  const InstanceArn = instance.instanceArn;

  const write = async (action: string, arn: string, run: () => Promise<unknown>): Promise<void> => {
    await retryConflicts(() => call(`sso:${action}`, arn, run), clients, { passes: passesInSso });
  };
  const remove = async (action: string, arn: string, run: () => Promise<unknown>): Promise<void> => {
    await orNull(write(action, arn, run));
  };
  /** AWS calls a second attachment a conflict, as it calls much else: what is attached decides. */
  const attach = async (
    action: string,
    arn: string,
    run: () => Promise<unknown>,
    isAttached: () => Promise<boolean>,
  ): Promise<void> => {
    await retryConflicts<unknown>(() => call(`sso:${action}`, arn, run), clients, {
      passes: passesInSso,
      settled: async () => ((await isAttached()) ? { value: undefined } : undefined),
    });
  };

  return {
    putInlinePolicy: (PermissionSetArn, InlinePolicy) =>
      write("PutInlinePolicyToPermissionSet", PermissionSetArn, () =>
        sso.putInlinePolicyToPermissionSet({ InstanceArn, PermissionSetArn, InlinePolicy }),
      ),
    deleteInlinePolicy: (PermissionSetArn) =>
      remove("DeleteInlinePolicyFromPermissionSet", PermissionSetArn, () =>
        sso.deleteInlinePolicyFromPermissionSet({ InstanceArn, PermissionSetArn }),
      ),
    attachManagedPolicy: (PermissionSetArn, ManagedPolicyArn) =>
      attach(
        "AttachManagedPolicyToPermissionSet",
        PermissionSetArn,
        () => sso.attachManagedPolicyToPermissionSet({ InstanceArn, PermissionSetArn, ManagedPolicyArn }),
        async () => (await reader.listManagedPolicies(PermissionSetArn)).includes(ManagedPolicyArn),
      ),
    detachManagedPolicy: (PermissionSetArn, ManagedPolicyArn) =>
      remove("DetachManagedPolicyFromPermissionSet", PermissionSetArn, () =>
        sso.detachManagedPolicyFromPermissionSet({ InstanceArn, PermissionSetArn, ManagedPolicyArn }),
      ),
    attachCustomerManagedPolicy: (PermissionSetArn, policy) =>
      attach(
        "AttachCustomerManagedPolicyReferenceToPermissionSet",
        PermissionSetArn,
        () =>
          sso.attachCustomerManagedPolicyReferenceToPermissionSet({
            InstanceArn,
            PermissionSetArn,
            CustomerManagedPolicyReference: toReference(policy),
          }),
        async () =>
          (await reader.listCustomerManagedPolicies(PermissionSetArn)).some(
            ({ name, path }) => name === policy.name && path === policy.path,
          ),
      ),
    detachCustomerManagedPolicy: (PermissionSetArn, policy) =>
      remove("DetachCustomerManagedPolicyReferenceFromPermissionSet", PermissionSetArn, () =>
        sso.detachCustomerManagedPolicyReferenceFromPermissionSet({
          InstanceArn,
          PermissionSetArn,
          CustomerManagedPolicyReference: toReference(policy),
        }),
      ),
    putPermissionsBoundary: (PermissionSetArn, boundary) =>
      write("PutPermissionsBoundaryToPermissionSet", PermissionSetArn, () =>
        sso.putPermissionsBoundaryToPermissionSet({
          InstanceArn,
          PermissionSetArn,
          PermissionsBoundary:
            "managedPolicyArn" in boundary
              ? { ManagedPolicyArn: boundary.managedPolicyArn }
              : { CustomerManagedPolicyReference: toReference(boundary.customerManagedPolicy) },
        }),
      ),
    deletePermissionsBoundary: (PermissionSetArn) =>
      remove("DeletePermissionsBoundaryFromPermissionSet", PermissionSetArn, () =>
        sso.deletePermissionsBoundaryFromPermissionSet({ InstanceArn, PermissionSetArn }),
      ),
  };
};

const toReference = ({ name, path }: CustomerManagedPolicyReference) => ({ Name: name, Path: path });
