import type { Instance } from "../model/live-state.ts";
import type { InstanceWriter, PermissionSetSettings } from "../model/ports.ts";
import { orNull } from "./absence.ts";
import type { AwsClients } from "./clients.ts";
import { passesInSso, retryConflicts } from "./conflicts.ts";
import { call } from "./errors.ts";
import { created } from "./writer-created.ts";

export type PermissionSetWriter = Pick<
  InstanceWriter,
  | "createPermissionSet"
  | "updatePermissionSet"
  | "deletePermissionSet"
  | "tagPermissionSet"
  | "untagPermissionSet"
>;

export const createPermissionSetWriter = (clients: AwsClients, instance: Instance): PermissionSetWriter => {
  const { sso } = clients;
  const InstanceArn = instance.instanceArn;
  return {
    createPermissionSet: ({ name, tags, ...settings }) => {
      const Tags = toTags(tags);
      const create = async (): Promise<string> => {
        const { PermissionSet } = await sso.createPermissionSet({
          InstanceArn,
          Name: name,
          ...toSettings(settings),
          ...(Tags.length === 0 ? {} : { Tags }),
        });
        return created("PermissionSetArn", PermissionSet?.PermissionSetArn);
      };
      return retryConflicts(() => call("sso:CreatePermissionSet", name, create), clients, {
        passes: passesInSso,
      });
    },
    updatePermissionSet: async (PermissionSetArn, settings) => {
      const update = () =>
        sso.updatePermissionSet({ InstanceArn, PermissionSetArn, ...toSettings(settings) });
      await retryConflicts(() => call("sso:UpdatePermissionSet", PermissionSetArn, update), clients, {
        passes: passesInSso,
      });
    },
    deletePermissionSet: async (PermissionSetArn) => {
      const remove = () => sso.deletePermissionSet({ InstanceArn, PermissionSetArn });
      // Accounts let go of a set minutes after its last assignment: that conflict is for the caller to wait out.
      await orNull(call("sso:DeletePermissionSet", PermissionSetArn, remove));
    },
    tagPermissionSet: async (ResourceArn, tags) => {
      const Tags = toTags(tags);
      if (Tags.length === 0) return;
      const tag = () => sso.tagResource({ InstanceArn, ResourceArn, Tags });
      await retryConflicts(() => call("sso:TagResource", ResourceArn, tag), clients, { passes: passesInSso });
    },
    untagPermissionSet: async (ResourceArn, TagKeys) => {
      if (TagKeys.length === 0) return;
      const untag = () => sso.untagResource({ InstanceArn, ResourceArn, TagKeys: [...TagKeys] });
      await retryConflicts(() => call("sso:UntagResource", ResourceArn, untag), clients, {
        passes: passesInSso,
      });
    },
  };
};

/** A relay state that is left out is cleared by AWS; a description that is left out stays as it is. */
const toSettings = ({ description, sessionDuration, relayState }: PermissionSetSettings) => ({
  SessionDuration: sessionDuration,
  ...(description === null ? {} : { Description: description }),
  ...(relayState === null ? {} : { RelayState: relayState }),
});

const toTags = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
