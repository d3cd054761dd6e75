import type { Assignment } from "../model/access-state.ts";
import type { ManagedKind } from "../model/desired-state.ts";
import type { Reason } from "../plan/plan.ts";
import { reasonText } from "../plan/reason-text.ts";

export type AccountNames = ReadonlyMap<string, string>;

/** `production (111111111111)`. Like all of these, not yet escaped. */
export const accountLabel = (id: string, names: AccountNames): string => {
  const name = names.get(id);
  return name === undefined || name === id ? id : `${name} (${id})`;
};

/** `production (111111111111)`, or `3 accounts: production (…), … and 1 more`. */
export const accountsLabel = (ids: readonly string[], names: AccountNames): string => {
  const [only] = ids;
  return ids.length === 1 && only !== undefined
    ? accountLabel(only, names)
    : `${ids.length} accounts: ${few(ids, 5, (id) => accountLabel(id, names))}`;
};

export const principalLabel = ({ principalType, principal }: Assignment): string =>
  `${principalType === "GROUP" ? "group" : "user"} ${principal}`;

/** AWS's own policies by what tells them apart: `AdministratorAccess`, `job-function/Billing`. */
export const policyLabel = (arn: string): string => arn.replace(/^arn:aws[a-z-]*:iam::aws:policy\//, "");

/** `group Old-Team` for `group/Old-Team`. */
const objectLabel = (address: string): string => {
  const slash = address.indexOf("/");
  const kind = address.slice(0, slash);
  return `${kind === "permissionSet" ? "permission set" : kind} ${address.slice(slash + 1)}`;
};

/** Why something is deleted, or the author's words for why it is made; null where there is nothing to say. */
export const reasonNote = (action: string, reason: Reason): string | null => {
  const { code, detail } = reason;
  if (code === "renamed") {
    return `${action === "create" ? "replaces" : action === "delete" ? "replaced by" : "was"} ${detail ?? ""}`;
  }
  if (code === "parent-deleted") return `goes with ${objectLabel(detail ?? "/")}`;
  if (code === "differs" || (code === "declared" && detail === undefined)) return null;
  return reasonText(reason);
};

/** Such as `permission sets`, for `permissionSets`. */
export const kindLabel = (kind: ManagedKind | undefined): string =>
  kind === "permissionSets" ? "permission sets" : (kind ?? "objects");

/** The first of them, and how many more there are. */
export const firstOf = (texts: readonly string[], most = 8): string[] => {
  // One more is shorter than saying so.
  if (texts.length <= most + 1) return [...texts];
  return [...texts.slice(0, most), `and ${texts.length - most} more`];
};

export const few = (
  items: readonly string[],
  limit = 5,
  label: (item: string) => string = (item) => item,
): string => {
  // One more is shorter than saying so.
  if (items.length <= limit + 1) return items.map(label).join(", ");
  return `${items.slice(0, limit).map(label).join(", ")} and ${items.length - limit} more`;
};

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
