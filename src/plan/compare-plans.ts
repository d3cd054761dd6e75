import { compareText } from "../model/address.ts";
import { canonicalJson } from "../model/canonical-json.ts";
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

/** Compares what two plans would do. Positions do not count: a comment that moves a line changes nothing. */
export const comparePlans = (reviewed: Plan, now: Plan): PlanDifference => {
  const before = byAddress(reviewed);
  const after = byAddress(now);
  return {
    gone: [...before.values()].filter(({ address }) => !after.has(address)),
    unreviewed: [...after.values()].filter(({ address }) => !before.has(address)),
    different: [...before.values()].flatMap((change) => {
      const other = after.get(change.address);
      return other === undefined || effect(change) === effect(other)
        ? []
        : [{ reviewed: change, now: other }];
    }),
  };
};

const byAddress = ({ changes }: Plan): ReadonlyMap<string, Change> =>
  new Map(
    changes.toSorted((a, b) => compareText(a.address, b.address)).map((change) => [change.address, change]),
  );

const effect = ({ position: _position, ...change }: Change): string => canonicalJson(change);
