import type { Input } from "../operation.ts";
import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import type { SandboxInstance, StoredUser } from "../state.ts";
import { alternateId } from "./alternate-id.ts";
import { readExtensions } from "./extensions.ts";
import {
  alternateIdentifier,
  extensionNames,
  filters,
  inPages,
  inStore,
  resourceId,
  userName,
} from "./shapes.ts";
import {
  findUser,
  invalid,
  newId,
  notFound,
  quotaExceeded,
  readableStore,
  refuseFilters,
  timestamp,
  writableStore,
} from "./store.ts";
import { refuseTakenEmail, refuseTakenUserName } from "./uniqueness.ts";
import { emailOf, userAttributes } from "./user-attributes.ts";

const newUser = {
  ...inStore,
  UserName: userName,
  ...userAttributes,
  Extensions: { type: "map", of: { type: "document" } },
} as const;
type NewUser = Input<typeof newUser>;

const maxUsers = 200_000;

export const listUsers = operation(
  { ...inPages, Extensions: extensionNames, Filters: filters },
  (input, context) => {
    refuseFilters(input);
    const store = readableStore(input, context);
    const { items, next } = page(context, input, store.users, { key: (user) => user.UserId });
    return { Users: items.map((user) => userOutput(store, user, input.Extensions)), ...next };
  },
);

export const describeUser = operation(
  { ...inStore, UserId: resourceId, Extensions: extensionNames },
  (input, context) => {
    const store = readableStore(input, context);
    return userOutput(store, findUser(store, input.UserId), input.Extensions);
  },
);

export const getUserId = operation(
  { ...inStore, AlternateIdentifier: alternateIdentifier },
  (input, context) => {
    const store = readableStore(input, context);
    const matches = alternateId<StoredUser>(input.AlternateIdentifier, {
      userName: (user) => user.UserName,
      "emails.value": (user) => emailOf(user.attributes),
    });
    const user = store.users.find(matches);
    if (user === undefined) throw notFound("USER", undefined);
    return { IdentityStoreId: store.IdentityStoreId, UserId: user.UserId };
  },
);

export const createUser = operation(newUser, (input, context) => {
  const store = writableStore(input, context, "CreateUser");
  const { UserName } = input;
  if (UserName === undefined) throw invalid("UserName is a required attribute.");
  const attributes = newAttributes(input);
  refuseTakenUserName(store, UserName);
  refuseTakenEmail(store, attributes);
  if (store.users.length >= maxUsers) throw quotaExceeded(`The limit of ${maxUsers} users is reached.`);
  const user: StoredUser = {
    UserId: newId(store, context),
    UserName,
    attributes,
    ExternalIds: [],
    UserStatus: "ENABLED",
    CreatedAt: context.now,
    UpdatedAt: context.now,
  };
  store.users.push(user);
  return { IdentityStoreId: store.IdentityStoreId, UserId: user.UserId };
});

/** Memberships go with the user. Account assignments stay behind, as orphans. */
export const deleteUser = operation({ ...inStore, UserId: resourceId }, (input, context) => {
  const store = writableStore(input, context, "DeleteUser");
  const { UserId } = findUser(store, input.UserId);
  store.users = store.users.filter((user) => user.UserId !== UserId);
  store.memberships = store.memberships.filter((membership) => membership.UserId !== UserId);
  return {};
});

function newAttributes(input: NewUser): Record<string, unknown> {
  if (input.Name?.GivenName === undefined) throw invalid("Name.GivenName is a required attribute.");
  if (input.Name.FamilyName === undefined) throw invalid("Name.FamilyName is a required attribute.");
  if (input.DisplayName === undefined) throw invalid("DisplayName is a required attribute.");
  const { Extensions, ...given } = input;
  const attributes = Object.entries(given).filter(([name]) => Object.hasOwn(userAttributes, name));
  return { ...Object.fromEntries(attributes), ...readExtensions(Extensions) };
}

/** A user as the service shows it; extensions only those that were asked for. */
function userOutput(
  store: SandboxInstance,
  user: StoredUser,
  asked: readonly string[] = [],
): Record<string, unknown> {
  const { Extensions, ...attributes } = user.attributes;
  const extensions = Object.entries((Extensions as Record<string, unknown> | undefined) ?? {}).filter(
    ([name]) => asked.includes(name),
  );
  return {
    IdentityStoreId: store.IdentityStoreId,
    UserId: user.UserId,
    UserName: user.UserName,
    ...attributes,
    ...(user.ExternalIds.length === 0 ? {} : { ExternalIds: user.ExternalIds }),
    ...(extensions.length === 0 ? {} : { Extensions: Object.fromEntries(extensions) }),
    UserStatus: user.UserStatus,
    CreatedAt: timestamp(user.CreatedAt),
    UpdatedAt: timestamp(user.UpdatedAt),
  };
}
