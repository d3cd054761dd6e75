import type { Group, PrincipalType, User } from "../model/access-state.ts";
import { AwsError } from "../model/errors.ts";
import type { InstanceReader, ListedGroup, ListedUser } from "../model/ports.ts";
import type { Reading } from "./reading.ts";

/** The users and groups of the identity store, by name and by id. */
export interface Principals {
  readonly users: ReadonlyMap<string, User>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly ids: { readonly users: ReadonlyMap<string, string>; readonly groups: ReadonlyMap<string, string> };
  readonly externallyOwned: { readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> };
  /** Names. */
  readonly disabledUsers: ReadonlySet<string>;
  /** Name by id; undefined: there is none of this id. */
  nameOf(type: PrincipalType, id: string): string | undefined;
}

/** Rejects where either list fails, or holds a name twice: it could not be said whose access is whose. */
export const readPrincipals = async (reader: InstanceReader, reading: Reading): Promise<Principals> => {
  const [users, groups] = await Promise.all([
    reading.must(() => reader.listUsers()),
    reading.must(() => reader.listGroups()),
  ]);
  return principalsOf(users, groups);
};

const principalsOf = (users: readonly ListedUser[], groups: readonly ListedGroup[]): Principals => {
  const userIds = byName(
    "user name",
    users.map(({ userName, id }) => [userName, id]),
  );
  const groupIds = byName(
    "group name",
    groups.map(({ displayName, id }) => [displayName, id]),
  );
  const names = {
    USER: new Map(users.map(({ id, userName }) => [id, userName])),
    GROUP: new Map(groups.map(({ id, displayName }) => [id, displayName])),
  };
  return {
    users: new Map(users.map(({ userName, attributes }) => [userName, { userName, attributes }])),
    groups: new Map(
      groups.map(({ displayName, description }) => [displayName, { displayName, description }]),
    ),
    ids: { users: userIds, groups: groupIds },
    externallyOwned: {
      users: new Set(users.flatMap(({ external, userName }) => (external ? [userName] : []))),
      groups: new Set(groups.flatMap(({ external, displayName }) => (external ? [displayName] : []))),
    },
    disabledUsers: new Set(users.flatMap(({ disabled, userName }) => (disabled ? [userName] : []))),
    nameOf: (type, id) => names[type].get(id),
  };
};

/** Id by name. Throws AwsError where a name comes twice. */
export const byName = (
  what: string,
  entries: readonly (readonly [string, string])[],
): Map<string, string> => {
  const ids = new Map<string, string>();
  for (const [name, id] of entries) {
    const other = ids.get(name);
    if (other !== undefined && other !== id) {
      throw new AwsError(
        "duplicate-name",
        `The ${what} ${JSON.stringify(name)} is there twice: ${other} and ${id}`,
        {
          hint: "Rename or remove one of the two in Identity Center, so that names say who is who",
        },
      );
    }
    ids.set(name, id);
  }
  return ids;
};
