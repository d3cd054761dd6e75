import type { Service } from "../service.ts";
import { createGroup, deleteGroup, describeGroup, getGroupId, listGroups } from "./groups.ts";
import {
  createGroupMembership,
  deleteGroupMembership,
  describeGroupMembership,
  getGroupMembershipId,
  isMemberInGroups,
  listGroupMemberships,
  listGroupMembershipsForMember,
} from "./memberships.ts";
import { updateGroup } from "./update-group.ts";
import { updateUser } from "./update-user.ts";
import { createUser, deleteUser, describeUser, getUserId, listUsers } from "./users.ts";

/** The Identity Store: users, groups and who is in which group. */
export const identityStore: Service = {
  name: "identitystore",
  targetPrefix: "AWSIdentityStore",
  operations: {
    ListUsers: listUsers,
    ListGroups: listGroups,
    ListGroupMemberships: listGroupMemberships,
    ListGroupMembershipsForMember: listGroupMembershipsForMember,
    IsMemberInGroups: isMemberInGroups,
    DescribeUser: describeUser,
    DescribeGroup: describeGroup,
    DescribeGroupMembership: describeGroupMembership,
    GetUserId: getUserId,
    GetGroupId: getGroupId,
    GetGroupMembershipId: getGroupMembershipId,
    CreateUser: createUser,
    CreateGroup: createGroup,
    CreateGroupMembership: createGroupMembership,
    UpdateUser: updateUser,
    UpdateGroup: updateGroup,
    DeleteUser: deleteUser,
    DeleteGroup: deleteGroup,
    DeleteGroupMembership: deleteGroupMembership,
  },
};
