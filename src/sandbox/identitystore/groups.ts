import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import type { SandboxInstance, StoredGroup } from "../state.ts";
import { alternateId } from "./alternate-id.ts";
import {
  alternateIdentifier,
  filters,
  groupDisplayName,
  inPages,
  inStore,
  resourceId,
  text,
} from "./shapes.ts";
import {
  findGroup,
  invalid,
  newId,
  notFound,
  quotaExceeded,
  readableStore,
  refuseFilters,
  timestamp,
  writableStore,
} from "./store.ts";
import { refuseTakenGroupName } from "./uniqueness.ts";

const maxGroups = 100_000;

export const listGroups = operation({ ...inPages, Filters: filters }, (input, context) => {
  refuseFilters(input);
  const store = readableStore(input, context);
  const { items, next } = page(context, input, store.groups, { key: (group) => group.GroupId });
  return { Groups: items.map((group) => groupOutput(store, group)), ...next };
});

export const describeGroup = operation({ ...inStore, GroupId: resourceId }, (input, context) => {
  const store = readableStore(input, context);
  return groupOutput(store, findGroup(store, input.GroupId));
});

export const getGroupId = operation(
  { ...inStore, AlternateIdentifier: alternateIdentifier },
  (input, context) => {
    const store = readableStore(input, context);
    const matches = alternateId<StoredGroup>(input.AlternateIdentifier, {
      displayName: (group) => group.DisplayName,
    });
    const group = store.groups.find(matches);
    if (group === undefined) throw notFound("GROUP", undefined);
    return { IdentityStoreId: store.IdentityStoreId, GroupId: group.GroupId };
  },
);

export const createGroup = operation(
  { ...inStore, DisplayName: groupDisplayName, Description: text },
  (input, context) => {
    const store = writableStore(input, context, "CreateGroup");
    const { DisplayName, Description } = input;
    if (DisplayName === undefined) throw invalid("DisplayName is a required attribute.");
    refuseTakenGroupName(store, DisplayName);
    if (store.groups.length >= maxGroups) throw quotaExceeded(`The limit of ${maxGroups} groups is reached.`);
    const group: StoredGroup = {
      GroupId: newId(store, context),
      DisplayName,
      ...(Description === undefined ? {} : { Description }),
      ExternalIds: [],
      CreatedAt: context.now,
      UpdatedAt: context.now,
    };
    store.groups.push(group);
    return { IdentityStoreId: store.IdentityStoreId, GroupId: group.GroupId };
  },
);

/** Memberships go with the group. Account assignments stay behind, as orphans. */
export const deleteGroup = operation({ ...inStore, GroupId: resourceId }, (input, context) => {
  const store = writableStore(input, context, "DeleteGroup");
  const { GroupId } = findGroup(store, input.GroupId);
  store.groups = store.groups.filter((group) => group.GroupId !== GroupId);
  store.memberships = store.memberships.filter((membership) => membership.GroupId !== GroupId);
  return {};
});

function groupOutput(store: SandboxInstance, group: StoredGroup): Record<string, unknown> {
  return {
    IdentityStoreId: store.IdentityStoreId,
    GroupId: group.GroupId,
    DisplayName: group.DisplayName,
    ...(group.Description === undefined ? {} : { Description: group.Description }),
    ...(group.ExternalIds.length === 0 ? {} : { ExternalIds: group.ExternalIds }),
    CreatedAt: timestamp(group.CreatedAt),
    UpdatedAt: timestamp(group.UpdatedAt),
  };
}
