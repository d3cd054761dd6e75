import type { ListedInstance } from "../model/ports.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages } from "./pages.ts";
import { accountIdOf, textOf, textOrNull } from "./reply-fields.ts";

export const listInstances = async ({ sso, region }: AwsClients): Promise<ListedInstance[]> => {
  const action = "sso:ListInstances";
  const at = (field: string): string => `${action}: ${field}`;
  const instances = await allPages(action, async (NextToken) => {
    const page = await call(action, undefined, () => sso.listInstances({ MaxResults: 100, NextToken }));
    return { items: page.Instances, nextToken: page.NextToken };
  });
  return instances.map((instance) => ({
    instanceArn: textOf(at("InstanceArn"), instance.InstanceArn),
    identityStoreId: textOf(at("IdentityStoreId"), instance.IdentityStoreId),
    ownerAccountId: accountIdOf(at("OwnerAccountId"), instance.OwnerAccountId),
    name: textOrNull(at("Name"), instance.Name),
    region: textOrNull(at("PrimaryRegion"), instance.PrimaryRegion) ?? region,
    status: instance.Status ?? "ACTIVE",
    statusReason: textOrNull(at("StatusReason"), instance.StatusReason),
  }));
};
