import {
  type AttributeOperation,
  CreateGroupMembershipCommand,
  DeleteGroupMembershipCommand,
  UpdateGroupCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-identitystore";
import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DeleteInlinePolicyFromPermissionSetCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  type PermissionsBoundary,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePermissionSetCommand,
} from "@aws-sdk/client-sso-admin";
import type { World } from "./world.ts";

/** Somebody who changes access past the product: one API call a method, by names, with the real AWS clients. */
export type Hands = ReturnType<typeof createHands>;

export const createHands = (world: World) => {
  const { instance, sso, store } = world;
  const { InstanceArn, IdentityStoreId } = instance;
  const set = (name: string) => ({ InstanceArn, PermissionSetArn: arnOf(world, name) });
  const assignment = (name: string, AccountId: string, type: "GROUP" | "USER", principal: string) => ({
    ...set(name),
    TargetType: "AWS_ACCOUNT" as const,
    TargetId: AccountId,
    PrincipalType: type,
    PrincipalId: type === "GROUP" ? groupId(world, principal) : userId(world, principal),
  });
  return {
    updateUser: (name: string, ...Operations: AttributeOperation[]) =>
      store.send(new UpdateUserCommand({ IdentityStoreId, UserId: userId(world, name), Operations })),
    updateGroup: (name: string, ...Operations: AttributeOperation[]) =>
      store.send(new UpdateGroupCommand({ IdentityStoreId, GroupId: groupId(world, name), Operations })),
    addMember: (group: string, user: string) =>
      store.send(
        new CreateGroupMembershipCommand({
          IdentityStoreId,
          GroupId: groupId(world, group),
          MemberId: { UserId: userId(world, user) },
        }),
      ),
    removeMember: (group: string, user: string) =>
      store.send(
        new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId: membershipId(world, group, user) }),
      ),
    update: (name: string, change: { Description?: string; SessionDuration?: string; RelayState?: string }) =>
      sso.send(new UpdatePermissionSetCommand({ ...set(name), ...change })),
    attach: (name: string, ManagedPolicyArn: string) =>
      sso.send(new AttachManagedPolicyToPermissionSetCommand({ ...set(name), ManagedPolicyArn })),
    detach: (name: string, ManagedPolicyArn: string) =>
      sso.send(new DetachManagedPolicyFromPermissionSetCommand({ ...set(name), ManagedPolicyArn })),
    attachCustomer: (name: string, Name: string, Path: string) =>
      sso.send(
        new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({
          ...set(name),
          CustomerManagedPolicyReference: { Name, Path },
        }),
      ),
    detachCustomer: (name: string, Name: string, Path: string) =>
      sso.send(
        new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({
          ...set(name),
          CustomerManagedPolicyReference: { Name, Path },
        }),
      ),
    putInline: (name: string, InlinePolicy: string) =>
      sso.send(new PutInlinePolicyToPermissionSetCommand({ ...set(name), InlinePolicy })),
    deleteInline: (name: string) => sso.send(new DeleteInlinePolicyFromPermissionSetCommand(set(name))),
    putBoundary: (name: string, boundary: PermissionsBoundary) =>
      sso.send(
        new PutPermissionsBoundaryToPermissionSetCommand({ ...set(name), PermissionsBoundary: boundary }),
      ),
    deleteBoundary: (name: string) =>
      sso.send(new DeletePermissionsBoundaryFromPermissionSetCommand(set(name))),
    tag: (name: string, Key: string, Value: string) =>
      sso.send(
        new TagResourceCommand({ InstanceArn, ResourceArn: arnOf(world, name), Tags: [{ Key, Value }] }),
      ),
    untag: (name: string, key: string) =>
      sso.send(new UntagResourceCommand({ InstanceArn, ResourceArn: arnOf(world, name), TagKeys: [key] })),
    provision: (name: string) =>
      sso.send(new ProvisionPermissionSetCommand({ ...set(name), TargetType: "ALL_PROVISIONED_ACCOUNTS" })),
    assign: (name: string, account: string, type: "GROUP" | "USER", principal: string) =>
      sso.send(new CreateAccountAssignmentCommand(assignment(name, account, type, principal))),
    unassign: (name: string, account: string, type: "GROUP" | "USER", principal: string) =>
      sso.send(new DeleteAccountAssignmentCommand(assignment(name, account, type, principal))),
  };
};

const found = <T>(what: T | undefined, name: string): T => {
  if (what === undefined) throw new Error(`The sandbox holds no ${name}.`);
  return what;
};

const arnOf = ({ instance }: World, name: string): string =>
  found(
    instance.permissionSets.find((set) => set.Name === name),
    name,
  ).PermissionSetArn;

const userId = ({ instance }: World, name: string): string =>
  found(
    instance.users.find((user) => user.UserName === name),
    name,
  ).UserId;

export const groupId = ({ instance }: World, name: string): string =>
  found(
    instance.groups.find((group) => group.DisplayName === name),
    name,
  ).GroupId;

const membershipId = (world: World, group: string, user: string): string => {
  const [GroupId, UserId] = [groupId(world, group), userId(world, user)];
  const membership = world.instance.memberships.find(
    (item) => item.GroupId === GroupId && item.UserId === UserId,
  );
  return found(membership, `${user} in ${group}`).MembershipId;
};
