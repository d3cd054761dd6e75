import type { ListedInstance } from "../model/ports.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages } from "./pages.ts";

export const listInstances = async ({ sso, region }: AwsClients): Promise<ListedInstance[]> => {
  const instances = await allPages("sso:ListInstances", async (NextToken) => {
    const page = await call("sso:ListInstances", undefined, () =>
      sso.listInstances({ MaxResults: 100, NextToken }),
    );
    return { items: page.Instances, nextToken: page.NextToken };
  });
  return instances.map((instance) => ({
    instanceArn: instance.InstanceArn ?? "",
    identityStoreId: instance.IdentityStoreId ?? "",
    ownerAccountId: instance.OwnerAccountId ?? "",
    name: instance.Name ?? null,
    region: instance.PrimaryRegion ?? region,
    status: instance.Status ?? "ACTIVE",
    statusReason: instance.StatusReason ?? null,
  }));
};
