import { compareText } from "../model/address.ts";
import { effectOf } from "./digest.ts";
import type { Change, Plan } from "./plan.ts";

/** How the plan of now differs from the one that was reviewed. Each list is sorted by address. */
export interface PlanDifference {
  /** Reviewed, and no longer needed. */
  readonly gone: readonly Change[];
  /** Needed now, and never reviewed. */
  readonly unreviewed: readonly Change[];
  /** Of the same object, but from or to another state. */
  readonly different: readonly { readonly reviewed: Change; readonly now: Change }[];
}

/** Compares what two plans would do, in the sense of the digest: where and why does not count. */
export const comparePlans = (reviewed: Plan, now: Plan): PlanDifference => {
  const before = byAddress(reviewed);
  const after = byAddress(now);
  return {
    gone: [...before.values()].filter(({ address }) => !after.has(address)),
    unreviewed: [...after.values()].filter(({ address }) => !before.has(address)),
    different: [...before.values()].flatMap((change) => {
      const other = after.get(change.address);
      return other === undefined || effectOf(change) === effectOf(other)
        ? []
        : [{ reviewed: change, now: other }];
    }),
  };
};

const byAddress = ({ changes }: Plan): ReadonlyMap<string, Change> =>
  new Map(
    changes.toSorted((a, b) => compareText(a.address, b.address)).map((change) => [change.address, change]),
  );
