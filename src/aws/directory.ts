import type { Instance } from "../model/live-state.ts";
import type { AwsDirectory, InstanceReader } from "../model/ports.ts";
import { createAssignmentReader } from "./assignment-reader.ts";
import { type AwsClients, type AwsOptions, openClients } from "./clients.ts";
import { endpointInUse } from "./endpoint.ts";
import { call } from "./errors.ts";
import { createIdentityStoreReader } from "./identity-store-reader.ts";
import { listInstances } from "./instances.ts";
import { createOrganizationsReader } from "./organizations-reader.ts";
import { createPermissionSetReader } from "./permission-set-reader.ts";
import { accountIdOf, textOf } from "./reply-fields.ts";
import { createRequestReader } from "./request-reader.ts";

/**
 * Opens AWS for reading: what it returns cannot write. Region, credentials and endpoints are the SDK's own to find.
 * Rejects with UsageError where no Region is configured or a sandbox is mixed with AWS, with AwsError where there are
 * no credentials.
 */
export const openDirectory = async (options: AwsOptions = {}): Promise<AwsDirectory> =>
  directoryOf(await openClients(options));

export const directoryOf = async (clients: AwsClients): Promise<AwsDirectory> => ({
  listInstances: () => listInstances(clients),
  getCallerIdentity: async () => {
    const action = "sts:GetCallerIdentity";
    const { Account, Arn } = await call(action, undefined, () => clients.sts.getCallerIdentity());
    return { account: accountIdOf(`${action}: Account`, Account), arn: textOf(`${action}: Arn`, Arn) };
  },
  region: clients.region,
  endpoint: await endpointInUse(clients),
  organizations: createOrganizationsReader(clients),
  reader: (instance) => readerOf(clients, instance),
  close: clients.close,
});

export const readerOf = (clients: AwsClients, instance: Instance): InstanceReader => ({
  ...createPermissionSetReader(clients, instance),
  ...createAssignmentReader(clients, instance),
  ...createRequestReader(clients, instance),
  ...createIdentityStoreReader(clients, instance),
});
