import type { AttributeOperation } from "@aws-sdk/client-identitystore";
import type { Instance } from "../model/live-state.ts";
import type { InstanceWriter } from "../model/ports.ts";
import { createUserFields, updateUserOperations } from "../model/user-attributes.ts";
import { orNull } from "./absence.ts";
import type { AwsClients } from "./clients.ts";
import { passesInStore, retryConflicts } from "./conflicts.ts";
import { call } from "./errors.ts";
import { created } from "./writer-created.ts";

export type IdentityStoreWriter = Pick<
  InstanceWriter,
  | "createUser"
  | "updateUser"
  | "deleteUser"
  | "createGroup"
  | "updateGroup"
  | "deleteGroup"
  | "createGroupMembership"
  | "deleteGroupMembership"
>;

export const createIdentityStoreWriter = (clients: AwsClients, instance: Instance): IdentityStoreWriter => {
  const { identityStore } = clients;
  const IdentityStoreId = instance.identityStoreId;
  const write = <T>(action: string, subject: string, run: () => Promise<T>): Promise<T> =>
    retryConflicts(() => call(`identitystore:${action}`, subject, run), clients, { passes: passesInStore });

  return {
    createUser: (userName, attributes) =>
      write("CreateUser", `user ${userName}`, async () => {
        const fields = createUserFields(userName, attributes);
        const { UserId } = await identityStore.createUser({ IdentityStoreId, ...fields });
        return created("UserId", UserId);
      }),
    updateUser: async (UserId, before, after) => {
      const Operations: AttributeOperation[] = updateUserOperations(before, after);
      if (Operations.length === 0) return;
      await write("UpdateUser", `user ${UserId}`, () =>
        identityStore.updateUser({ IdentityStoreId, UserId, Operations }),
      );
    },
    deleteUser: async (UserId) => {
      const deleted = write("DeleteUser", `user ${UserId}`, () =>
        identityStore.deleteUser({ IdentityStoreId, UserId }),
      );
      await orNull(deleted, ["USER"]);
    },
    createGroup: (DisplayName, description) =>
      write("CreateGroup", `group ${DisplayName}`, async () => {
        const optional = description === null ? {} : { Description: description };
        const { GroupId } = await identityStore.createGroup({ IdentityStoreId, DisplayName, ...optional });
        return created("GroupId", GroupId);
      }),
    updateGroup: async (GroupId, { displayName, description }) => {
      const Operations: AttributeOperation[] = [
        ...(displayName === undefined ? [] : [{ AttributePath: "displayName", AttributeValue: displayName }]),
        ...(description === undefined ? [] : [{ AttributePath: "description", AttributeValue: description }]),
      ];
      if (Operations.length === 0) return;
      await write("UpdateGroup", `group ${GroupId}`, () =>
        identityStore.updateGroup({ IdentityStoreId, GroupId, Operations }),
      );
    },
    deleteGroup: async (GroupId) => {
      const deleted = write("DeleteGroup", `group ${GroupId}`, () =>
        identityStore.deleteGroup({ IdentityStoreId, GroupId }),
      );
      await orNull(deleted, ["GROUP"]);
    },
    createGroupMembership: (GroupId, UserId) =>
      write("CreateGroupMembership", `group ${GroupId}, user ${UserId}`, async () => {
        const input = { IdentityStoreId, GroupId, MemberId: { UserId } };
        const { MembershipId } = await identityStore.createGroupMembership(input);
        return created("MembershipId", MembershipId);
      }),
    deleteGroupMembership: async (MembershipId) => {
      const deleted = write("DeleteGroupMembership", `membership ${MembershipId}`, () =>
        identityStore.deleteGroupMembership({ IdentityStoreId, MembershipId }),
      );
      await orNull(deleted, ["GROUP_MEMBERSHIP"]);
    },
  };
};
