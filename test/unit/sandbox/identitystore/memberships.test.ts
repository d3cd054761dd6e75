import { describe, expect, it } from "vitest";
import { allOf } from "./call.ts";
import { addGroup, addMember, addUser, IdentityStoreId, storeBench } from "./people.ts";

const nothing = "9067a1b2c3-00000000-0000-4000-a000-000000000000";

describe("memberships", () => {
  it("are created, described, found and deleted", () => {
    const bench = storeBench();
    const GroupId = addGroup(bench, "Developers");
    const UserId = addUser(bench, "jane");
    const MemberId = { UserId };
    const MembershipId = addMember(bench, GroupId, UserId);
    const membership = {
      IdentityStoreId,
      MembershipId,
      GroupId,
      MemberId,
      CreatedAt: bench.clock.now / 1000,
      UpdatedAt: bench.clock.now / 1000,
    };
    expect(bench.call("DescribeGroupMembership", { MembershipId })).toEqual(membership);
    expect(bench.call("GetGroupMembershipId", { GroupId, MemberId })).toEqual({
      IdentityStoreId,
      MembershipId,
    });
    expect(bench.call("ListGroupMemberships", { GroupId })).toEqual({ GroupMemberships: [membership] });
    expect(bench.call("ListGroupMembershipsForMember", { MemberId })).toEqual({
      GroupMemberships: [membership],
    });
    expect(bench.call("DeleteGroupMembership", { MembershipId })).toEqual({});
    const gone = { code: "ResourceNotFoundException", ResourceType: "GROUP_MEMBERSHIP" };
    expect(bench.refused("DeleteGroupMembership", { MembershipId })).toMatchObject({
      ...gone,
      ResourceId: MembershipId,
    });
    expect(bench.refused("DescribeGroupMembership", { MembershipId })).toMatchObject(gone);
    expect(bench.refused("GetGroupMembershipId", { GroupId, MemberId })).toMatchObject(gone);
  });

  it("are unique", () => {
    const bench = storeBench();
    const GroupId = addGroup(bench, "Developers");
    const UserId = addUser(bench, "jane");
    addMember(bench, GroupId, UserId);
    expect(bench.refused("CreateGroupMembership", { GroupId, MemberId: { UserId } })).toEqual({
      code: "ConflictException",
      message: "Member and Group relationship already exists.",
      Reason: "UNIQUENESS_CONSTRAINT_VIOLATION",
    });
  });

  it("are listed of one group or of one user, ten to a page", () => {
    const bench = storeBench();
    const [GroupId, other] = [addGroup(bench, "Developers"), addGroup(bench, "Others")];
    const users = Array.from({ length: 11 }, (_, index) => addUser(bench, `user${index}`));
    for (const UserId of users) addMember(bench, GroupId, UserId);
    const [first = ""] = users;
    addMember(bench, other, first);
    expect(bench.call("ListGroupMemberships", { GroupId }).GroupMemberships).toHaveLength(10);
    const members = allOf(bench, "ListGroupMemberships", { GroupId }, "GroupMemberships");
    expect(members.map((each) => (each.MemberId as { UserId: string }).UserId).toSorted()).toEqual(
      users.toSorted(),
    );
    const groups = allOf(
      bench,
      "ListGroupMembershipsForMember",
      { MemberId: { UserId: first } },
      "GroupMemberships",
    );
    expect(groups.map((each) => String(each.GroupId)).toSorted()).toEqual([GroupId, other].toSorted());
  });

  it("are told group by group, in the order that was asked", () => {
    const bench = storeBench();
    const UserId = addUser(bench, "jane");
    const MemberId = { UserId };
    const [without, within] = [addGroup(bench, "Others"), addGroup(bench, "Developers")];
    addMember(bench, within, UserId);
    expect(bench.call("IsMemberInGroups", { MemberId, GroupIds: [without, within] })).toEqual({
      Results: [
        { GroupId: without, MemberId, MembershipExists: false },
        { GroupId: within, MemberId, MembershipExists: true },
      ],
    });
  });

  it("need a group and a user that are there", () => {
    const bench = storeBench();
    const GroupId = addGroup(bench, "Developers");
    const UserId = addUser(bench, "jane");
    const user = { ResourceType: "USER", ResourceId: nothing };
    const group = { ResourceType: "GROUP", ResourceId: nothing };
    const stranger = { MemberId: { UserId: nothing } };
    expect(bench.refused("CreateGroupMembership", { GroupId, ...stranger })).toMatchObject(user);
    expect(bench.refused("GetGroupMembershipId", { GroupId, ...stranger })).toMatchObject(user);
    expect(bench.refused("ListGroupMembershipsForMember", stranger)).toMatchObject(user);
    expect(bench.refused("IsMemberInGroups", { GroupIds: [GroupId], ...stranger })).toMatchObject(user);
    const member = { GroupId: nothing, MemberId: { UserId } };
    expect(bench.refused("CreateGroupMembership", member)).toMatchObject(group);
    expect(bench.refused("GetGroupMembershipId", member)).toMatchObject(group);
    expect(bench.refused("ListGroupMemberships", { GroupId: nothing })).toMatchObject(group);
    expect(bench.refused("IsMemberInGroups", { ...member, GroupIds: [nothing] })).toMatchObject(group);
  });

  it.each([
    ["CreateGroupMembership", { MemberId: { UserId: nothing } }],
    ["CreateGroupMembership", { GroupId: nothing, MemberId: {} }],
    ["IsMemberInGroups", { MemberId: { UserId: nothing }, GroupIds: [] }],
    [
      "IsMemberInGroups",
      { MemberId: { UserId: nothing }, GroupIds: Array.from({ length: 101 }, () => nothing) },
    ],
    ["ListGroupMemberships", { GroupId: "Developers" }],
  ])("refuse %s of %j", (operation, input) => {
    expect(storeBench().refused(operation, input).code).toBe("ValidationException");
  });
});
