import type { PermissionsBoundary as ApiBoundary } from "@aws-sdk/client-sso-admin";
import type { PermissionsBoundary } from "../model/access-state.ts";
import { AwsError } from "../model/errors.ts";
import type { Instance } from "../model/live-state.ts";
import type { InstanceReader } from "../model/ports.ts";
import { orNull } from "./absence.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages } from "./pages.ts";

export type PermissionSetReader = Pick<
  InstanceReader,
  | "listPermissionSets"
  | "describePermissionSet"
  | "getInlinePolicy"
  | "listManagedPolicies"
  | "listCustomerManagedPolicies"
  | "getPermissionsBoundary"
  | "listTags"
>;

export const createPermissionSetReader = ({ sso }: AwsClients, instance: Instance): PermissionSetReader => {
  const InstanceArn = instance.instanceArn;
  return {
    listPermissionSets: () => {
      const action = "sso:ListPermissionSets";
      return allPages(action, async (NextToken) => {
        const page = await call(action, undefined, () =>
          sso.listPermissionSets({ InstanceArn, ...pageSize, NextToken }),
        );
        return { items: page.PermissionSets, nextToken: page.NextToken };
      });
    },
    describePermissionSet: async (PermissionSetArn) => {
      const action = "sso:DescribePermissionSet";
      const { PermissionSet: set } = await call(action, PermissionSetArn, () =>
        sso.describePermissionSet({ InstanceArn, PermissionSetArn }),
      );
      if (set?.Name === undefined)
        throw new AwsError("malformed-reply", `${action} (${PermissionSetArn}): no name in the reply`);
      return {
        arn: PermissionSetArn,
        name: set.Name,
        description: set.Description ?? null,
        sessionDuration: set.SessionDuration ?? "PT1H",
        relayState: set.RelayState ?? null,
      };
    },
    getInlinePolicy: async (PermissionSetArn) => {
      const { InlinePolicy } = await call("sso:GetInlinePolicyForPermissionSet", PermissionSetArn, () =>
        sso.getInlinePolicyForPermissionSet({ InstanceArn, PermissionSetArn }),
      );
      return InlinePolicy === undefined || InlinePolicy === "" ? null : InlinePolicy;
    },
    listManagedPolicies: async (PermissionSetArn) => {
      const action = "sso:ListManagedPoliciesInPermissionSet";
      const policies = await allPages(action, async (NextToken) => {
        const page = await call(action, PermissionSetArn, () =>
          sso.listManagedPoliciesInPermissionSet({ InstanceArn, PermissionSetArn, ...pageSize, NextToken }),
        );
        return { items: page.AttachedManagedPolicies, nextToken: page.NextToken };
      });
      return policies.map(({ Arn }) => Arn ?? "");
    },
    listCustomerManagedPolicies: async (PermissionSetArn) => {
      const action = "sso:ListCustomerManagedPolicyReferencesInPermissionSet";
      const policies = await allPages(action, async (NextToken) => {
        const page = await call(action, PermissionSetArn, () =>
          sso.listCustomerManagedPolicyReferencesInPermissionSet({
            InstanceArn,
            PermissionSetArn,
            ...pageSize,
            NextToken,
          }),
        );
        return { items: page.CustomerManagedPolicyReferences, nextToken: page.NextToken };
      });
      return policies.map(({ Name, Path }) => ({ name: Name ?? "", path: Path ?? "/" }));
    },
    getPermissionsBoundary: async (PermissionSetArn) => {
      const reply = await orNull(
        call("sso:GetPermissionsBoundaryForPermissionSet", PermissionSetArn, () =>
          sso.getPermissionsBoundaryForPermissionSet({ InstanceArn, PermissionSetArn }),
        ),
      );
      return toBoundary(reply?.PermissionsBoundary);
    },
    listTags: async (ResourceArn) => {
      const action = "sso:ListTagsForResource";
      const tags = await allPages(action, async (NextToken) => {
        const page = await call(action, ResourceArn, () =>
          sso.listTagsForResource({ InstanceArn, ResourceArn, NextToken }),
        );
        return { items: page.Tags, nextToken: page.NextToken };
      });
      return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
    },
  };
};

const pageSize = { MaxResults: 100 };

const toBoundary = (boundary: ApiBoundary | undefined): PermissionsBoundary | null => {
  const { ManagedPolicyArn, CustomerManagedPolicyReference: customer } = boundary ?? {};
  if (ManagedPolicyArn !== undefined) return { managedPolicyArn: ManagedPolicyArn };
  if (customer?.Name !== undefined)
    return { customerManagedPolicy: { name: customer.Name, path: customer.Path ?? "/" } };
  return null;
};
