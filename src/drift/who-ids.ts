import { membershipAddress } from "../model/address.ts";
import type { AuditEvent } from "../model/audit-event.ts";
import type { LiveState } from "../model/live-state.ts";

/** Ids by name: of what is live, and of what is gone as far as CloudTrail remembers it being made. */
export interface KnownIds {
  readonly users: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
  /** Several where a set was deleted and made again. */
  readonly permissionSets: ReadonlyMap<string, readonly string[]>;
  /** Membership ids by address. */
  readonly memberships: ReadonlyMap<string, readonly string[]>;
}

export const collectIds = ({ ids }: LiveState): KnownIds => ({
  users: ids.users,
  groups: ids.groups,
  permissionSets: new Map([...ids.permissionSets].map(([name, arn]) => [name, [arn]])),
  memberships: new Map([...ids.memberships].map(([address, id]) => [address, [id]])),
});

/**
 * A deletion names nothing but an id. The call that made the object is in the same history and ties that id to what it
 * was: a permission set to its name, a membership to its group and user.
 */
export const addIdsOfTheGone = (known: KnownIds, events: readonly AuditEvent[]): KnownIds => {
  const permissionSets = new Map(known.permissionSets);
  const memberships = new Map(known.memberships);
  const userNames = new Map([...known.users].map(([name, id]) => [id, name]));
  const groupNames = new Map([...known.groups].map(([name, id]) => [id, name]));
  for (const { name, mentions } of events) {
    if (name === "CreatePermissionSet") {
      const arn = [...mentions].find((text) => permissionSetArn.test(text));
      if (arn === undefined) continue;
      for (const text of mentions) {
        if (permissionSetName.test(text)) add(permissionSets, text, arn);
      }
    } else if (name === "CreateGroupMembership") {
      const texts = [...mentions];
      const group = texts.find((text) => groupNames.has(text));
      const user = texts.find((text) => userNames.has(text));
      if (group === undefined || user === undefined) continue;
      const address = membershipAddress({
        group: groupNames.get(group) ?? "",
        user: userNames.get(user) ?? "",
      });
      for (const text of texts) if (isOther(text, group, user)) add(memberships, address, text);
    }
  }
  return { ...known, permissionSets, memberships };
};

const permissionSetArn = /^arn:aws[a-z-]*:sso:::permissionSet\//;
const permissionSetName = /^[\w+=,.@-]{1,32}$/;

/** The id of the membership is the only other thing in there that looks like an id of the store. */
const isOther = (text: string, group: string, user: string): boolean =>
  text !== group &&
  text !== user &&
  /^([0-9a-f]{10}-)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text);

const add = (to: Map<string, readonly string[]>, key: string, id: string): void => {
  const before = to.get(key) ?? [];
  if (!before.includes(id)) to.set(key, [...before, id]);
};
