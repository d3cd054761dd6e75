import type { Membership } from "../model/access-state.ts";
import { encodePart, membershipAddress } from "../model/address.ts";
import type { Unread } from "../model/live-state.ts";
import type { InstanceReader, ListedMembership } from "../model/ports.ts";
import type { Principals } from "./principals.ts";
import { isNotFound, type Reading, unlessAllDenied } from "./reading.ts";
import { chooseMembershipStrategy } from "./strategy.ts";

export interface ReadMemberships {
  /** By address. */
  readonly memberships: ReadonlyMap<string, Membership>;
  /** Membership id by address. */
  readonly ids: ReadonlyMap<string, string>;
  readonly unread: readonly Unread[];
}

/** Groups by display name. */
export type WantedMemberships = "all" | ReadonlySet<string>;

export const wantedGroups = ({ ids }: Principals, wanted: WantedMemberships): [name: string, id: string][] =>
  [...ids.groups].filter(([name]) => wanted === "all" || wanted.has(name));

export const readMemberships = async (
  reader: InstanceReader,
  reading: Reading,
  principals: Principals,
  wanted: WantedMemberships,
): Promise<ReadMemberships> => {
  const groups = wantedGroups(principals, wanted);
  const users = [...principals.ids.users];
  const sources =
    chooseMembershipStrategy(groups.length, users.length) === "by-group"
      ? groups.map(([name, id]) => ({
          scope: `membership/${encodePart(name)}/*`,
          read: () => reader.listGroupMemberships(id),
        }))
      : users.map(([name, id]) => ({
          scope: `membership/*/${encodePart(name)}`,
          read: () => reader.listGroupMembershipsForMember(id),
        }));
  const attempts = unlessAllDenied(await Promise.all(sources.map(({ read }) => reading.attempt(read))));

  const unread: Unread[] = [];
  const listed: ListedMembership[] = [];
  for (const [index, attempt] of attempts.entries()) {
    if ("read" in attempt) listed.push(...attempt.read);
    // Gone since it was listed, and its memberships with it.
    else if (!isNotFound(attempt.failed)) {
      unread.push({ scope: sources[index]?.scope ?? "membership/*", reason: attempt.failed.message });
    }
  }
  return { ...named(listed, principals, new Set(groups.map(([, id]) => id)), unread), unread };
};

const named = (
  listed: readonly ListedMembership[],
  principals: Principals,
  wantedIds: ReadonlySet<string>,
  unread: Unread[],
): Pick<ReadMemberships, "memberships" | "ids"> => {
  const memberships = new Map<string, Membership>();
  const ids = new Map<string, string>();
  for (const { id, groupId, userId } of listed) {
    const group = principals.nameOf("GROUP", groupId);
    if (group === undefined || !wantedIds.has(groupId)) continue;
    const user = principals.nameOf("USER", userId);
    const membership = { group, user: user ?? userId };
    const address = membershipAddress(membership);
    if (user === undefined) {
      unread.push({ scope: address, reason: "the user came or went while memberships were read" });
      continue;
    }
    memberships.set(address, membership);
    ids.set(address, id);
  }
  return { memberships, ids };
};
