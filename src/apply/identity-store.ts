import { userAttributes } from "../model/user-attributes.ts";
import type { ChangeOfKind, ChangeRun, Step } from "./context.ts";
import { createOrFind } from "./create-or-find.ts";
import { askUntil, lagging, retry } from "./retry.ts";

export const changeUser: Step<ChangeOfKind<"user">> = async (change, run) => {
  const { reader, writer, ids } = run;
  await run.begin(["identity-store"], async () => {
    if (change.action === "create") {
      const { userName, attributes } = change.after;
      const id = await createOrFind(run, {
        create: () => writer.createUser(userName, attributes),
        find: () => reader.getUserId(userName),
        isFresh: async (found) => {
          if ((await reader.listGroupMembershipsForMember(found)).length > 0) return false;
          if ((await reader.listAccountAssignmentsForPrincipal("USER", found)).length > 0) return false;
          const listed = await visible(() => reader.listUsers(), found, run);
          return (
            listed?.external === false &&
            userAttributes.every((name) => (attributes[name] ?? null) === (listed.attributes[name] ?? null))
          );
        },
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
        isFresh: async (found) => {
          if ((await reader.listGroupMemberships(found)).length > 0) return false;
          if ((await reader.listAccountAssignmentsForPrincipal("GROUP", found)).length > 0) return false;
          const listed = await visible(() => reader.listGroups(), found, run);
          return listed?.external === false && listed.description === (description ?? null);
        },
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
    });
    ids.addMembership(change.after, id);
  });
  return undefined;
};

/** Lists lag behind; undefined: it does not appear. */
const visible = <T extends { readonly id: string }>(
  list: () => Promise<readonly T[]>,
  id: string,
  { clock }: ChangeRun,
): Promise<T | undefined> =>
  askUntil(
    async () => (await list()).find((listed) => listed.id === id),
    (listed) => listed !== undefined,
    { clock, forMilliseconds: 5_000 },
  );
