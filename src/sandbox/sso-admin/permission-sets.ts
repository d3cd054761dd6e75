import { operation } from "../operation.ts";
import { page } from "../pages.ts";
import type { StoredPermissionSet } from "../state.ts";
import { refuseForeignSet } from "./access.ts";
import { conflict, findInstance, findPermissionSet, invalid, quotaExceeded, seconds } from "./lookup.ts";
import { markStale } from "./provisioned-roles.ts";
import { inProgress } from "./settle.ts";
import {
  description,
  instanceArn,
  paging,
  permissionSetArn,
  permissionSetName,
  relayState,
  sessionDuration,
  tagList,
} from "./shapes.ts";
import { addTags } from "./tags.ts";

const maximumPermissionSets = 3500;

export const permissionSetOperations = {
  CreatePermissionSet: operation(
    {
      Name: permissionSetName,
      Description: description,
      InstanceArn: instanceArn,
      SessionDuration: sessionDuration,
      RelayState: relayState,
      Tags: tagList,
    },
    (input, context) => {
      const instance = findInstance(context, input.InstanceArn);
      refuseBadDuration(input.SessionDuration);
      const tags = addTags({}, input.Tags ?? []);
      if (instance.permissionSets.some((set) => set.Name === input.Name)) {
        throw conflict(`PermissionSet with name ${input.Name} already exists.`);
      }
      if (instance.permissionSets.length >= maximumPermissionSets) {
        throw quotaExceeded(`The instance has ${maximumPermissionSets} permission sets, which is the limit.`);
      }
      const instanceId = input.InstanceArn.slice(input.InstanceArn.lastIndexOf("/") + 1);
      const set: StoredPermissionSet = {
        PermissionSetArn: `arn:aws:sso:::permissionSet/${instanceId}/ps-${context.uuid().replaceAll("-", "").slice(0, 16)}`,
        Name: input.Name,
        ...(input.Description === undefined ? {} : { Description: input.Description }),
        SessionDuration: input.SessionDuration ?? "PT1H",
        ...(input.RelayState === undefined ? {} : { RelayState: input.RelayState }),
        CreatedDate: context.now,
        managedPolicies: [],
        customerManagedPolicies: [],
        tags,
      };
      instance.permissionSets.push(set);
      return { PermissionSet: describe(set) };
    },
  ),

  DescribePermissionSet: operation(
    { InstanceArn: instanceArn, PermissionSetArn: permissionSetArn },
    (input, context) => ({ PermissionSet: describe(findPermissionSet(context, input).set) }),
  ),

  /** ARNs only: names take a DescribePermissionSet each. */
  ListPermissionSets: operation({ InstanceArn: instanceArn, ...paging }, (input, context) => {
    const { permissionSets } = findInstance(context, input.InstanceArn);
    const { items, next } = page(context, input, permissionSets, { key: (set) => set.PermissionSetArn });
    return { PermissionSets: items.map((set) => set.PermissionSetArn), ...next };
  }),

  /** Keeps a description or a duration that is left out, but a relay state that is left out is cleared. */
  UpdatePermissionSet: operation(
    {
      InstanceArn: instanceArn,
      PermissionSetArn: permissionSetArn,
      Description: description,
      SessionDuration: sessionDuration,
      RelayState: relayState,
    },
    (input, context) => {
      const { instance, set } = findPermissionSet(context, input);
      refuseForeignSet(context, instance, set, "sso:UpdatePermissionSet");
      refuseBadDuration(input.SessionDuration);
      if (input.Description !== undefined) set.Description = input.Description;
      if (input.SessionDuration !== undefined) set.SessionDuration = input.SessionDuration;
      if (input.RelayState === undefined) delete set.RelayState;
      else set.RelayState = input.RelayState;
      markStale(instance, set);
      return {};
    },
  ),

  DeletePermissionSet: operation(
    { InstanceArn: instanceArn, PermissionSetArn: permissionSetArn },
    (input, context) => {
      const { instance, set } = findPermissionSet(context, input);
      refuseForeignSet(context, instance, set, "sso:DeletePermissionSet");
      const uses = [...instance.assignments, ...instance.provisioned, ...inProgress(instance)];
      if (uses.some((use) => use.PermissionSetArn === set.PermissionSetArn)) {
        throw conflict("Could not delete because PermissionSet has ApplicationProfile associated with it");
      }
      instance.permissionSets = instance.permissionSets.filter((other) => other !== set);
      return {};
    },
  ),
};

function describe(set: StoredPermissionSet): Record<string, unknown> {
  return {
    Name: set.Name,
    PermissionSetArn: set.PermissionSetArn,
    ...(set.Description === undefined ? {} : { Description: set.Description }),
    CreatedDate: seconds(set.CreatedDate),
    SessionDuration: set.SessionDuration,
    ...(set.RelayState === undefined ? {} : { RelayState: set.RelayState }),
  };
}

/** The model takes any ISO 8601 duration, the service one to twelve hours. */
function refuseBadDuration(duration: string | undefined): void {
  if (duration === undefined) return;
  const [, minus, years = 0, months = 0, count = 0, unit, hours = 0, minutes = 0, secs = 0] =
    /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
      duration,
    ) ?? [];
  const days = Number(years) * 365 + Number(months) * 30 + Number(count) * (unit === "W" ? 7 : 1);
  const total = days * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(secs);
  if (minus === "" && total >= 3600 && total <= 12 * 3600) return;
  throw invalid(`SessionDuration ${duration} must be between PT1H and PT12H.`);
}
