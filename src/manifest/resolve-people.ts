import type { Group, Membership, User } from "../model/access-state.ts";
import { groupAddress, membershipAddress, userAddress } from "../model/address.ts";
import type { Origin } from "../model/desired-state.ts";
import type { LoadedManifest } from "./loaded-manifest.ts";
import { flattenManifestUser } from "./resolve-user.ts";

/** Users, groups and memberships as the manifest declares them. External ones are names only. */
export interface ResolvedPeople {
  readonly users: ReadonlyMap<string, User>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly memberships: ReadonlyMap<string, Membership>;
  readonly external: { readonly users: ReadonlySet<string>; readonly groups: ReadonlySet<string> };
  readonly managedMembers: ReadonlySet<string>;
}

/** Adds where each of them stands to `origins`. */
export const resolvePeople = (manifest: LoadedManifest, origins: Map<string, Origin>): ResolvedPeople => {
  const { value } = manifest;
  const external = { users: new Set<string>(), groups: new Set<string>() };
  const users = new Map<string, User>();
  for (const [userName, user] of Object.entries(value.users ?? {})) {
    origins.set(userAddress(userName), { position: manifest.position(["users", userName]) });
    if (user.external === true) external.users.add(userName);
    else users.set(userName, { userName, attributes: flattenManifestUser(user) });
  }
  const groups = new Map<string, Group>();
  const memberships = new Map<string, Membership>();
  const managedMembers = new Set<string>();
  for (const [displayName, { external: isExternal, description, members }] of Object.entries(
    value.groups ?? {},
  )) {
    origins.set(groupAddress(displayName), { position: manifest.position(["groups", displayName]) });
    if (isExternal === true) {
      external.groups.add(displayName);
      continue;
    }
    groups.set(displayName, description === undefined ? { displayName } : { displayName, description });
    if (members === undefined) continue;
    managedMembers.add(displayName);
    for (const [index, user] of (members ?? []).entries()) {
      const membership = { group: displayName, user };
      const address = membershipAddress(membership);
      memberships.set(address, membership);
      origins.set(address, { position: manifest.position(["groups", displayName, "members", index]) });
    }
  }
  return { users, groups, memberships, external, managedMembers };
};
