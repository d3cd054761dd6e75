import type { ChangeOfKind, Step } from "./context.ts";
import { createOrFind } from "./create-or-find.ts";
import { lagging, retry } from "./retry.ts";

export const changeUser: Step<ChangeOfKind<"user">> = async (change, run) => {
  const { reader, writer, ids } = run;
  await run.begin(["identity-store"], async () => {
    if (change.action === "create") {
      const { userName, attributes } = change.after;
      const id = await createOrFind(run, {
        create: () => writer.createUser(userName, attributes),
        find: () => reader.getUserId(userName),
        isFresh: async (found) => (await reader.listGroupMembershipsForMember(found)).length === 0,
      });
      ids.addUser(userName, id);
      return;
    }
    const id = change.id ?? ids.user(change.before.userName);
    if (change.action === "delete") await writer.deleteUser(id);
    else await writer.updateUser(id, change.before.attributes, change.after.attributes);
  });
  return undefined;
};

export const changeGroup: Step<ChangeOfKind<"group">> = async (change, run) => {
  const { reader, writer, ids } = run;
  await run.begin(["identity-store"], async () => {
    if (change.action === "create") {
      const { displayName, description } = change.after;
      const id = await createOrFind(run, {
        create: () => writer.createGroup(displayName, description ?? null),
        find: () => reader.getGroupId(displayName),
        isFresh: async (found) => (await reader.listGroupMemberships(found)).length === 0,
      });
      ids.addGroup(displayName, id);
      return;
    }
    const id = change.id ?? ids.group(change.before.displayName);
    if (change.action === "delete") return await writer.deleteGroup(id);
    const { before, after } = change;
    await writer.updateGroup(id, {
      ...(before.displayName === after.displayName ? {} : { displayName: after.displayName }),
      ...(after.description === undefined || (before.description ?? null) === after.description
        ? {}
        : { description: after.description }),
    });
  });
  return undefined;
};

export const changeMembership: Step<ChangeOfKind<"membership">> = async (change, run) => {
  const { reader, writer, ids } = run;
  // There is nothing in a membership that could differ.
  if (change.action === "update") return undefined;
  await run.begin(["identity-store"], async () => {
    if (change.action === "delete") {
      const id = change.id ?? ids.membership(change.before);
      return await writer.deleteGroupMembership(id);
    }
    const group = ids.group(change.after.group);
    const user = ids.user(change.after.user);
    const id = await createOrFind(run, {
      create: () => retry(() => writer.createGroupMembership(group, user), lagging, run.clock),
      find: () => reader.getGroupMembershipId(group, user),
      isFresh: async () => true,
    });
    ids.addMembership(change.after, id);
  });
  return undefined;
};
