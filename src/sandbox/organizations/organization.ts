import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import { inPages, pageOptions } from "./shapes.ts";
import { organizationInUse, readableOrganization } from "./tree.ts";

export const describeOrganization = operation({}, (_, context) => {
  const { Id, MasterAccountId, MasterAccountEmail } = organizationInUse(context);
  return {
    Organization: {
      Id,
      Arn: `arn:aws:organizations::${MasterAccountId}:organization/${Id}`,
      FeatureSet: "ALL",
      MasterAccountArn: `arn:aws:organizations::${MasterAccountId}:account/${Id}/${MasterAccountId}`,
      MasterAccountId,
      MasterAccountEmail,
      AvailablePolicyTypes: [{ Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" }],
    },
  };
});

/** The services that the organization trusts: IAM Identity Center, since it has an instance. */
export const listAWSServiceAccessForOrganization = operation(inPages, (input, context) => {
  const { MasterAccountId } = readableOrganization(context);
  const instance = context.state.instances.find((each) => each.OwnerAccountId === MasterAccountId);
  const enabled =
    instance === undefined
      ? []
      : [{ ServicePrincipal: "sso.amazonaws.com", DateEnabled: instance.CreatedDate / 1000 }];
  const { items, next } = page(context, input, enabled, {
    ...pageOptions,
    key: (each) => each.ServicePrincipal,
  });
  return { EnabledServicePrincipals: items, ...next };
});
