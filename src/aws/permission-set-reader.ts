import type {
  CustomerManagedPolicyReference,
  PermissionsBoundary as ApiBoundary,
} from "@aws-sdk/client-sso-admin";
import type { PermissionsBoundary } from "../model/access-state.ts";
import type { Instance } from "../model/live-state.ts";
import type { InstanceReader } from "../model/ports.ts";
import { orNull } from "./absence.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages, leftOutWhereEmpty } from "./pages.ts";
import { tagsOf, textOf, textOrNull, timeOrNull } from "./reply-fields.ts";

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
    listPermissionSets: async () => {
      const action = "sso:ListPermissionSets";
      const arns = await allPages(action, async (NextToken) => {
        const page = await call(action, undefined, () =>
          sso.listPermissionSets({ InstanceArn, ...pageSize, NextToken }),
        );
        return { items: page.PermissionSets, nextToken: page.NextToken };
      });
      return arns.map((arn) => textOf(`${action}: an ARN`, arn));
    },
    describePermissionSet: async (PermissionSetArn) => {
      const action = "sso:DescribePermissionSet";
      const { PermissionSet: set } = await call(action, PermissionSetArn, () =>
        sso.describePermissionSet({ InstanceArn, PermissionSetArn }),
      );
      const at = (field: string): string => `${action} (${PermissionSetArn}): ${field}`;
      return {
        arn: PermissionSetArn,
        name: textOf(at("Name"), set?.Name),
        description: textOrNull(at("Description"), set?.Description),
        sessionDuration: textOrNull(at("SessionDuration"), set?.SessionDuration) ?? "PT1H",
        relayState: textOrNull(at("RelayState"), set?.RelayState),
        createdAt: timeOrNull(at("CreatedDate"), set?.CreatedDate),
      };
    },
    getInlinePolicy: async (PermissionSetArn) => {
      const action = "sso:GetInlinePolicyForPermissionSet";
      const { InlinePolicy } = await call(action, PermissionSetArn, () =>
        sso.getInlinePolicyForPermissionSet({ InstanceArn, PermissionSetArn }),
      );
      return textOrNull(`${action} (${PermissionSetArn}): InlinePolicy`, InlinePolicy) || null;
    },
    listManagedPolicies: async (PermissionSetArn) => {
      const action = "sso:ListManagedPoliciesInPermissionSet";
      const policies = await allPages(action, async (NextToken) => {
        const page = await call(action, PermissionSetArn, () =>
          sso.listManagedPoliciesInPermissionSet({ InstanceArn, PermissionSetArn, ...pageSize, NextToken }),
        );
        return { items: page.AttachedManagedPolicies, nextToken: page.NextToken };
      });
      return policies.map(({ Arn }) => textOf(`${action} (${PermissionSetArn}): Arn`, Arn));
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
      return policies.map((policy) => toReference(`${action} (${PermissionSetArn})`, policy));
    },
    getPermissionsBoundary: async (PermissionSetArn) => {
      const action = "sso:GetPermissionsBoundaryForPermissionSet";
      const reply = await orNull(
        call(action, PermissionSetArn, () =>
          sso.getPermissionsBoundaryForPermissionSet({ InstanceArn, PermissionSetArn }),
        ),
      );
      return toBoundary(`${action} (${PermissionSetArn})`, reply?.PermissionsBoundary);
    },
    listTags: async (ResourceArn) => {
      const action = "sso:ListTagsForResource";
      const tags = await allPages(action, async (NextToken) => {
        const page = await call(action, ResourceArn, () =>
          sso.listTagsForResource({ InstanceArn, ResourceArn, NextToken }),
        );
        return { items: leftOutWhereEmpty(page.Tags, page), nextToken: page.NextToken };
      });
      return tagsOf(`${action} (${ResourceArn})`, tags);
    },
  };
};

const pageSize = { MaxResults: 100 };

const toBoundary = (action: string, boundary: ApiBoundary | undefined): PermissionsBoundary | null => {
  const { ManagedPolicyArn, CustomerManagedPolicyReference: customer } = boundary ?? {};
  const managed = textOrNull(`${action}: ManagedPolicyArn`, ManagedPolicyArn);
  if (managed !== null) return { managedPolicyArn: managed };
  return customer === undefined ? null : { customerManagedPolicy: toReference(action, customer) };
};

const toReference = (action: string, { Name, Path }: CustomerManagedPolicyReference) => ({
  name: textOf(`${action}: Name`, Name),
  path: textOrNull(`${action}: Path`, Path) ?? "/",
});
