import type { Instance } from "../model/live-state.ts";
import type { AwsDirectory, InstanceWriter } from "../model/ports.ts";
import { type AwsClients, type AwsOptions, longestAttempt, openClients } from "./clients.ts";
import { directoryOf, readerOf } from "./directory.ts";
import { openAttempts, openAttemptsPlace } from "./open-attempts.ts";
import { type MayWrite, writeGate, writeGatePlace } from "./write-gate.ts";
import { createAssignmentWriter } from "./writer-assignments.ts";
import { createIdentityStoreWriter } from "./writer-identity-store.ts";
import { createPermissionSetWriter } from "./writer-permission-sets.ts";
import { createPolicyWriter } from "./writer-policies.ts";

export interface WritableAws {
  readonly directory: AwsDirectory;
  /** A writer with the same pace as the directory. */
  readonly writer: (instance: Instance) => InstanceWriter;
  /** Resolves when a write may be sent, as far as its caller says (WritingOptions.mayWrite), and rejects when none may. */
  readonly mayWrite: () => Promise<void>;
}

export interface WritingOptions extends AwsOptions {
  /** Asked before each attempt of a write is sent, with the milliseconds for which it may be under way. */
  readonly mayWrite?: MayWrite | undefined;
}

/**
 * Opens AWS for reading and writing: for `apply` alone. Lint keeps this file, and the others that are named writer,
 * out of the commands that only read. Rejects as openDirectory does.
 */
export const openForWriting = async (options: WritingOptions = {}): Promise<WritableAws> => {
  const clients = await openClients(options);
  const limit = longestAttempt(options);
  const mayWrite = options.mayWrite ?? (() => Promise.resolve());
  for (const { middlewareStack } of [clients.sso, clients.identityStore]) {
    middlewareStack.addRelativeTo(openAttempts, openAttemptsPlace);
    middlewareStack.addRelativeTo(writeGate(mayWrite, limit), writeGatePlace);
  }
  return {
    directory: await directoryOf(clients),
    writer: (instance) => writerOf(clients, instance),
    mayWrite: () => mayWrite(limit),
  };
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
