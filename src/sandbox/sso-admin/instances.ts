import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import { ServiceError } from "../service.ts";
import type { SandboxInstance } from "../state.ts";
import { seconds, visibleInstances } from "./lookup.ts";
import { instanceArn, paging } from "./shapes.ts";

export const instanceOperations = {
  /** In a Region without the instance the list is empty. */
  ListInstances: operation(paging, (input, context) => {
    const { items, next } = page(context, input, visibleInstances(context), {
      key: (instance) => instance.InstanceArn,
    });
    return {
      Instances: items.map(describe),
      ...next,
    };
  }),

  DescribeInstance: operation({ InstanceArn: instanceArn }, (input, context) => {
    const instance = visibleInstances(context).find(
      (candidate) => candidate.InstanceArn === input.InstanceArn,
    );
    if (!instance) {
      throw new ServiceError(
        "AccessDeniedException",
        `User: ${context.state.caller.Arn} is not authorized to perform: sso:DescribeInstance on resource: ` +
          input.InstanceArn,
      );
    }
    return {
      ...describe(instance),
      EncryptionConfigurationDetails: { KeyType: "AWS_OWNED_KMS_KEY", EncryptionStatus: "ENABLED" },
      PermissionSetsEnabled: true,
    };
  }),
};

function describe(instance: SandboxInstance): Record<string, unknown> {
  return {
    InstanceArn: instance.InstanceArn,
    IdentityStoreId: instance.IdentityStoreId,
    OwnerAccountId: instance.OwnerAccountId,
    Name: instance.Name,
    CreatedDate: seconds(instance.CreatedDate),
    Status: instance.Status,
    PrimaryRegion: instance.PrimaryRegion,
    Regions: [{ RegionName: instance.PrimaryRegion, Status: "ACTIVE", IsPrimaryRegion: true }],
  };
}
