import { operation } from "../operation.ts";
import { findPermissionSet, invalid, quotaExceeded } from "./lookup.ts";
import { editSet } from "./policies.ts";
import { policyProblem } from "./policy-document.ts";
import { inlinePolicy, instanceArn, permissionSetArn } from "./shapes.ts";

/** White space does not count. */
const maximumInlineBytes = 10_240;

const set = { InstanceArn: instanceArn, PermissionSetArn: permissionSetArn } as const;

export const inlinePolicyOperations = {
  /** The text exactly as it was put. */
  PutInlinePolicyToPermissionSet: operation({ ...set, InlinePolicy: inlinePolicy }, (input, context) => {
    editSet(context, input, "sso:PutInlinePolicyToPermissionSet", (edited) => {
      const problem = policyProblem(input.InlinePolicy);
      if (problem !== undefined) throw invalid(`Malformed policy document: ${problem}`);
      if (Buffer.byteLength(input.InlinePolicy.replace(/\s/g, "")) > maximumInlineBytes) {
        throw quotaExceeded(
          `The inline policy is larger than ${maximumInlineBytes} bytes without white space.`,
        );
      }
      edited.InlinePolicy = input.InlinePolicy;
    });
    return {};
  }),

  /** A set without an inline policy answers with an empty text, and no error. */
  GetInlinePolicyForPermissionSet: operation(set, (input, context) => ({
    InlinePolicy: findPermissionSet(context, input).set.InlinePolicy ?? "",
  })),

  DeleteInlinePolicyFromPermissionSet: operation(set, (input, context) => {
    editSet(context, input, "sso:DeleteInlinePolicyFromPermissionSet", (edited) => {
      delete edited.InlinePolicy;
    });
    return {};
  }),
};
