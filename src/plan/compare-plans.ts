import { compareText, permissionSetAddress, provisioningAddress } from "../model/address.ts";
import { unreadAt } from "../model/coverage.ts";
import type { LiveState } from "../model/live-state.ts";
import { effectOf } from "./digest.ts";
import { isOnTheWay } from "./on-the-way.ts";
import type { Change, Plan } from "./plan.ts";
import { reachesAsReviewed, reachesNoFurther } from "./reach.ts";
import { underNewNames } from "./renames.ts";
import { standsThere } from "./stands-there.ts";

/** How the plan of now differs from the one that was reviewed. Each list is sorted by address. */
export interface PlanDifference {
  /** Reviewed, and no longer needed. */
  readonly gone: readonly Change[];
  /** Reviewed, and of an object that could not be read this time. */
  readonly unread: readonly Change[];
  /** Needed now, and never reviewed. */
  readonly unreviewed: readonly Change[];
  /** Of the same object, but from or to another state. */
  readonly different: readonly { readonly reviewed: Change; readonly now: Change }[];
  /** Done by an earlier run of the reviewed plan, and needed again. */
  readonly undone: readonly Change[];
  /** How many of the reviewed changes an earlier run has done. */
  readonly done: number;
}

/**
 * What an earlier run of the reviewed plan did, by address. done: AWS has carried the change out. begun: a part of it
 * was sent and may have taken effect, or all of it, and its answer is not known.
 */
export type DoneBefore = ReadonlyMap<string, "done" | "begun">;

/**
 * Compares what is left to do with what was reviewed, in the sense of the digest: where and why does not count, whom it
 * reaches does. A reviewed change may be missing, or be half done, only where an earlier run of that plan did it and it stands there.
 */
export const comparePlans = (
  reviewed: Plan,
  now: Plan,
  { doneBefore, live }: { readonly doneBefore: DoneBefore; readonly live: LiveState },
): PlanDifference => {
  const [before, after] = [byAddress(reviewed), byAddress(now)];
  const there = underNewNames(live, namesToCome(reviewed, live));
  const difference = {
    gone: [] as Change[],
    unread: [] as Change[],
    unreviewed: [...after.values()].filter(
      (change) => !before.has(change.address) && !isRestOfUpdate(change, before, doneBefore),
    ),
    different: [] as { reviewed: Change; now: Change }[],
    undone: [] as Change[],
    done: 0,
  };
  for (const change of before.values()) {
    const other = after.get(change.address);
    const extent = doneBefore.get(change.address);
    if (other === undefined) {
      if (unreadAt(live.coverage, change.address) !== undefined) difference.unread.push(change);
      else if (extent === undefined || !standsThere(change, there)) difference.gone.push(change);
      else if (!hasRest(change, after)) difference.done += 1;
    } else if (extent === "done") {
      difference.undone.push(change);
    } else if (!isAsReviewed(change, other, extent === "begun") || !keepsOrder(change, other, after)) {
      difference.different.push({ reviewed: change, now: other });
    }
  }
  return difference;
};

/** Whether all that was reviewed stands there already, whoever did it. */
export const isDone = (reviewed: Plan, live: LiveState): boolean => {
  const there = underNewNames(live, namesToCome(reviewed, live));
  return reviewed.changes.every((change) => standsThere(change, there));
};

/** Whether every object is as the reviewed plan found it, or as an earlier run of it has left it. */
export const isCovered = ({ gone, unread, unreviewed, different, undone }: PlanDifference): boolean =>
  [gone, unread, unreviewed, different, undone].every(({ length }) => length === 0);

const byAddress = ({ changes }: Plan): ReadonlyMap<string, Change> =>
  new Map(
    changes.toSorted((a, b) => compareText(a.address, b.address)).map((change) => [change.address, change]),
  );

const isAsReviewed = (reviewed: Change, now: Change, isBegun: boolean): boolean =>
  effectOf({ ...reviewed, dependsOn: [] }) === effectOf({ ...now, dependsOn: [] })
    ? reachesAsReviewed(now.risk, reviewed.risk)
    : isBegun && isOnTheWay(reviewed, now) && reachesNoFurther(now.risk, reviewed.risk);

/**
 * Of what is left, nothing may be used before it is there, or go before what was to come first. Whether what is given
 * waits for what goes is for who has access now to decide (order.ts).
 */
const keepsOrder = (reviewed: Change, now: Change, left: ReadonlyMap<string, Change>): boolean => {
  const awaited = new Set(now.dependsOn);
  const isFree = (address: string): boolean =>
    now.action === "update" || (now.action === "create" && left.get(address)?.action === "delete");
  return reviewed.dependsOn.every((address) => !left.has(address) || awaited.has(address) || isFree(address));
};

/** An update of a permission set reaches every account that has it: what is left of it may be only that. */
const isRestOfUpdate = (
  now: Change,
  reviewed: ReadonlyMap<string, Change>,
  doneBefore: DoneBefore,
): boolean => {
  if (now.kind !== "provisioning") return false;
  const update = reviewed.get(permissionSetAddress(now.permissionSet));
  return update?.action === "update" && update.id === now.id && doneBefore.has(update.address);
};

const hasRest = (reviewed: Change, now: ReadonlyMap<string, Change>): boolean =>
  reviewed.kind === "permissionSet" &&
  reviewed.action === "update" &&
  now.has(provisioningAddress(reviewed.after.name));

/** Groups that the reviewed plan renames and that still have their old name. */
const namesToCome = ({ changes }: Plan, live: LiveState): ReadonlyMap<string, string> =>
  new Map(
    changes.flatMap((change) =>
      change.kind === "group" &&
      change.action === "update" &&
      change.before.displayName !== change.after.displayName &&
      live.state.groups.has(change.before.displayName)
        ? [[change.before.displayName, change.after.displayName] as const]
        : [],
    ),
  );
