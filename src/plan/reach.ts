/**
 * Whom a change reaches, and with what: the part of its risk that was reviewed with it. Two changes may do the same and
 * reach others, because access beside them has changed: a group was given more, a permission set was assigned elsewhere.
 */
import type { Risk, RiskReason } from "./plan.ts";

/** What goes into the digest. Whether access is the first or the last one hangs on what the change does not touch. */
export const reachOf = ({
  direction,
  reasons,
  reasonAccounts = {},
  accounts,
  administratorAccounts,
  principals,
  reach,
  unread,
}: Risk): object => {
  if (direction === "neutral") return { reach, unread };
  const places = Object.entries(reasonAccounts).filter(([reason]) => counts(reason as RiskReason));
  return {
    reasons: reasons.filter(counts),
    reasonAccounts: Object.fromEntries(places),
    accounts,
    administratorAccounts,
    principals,
    reach,
    unread,
  };
};

/**
 * Whether nobody is reached that was not when the change was reviewed. It may be fewer, where an earlier run of the plan
 * has done a part of it. The digest of a permission set's reach says all: of one that is to be made the rest is not known
 * before a run has begun it.
 */
export const reachesNoFurther = (now: Risk, reviewed: Risk): boolean => {
  if ((now.unread?.count ?? 0) > (reviewed.unread?.count ?? 0)) return false;
  if (now.reach !== undefined) return now.reach === reviewed.reach;
  // What takes access away may take what an earlier run of the plan has given.
  if (now.direction !== "broadening") return true;
  return (
    isWithin(now.accounts, reviewed.accounts) &&
    isWithin(now.administratorAccounts, reviewed.administratorAccounts)
  );
};

/** The same, and for no other reasons: of a change that is still to be done as a whole. */
export const reachesAsReviewed = (now: Risk, reviewed: Risk): boolean =>
  reachesNoFurther(now, reviewed) &&
  (now.direction !== "broadening" ||
    now.reasons
      .filter(counts)
      .every(
        (reason) =>
          reviewed.reasons.includes(reason) && isWithin(placesOf(now, reason), placesOf(reviewed, reason)),
      ));

const counts = (reason: RiskReason): boolean => reason !== "first-access" && reason !== "last-access";

const placesOf = ({ reasonAccounts, accounts, administratorAccounts }: Risk, reason: RiskReason) =>
  reason === "administrator" ? administratorAccounts : (reasonAccounts?.[reason] ?? accounts);

const isWithin = (some: readonly string[] = [], all: readonly string[] = []): boolean => {
  const known = new Set(all);
  return some.every((each) => known.has(each));
};
