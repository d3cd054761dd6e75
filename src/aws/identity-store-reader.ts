import type { Group, GroupMembership, User } from "@aws-sdk/client-identitystore";
import type { Instance } from "../model/live-state.ts";
import type { InstanceReader, ListedGroup, ListedMembership, ListedUser } from "../model/ports.ts";
import { fromApiUser } from "../model/user-attributes.ts";
import { orNull } from "./absence.ts";
import type { AwsClients } from "./clients.ts";
import { call } from "./errors.ts";
import { allPages } from "./pages.ts";
import { hasItems, malformed, textOf, textOrNull } from "./reply-fields.ts";

export type IdentityStoreReader = Pick<
  InstanceReader,
  | "listUsers"
  | "listGroups"
  | "listGroupMemberships"
  | "listGroupMembershipsForMember"
  | "getUserId"
  | "getGroupId"
  | "getGroupMembershipId"
>;

export const createIdentityStoreReader = (
  { identityStore }: AwsClients,
  instance: Instance,
): IdentityStoreReader => {
  const IdentityStoreId = instance.identityStoreId;
  return {
    listUsers: async () => {
      const action = "identitystore:ListUsers";
      const users = await allPages(action, async (NextToken) => {
        const page = await call(action, undefined, () =>
          // Filters are not used anywhere: some Regions refuse them.
          identityStore.listUsers({ IdentityStoreId, Extensions: extensions, ...pageSize, NextToken }),
        );
        return { items: page.Users, nextToken: page.NextToken };
      });
      return users.map(toListedUser);
    },
    listGroups: async () => {
      const action = "identitystore:ListGroups";
      const groups = await allPages(action, async (NextToken) => {
        const page = await call(action, undefined, () =>
          identityStore.listGroups({ IdentityStoreId, ...pageSize, NextToken }),
        );
        return { items: page.Groups, nextToken: page.NextToken };
      });
      return groups.map(toListedGroup);
    },
    listGroupMemberships: async (GroupId) => {
      const action = "identitystore:ListGroupMemberships";
      const memberships = await allPages(action, async (NextToken) => {
        const page = await call(action, `group ${GroupId}`, () =>
          identityStore.listGroupMemberships({ IdentityStoreId, GroupId, ...pageSize, NextToken }),
        );
        return { items: page.GroupMemberships, nextToken: page.NextToken };
      });
      return memberships.flatMap(toListedMembership);
    },
    listGroupMembershipsForMember: async (UserId) => {
      const action = "identitystore:ListGroupMembershipsForMember";
      const memberships = await allPages(action, async (NextToken) => {
        const page = await call(action, `user ${UserId}`, () =>
          identityStore.listGroupMembershipsForMember({
            IdentityStoreId,
            MemberId: { UserId },
            ...pageSize,
            NextToken,
          }),
        );
        return { items: page.GroupMemberships, nextToken: page.NextToken };
      });
      return memberships.flatMap(toListedMembership);
    },
    getUserId: async (userName) => {
      const reply = call("identitystore:GetUserId", `user ${userName}`, () =>
        identityStore.getUserId({ IdentityStoreId, AlternateIdentifier: unique("userName", userName) }),
      );
      const found = await orNull(reply, ["USER"]);
      return found === null ? null : textOf("identitystore:GetUserId: UserId", found.UserId);
    },
    getGroupId: async (displayName) => {
      const reply = call("identitystore:GetGroupId", `group ${displayName}`, () =>
        identityStore.getGroupId({
          IdentityStoreId,
          AlternateIdentifier: unique("displayName", displayName),
        }),
      );
      const found = await orNull(reply, ["GROUP"]);
      return found === null ? null : textOf("identitystore:GetGroupId: GroupId", found.GroupId);
    },
    getGroupMembershipId: async (GroupId, UserId) => {
      const reply = call("identitystore:GetGroupMembershipId", `group ${GroupId}, user ${UserId}`, () =>
        identityStore.getGroupMembershipId({ IdentityStoreId, GroupId, MemberId: { UserId } }),
      );
      // Without the group or the user there is no membership either.
      const found = await orNull(reply, ["GROUP_MEMBERSHIP", "GROUP", "USER"]);
      const place = "identitystore:GetGroupMembershipId: MembershipId";
      return found === null ? null : textOf(place, found.MembershipId);
    },
  };
};

const pageSize = { MaxResults: 100 };

/** Left out unless asked for. */
const extensions = ["aws:identitystore:enterprise"];

const unique = (AttributePath: string, AttributeValue: string) => ({
  UniqueAttribute: { AttributePath, AttributeValue },
});

const toListedUser = (user: User): ListedUser => {
  const at = (field: string): string => `identitystore:ListUsers: ${field}`;
  const id = textOf(at("UserId"), user.UserId);
  return {
    id,
    // A user without a name can not be declared; the id keeps it apart from all others.
    userName: textOrNull(at("UserName"), user.UserName) ?? id,
    attributes: fromApiUser(user),
    external: hasItems(at("ExternalIds"), user.ExternalIds),
    disabled: textOrNull(at("UserStatus"), user.UserStatus) === "DISABLED",
  };
};

const toListedGroup = (group: Group): ListedGroup => {
  const at = (field: string): string => `identitystore:ListGroups: ${field}`;
  const id = textOf(at("GroupId"), group.GroupId);
  return {
    id,
    displayName: textOrNull(at("DisplayName"), group.DisplayName) ?? id,
    description: textOrNull(at("Description"), group.Description),
    external: hasItems(at("ExternalIds"), group.ExternalIds),
  };
};

/** Members of a kind that is not known today are nobody's user. */
const toListedMembership = ({ MembershipId, GroupId, MemberId }: GroupMembership): ListedMembership[] => {
  const at = (field: string): string => `the list of memberships: ${field}`;
  const id = textOf(at("MembershipId"), MembershipId);
  const groupId = textOf(at("GroupId"), GroupId);
  if (MemberId === undefined) throw malformed(at("MemberId"), "is missing");
  const userId = textOrNull(at("UserId"), MemberId.UserId);
  return userId === null ? [] : [{ id, groupId, userId }];
};
