import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import type { CallContext } from "../service.ts";
import type { SandboxInstance, StoredMembership } from "../state.ts";
import { inPages, inStore, memberId, resourceId } from "./shapes.ts";
import {
  findGroup,
  findMembership,
  findUser,
  newId,
  notFound,
  readableStore,
  taken,
  timestamp,
  writableStore,
} from "./store.ts";

export const listGroupMemberships = operation({ ...inPages, GroupId: resourceId }, (input, context) => {
  const store = readableStore(input, context);
  const { GroupId } = findGroup(store, input.GroupId);
  return membershipPage(context, store, input, (membership) => membership.GroupId === GroupId);
});

export const listGroupMembershipsForMember = operation(
  { ...inPages, MemberId: memberId },
  (input, context) => {
    const store = readableStore(input, context);
    const { UserId } = findUser(store, input.MemberId.UserId);
    return membershipPage(context, store, input, (membership) => membership.UserId === UserId);
  },
);

export const isMemberInGroups = operation(
  {
    ...inStore,
    MemberId: memberId,
    GroupIds: { type: "list", required: true, min: 1, max: 100, of: resourceId },
  },
  (input, context) => {
    const store = readableStore(input, context);
    const { UserId } = findUser(store, input.MemberId.UserId);
    const groups = input.GroupIds.map((id) => findGroup(store, id));
    return {
      Results: groups.map(({ GroupId }) => ({
        GroupId,
        MemberId: { UserId },
        MembershipExists: membershipOf(store, GroupId, UserId) !== undefined,
      })),
    };
  },
);

export const describeGroupMembership = operation(
  { ...inStore, MembershipId: resourceId },
  (input, context) => {
    const store = readableStore(input, context);
    return membershipOutput(store, findMembership(store, input.MembershipId));
  },
);

export const getGroupMembershipId = operation(
  { ...inStore, GroupId: resourceId, MemberId: memberId },
  (input, context) => {
    const store = readableStore(input, context);
    const { GroupId } = findGroup(store, input.GroupId);
    const { UserId } = findUser(store, input.MemberId.UserId);
    const membership = membershipOf(store, GroupId, UserId);
    if (membership === undefined) throw notFound("GROUP_MEMBERSHIP", undefined);
    return { IdentityStoreId: store.IdentityStoreId, MembershipId: membership.MembershipId };
  },
);

export const createGroupMembership = operation(
  { ...inStore, GroupId: resourceId, MemberId: memberId },
  (input, context) => {
    const store = writableStore(input, context, "CreateGroupMembership");
    const { GroupId } = findGroup(store, input.GroupId);
    const { UserId } = findUser(store, input.MemberId.UserId);
    if (membershipOf(store, GroupId, UserId) !== undefined) {
      throw taken("Member and Group relationship already exists.");
    }
    const MembershipId = newId(store, context);
    store.memberships.push({ MembershipId, GroupId, UserId, CreatedAt: context.now });
    return { IdentityStoreId: store.IdentityStoreId, MembershipId };
  },
);

export const deleteGroupMembership = operation({ ...inStore, MembershipId: resourceId }, (input, context) => {
  const store = writableStore(input, context, "DeleteGroupMembership");
  const { MembershipId } = findMembership(store, input.MembershipId);
  store.memberships = store.memberships.filter((each) => each.MembershipId !== MembershipId);
  return {};
});

function membershipPage(
  context: CallContext,
  store: SandboxInstance,
  input: Readonly<Record<string, unknown>>,
  wanted: (membership: StoredMembership) => boolean,
): Record<string, unknown> {
  const found = store.memberships.filter(wanted);
  const { items, next } = page(context, input, found, { key: (each) => each.MembershipId });
  return { GroupMemberships: items.map((each) => membershipOutput(store, each)), ...next };
}

function membershipOf(store: SandboxInstance, groupId: string, userId: string): StoredMembership | undefined {
  return store.memberships.find((each) => each.GroupId === groupId && each.UserId === userId);
}

function membershipOutput(store: SandboxInstance, membership: StoredMembership): Record<string, unknown> {
  return {
    IdentityStoreId: store.IdentityStoreId,
    MembershipId: membership.MembershipId,
    GroupId: membership.GroupId,
    MemberId: { UserId: membership.UserId },
    CreatedAt: timestamp(membership.CreatedAt),
    UpdatedAt: timestamp(membership.CreatedAt),
  };
}
