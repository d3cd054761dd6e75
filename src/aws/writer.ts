import type { Instance } from "../model/live-state.ts";
import type { AwsDirectory, InstanceWriter } from "../model/ports.ts";
import { type AwsClients, type AwsOptions, openClients } from "./clients.ts";
import { directoryOf, readerOf } from "./directory.ts";
import { openAttempts, openAttemptsPlace } from "./open-attempts.ts";
import { createAssignmentWriter } from "./writer-assignments.ts";
import { createIdentityStoreWriter } from "./writer-identity-store.ts";
import { createPermissionSetWriter } from "./writer-permission-sets.ts";
import { createPolicyWriter } from "./writer-policies.ts";

export interface WritableAws {
  readonly directory: AwsDirectory;
  /** A writer with the same pace as the directory. */
  readonly writer: (instance: Instance) => InstanceWriter;
}

/**
 * Opens AWS for reading and writing: for `apply` alone. Lint keeps this file, and the others that are named writer,
 * out of the commands that only read. Rejects as openDirectory does.
 */
export const openForWriting = async (options: AwsOptions = {}): Promise<WritableAws> => {
  const clients = await openClients(options);
  clients.sso.middlewareStack.addRelativeTo(openAttempts, openAttemptsPlace);
  clients.identityStore.middlewareStack.addRelativeTo(openAttempts, openAttemptsPlace);
  return { directory: await directoryOf(clients), writer: (instance) => writerOf(clients, instance) };
};

const writerOf = (clients: AwsClients, instance: Instance): InstanceWriter => {
  const reader = readerOf(clients, instance);
  return {
    ...createIdentityStoreWriter(clients, instance),
    ...createPermissionSetWriter(clients, instance),
    ...createPolicyWriter(clients, instance, reader),
    ...createAssignmentWriter(clients, instance),
  };
};
