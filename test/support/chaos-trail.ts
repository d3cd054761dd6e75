/**
 * Whether an audit trail accounts for every write that the sandbox carried out. What was written is taken from what
 * CloudTrail keeps of it, by ids; the names of these ids from the states before, between and after the runs.
 */
import type { SandboxInstance, SandboxState, StoredEvent } from "../../src/sandbox/state.ts";

/** Each write that no line of the trail is about. `trail`: JSON lines. `states`: in the order of the runs. */
export const unaccounted = (states: readonly SandboxState[], trail: string): string[] => {
  const lines = trail
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { readonly address: string });
  const told = new Set(lines.map(({ address }) => address));
  const names = namesIn(states.flatMap(({ instances }) => instances));
  const events = (states.at(-1)?.events ?? []).filter(({ errorCode }) => errorCode === undefined);
  return events.flatMap((event) => {
    const addresses = addressesOf(event, names);
    return addresses.some((address) => told.has(address))
      ? []
      : [`${event.EventName} on ${addresses.join(" or ") || "something unknown"} is in no audit trail`];
  });
};

type Ids = Readonly<Record<string, unknown>>;

/** All the names that an id had. */
interface Names {
  readonly of: (id: unknown) => readonly string[];
  readonly membership: (id: unknown) => readonly (readonly [groupId: string, userId: string])[];
}

const namesIn = (instances: readonly SandboxInstance[]): Names => {
  const names = instances.flatMap(({ users, groups, permissionSets }) => [
    ...users.map(({ UserId, UserName }) => [UserId, UserName] as const),
    ...groups.map(({ GroupId, DisplayName }) => [GroupId, DisplayName] as const),
    ...permissionSets.map(({ PermissionSetArn, Name }) => [PermissionSetArn, Name] as const),
  ]);
  const memberships = instances.flatMap((instance) => instance.memberships);
  return {
    of: (id) => [...new Set(names.filter(([other]) => other === id).map(([, name]) => name))],
    membership: (id) =>
      memberships
        .filter(({ MembershipId }) => MembershipId === id)
        .map(({ GroupId, UserId }) => [GroupId, UserId]),
  };
};

/** The changes that this write may have been a part of. */
const addressesOf = (event: StoredEvent, names: Names): string[] => {
  const ids = { ...(event.responseElements as Ids | null), ...(event.requestParameters as Ids) };
  const setName = names.of(
    ids.permissionSetArn ?? (ids.permissionSet as Ids | undefined)?.permissionSetArn ?? ids.resourceArn,
  );
  if (event.EventName.endsWith("GroupMembership")) {
    const found =
      ids.groupId === undefined
        ? names.membership(ids.membershipId)
        : [[ids.groupId, (ids.memberId as Ids).userId]];
    return found.flatMap(([groupId, userId]) =>
      names.of(groupId).flatMap((group) => names.of(userId).map((user) => `membership/${group}/${user}`)),
    );
  }
  if (event.EventName.endsWith("User")) return names.of(ids.userId).map((name) => `user/${name}`);
  if (event.EventName.endsWith("Group")) return names.of(ids.groupId).map((name) => `group/${name}`);
  if (event.EventName.endsWith("AccountAssignment")) {
    const type = String(ids.principalType).toLowerCase();
    const principals = names.of(ids.principalId);
    return setName.flatMap((set) =>
      (principals.length === 0 ? [String(ids.principalId)] : principals).map(
        (name) => `assignment/${String(ids.targetId)}/${set}/${type}:${name}`,
      ),
    );
  }
  const set = setName.map((name) => `permissionSet/${name}`);
  if (event.EventName !== "ProvisionPermissionSet") return set;
  return [...setName.map((name) => `provisioning/${name}`), ...set];
};
