/**
 * Whether a change that was begun is what is left of a reviewed one. Only permission sets take more than one call, and
 * provisionings one for each account; everything else is there or not.
 */
import type { PermissionSet } from "../model/access-state.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { withoutPolicies } from "../model/permission-set-parts.ts";
import type { Change } from "./plan.ts";

export const isOnTheWay = (reviewed: Change, now: Change): boolean => {
  if (reviewed.kind === "provisioning" && now.kind === "provisioning") {
    return reviewed.id === now.id && now.accounts.every((account) => reviewed.accounts.includes(account));
  }
  if (reviewed.kind !== "permissionSet" || now.kind !== "permissionSet") return false;
  if (now.action !== "update" || reviewed.action === "delete") return false;
  if (reviewed.action === "update" && reviewed.id !== now.id) return false;
  const start = reviewed.action === "create" ? withoutPolicies(reviewed.after) : reviewed.before;
  return isBetween(start, now.before, reviewed.after) && isBetween(reviewed.after, now.after, reviewed.after);
};

/** Whether every part is as it was or as it shall be; no part may be any third thing. */
const isBetween = (from: PermissionSet, set: PermissionSet, to: PermissionSet): boolean =>
  wholes.every((part) => isEither(part(from), part(set), part(to))) &&
  lists.every((list) => isListBetween(list(from), list(set), list(to)));

const isEither = (from: unknown, value: unknown, to: unknown): boolean => {
  const text = canonicalJson(value);
  return text === canonicalJson(from) || text === canonicalJson(to);
};

type Part<T> = (set: PermissionSet) => T;

/** Each is written by one call. */
const wholes: readonly Part<unknown>[] = [
  ({ name }) => name,
  ({ description = null, sessionDuration, relayState }) => [description, sessionDuration, relayState],
  ({ inlinePolicy }) => inlinePolicy?.canonical ?? null,
  ({ permissionsBoundary }) => permissionsBoundary,
];

/** Their items come and go one by one. */
const lists: readonly Part<readonly unknown[]>[] = [
  ({ managedPolicies }) => managedPolicies,
  ({ customerManagedPolicies }) => customerManagedPolicies,
  ({ tags = {} }) => Object.entries(tags),
  ({ owner }) => [owner],
];

/** What stays is in it, and what is in it was there or is to come. */
const isListBetween = (
  from: readonly unknown[],
  list: readonly unknown[],
  to: readonly unknown[],
): boolean => {
  const [was, is, shall] = [from, list, to].map((items) => new Set(items.map(canonicalJson)));
  if (was === undefined || is === undefined || shall === undefined) return false;
  return (
    [...is].every((item) => was.has(item) || shall.has(item)) &&
    [...was].every((item) => !shall.has(item) || is.has(item))
  );
};
