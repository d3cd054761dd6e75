import type { Group } from "../model/access-state.ts";
import { compareText } from "../model/address.ts";
import type { PlanDifference } from "../plan/compare-plans.ts";
import type { Change, Risk } from "../plan/plan.ts";
import { reachesAsReviewed } from "../plan/reach.ts";
import { isSame } from "../plan/same.ts";
import { few } from "./labels.ts";
import { type Line, line } from "./lines.ts";
import { permissionSetLines, userLines } from "./object-lines.ts";
import { participles } from "./outcome-words.ts";
import { reasonsText } from "./risk-words.ts";

/**
 * Each object for which the plan of now is not the one that was reviewed: what stood there then, and what stands there
 * now. With the same manifest, a difference can only come from what is live. Sorted by address; not yet escaped.
 */
export const planDifferenceLines = (
  { gone, unread, unreviewed, different, undone }: PlanDifference,
  sameManifest: boolean,
): Line[] =>
  [
    ...undone.map((change) =>
      told(change, "was done by an earlier run of this plan, and is not so any more"),
    ),
    ...unread.map((change) =>
      told(change, "could not be read this time, so that nobody knows whether it is done"),
    ),
    ...different.map(({ reviewed: then, now: after }) => changedTwice(then, after)),
    ...gone.map((change) =>
      sameManifest
        ? moved(change, beforeOf(change), afterOf(change))
        : told(change, `was to be ${participles[change.action]}, and no longer is`),
    ),
    ...unreviewed.map((change) =>
      sameManifest
        ? moved(change, afterOf(change), beforeOf(change))
        : told(change, `is to be ${participles[change.action]} now, which was not reviewed`),
    ),
  ]
    .sort((a, b) => compareText(a[0]?.text ?? "", b[0]?.text ?? ""))
    .flat();

const changedTwice = (reviewed: Change, now: Change): Line[] => {
  if (!isSame(beforeOf(reviewed), beforeOf(now))) return moved(now, beforeOf(reviewed), beforeOf(now));
  if (reviewed.id !== now.id) return told(now, "was deleted and made again since: its id is another");
  const further = reachLines(reviewed.risk, now.risk);
  if (further.length > 0)
    return [line(0, null, now.address, "does the same, and reaches further now"), ...further];
  if (isSame(afterOf(reviewed), afterOf(now)))
    return told(now, "would not wait any more for changes that it was to wait for");
  return [
    line(
      0,
      null,
      now.address,
      "is to become something else; from what was reviewed to what is asked for now",
    ),
    ...attributeLines(now, afterOf(reviewed), afterOf(now)),
  ];
};

/** What a change gives beyond what was reviewed, because access beside it has changed. */
const reachLines = (reviewed: Risk, now: Risk): Line[] => {
  if (reachesAsReviewed(now, reviewed)) return [];
  const lines = (
    [
      ["accounts", now.accounts, reviewed.accounts],
      ["administrator access to", now.administratorAccounts, reviewed.administratorAccounts],
      ["for", now.principals, reviewed.principals],
    ] as const
  ).flatMap(([what, is = [], was = []]) => {
    const more = is.filter((each) => !was.includes(each));
    return more.length === 0 ? [] : [line(1, "+", `${what}: ${few(more)}`)];
  });
  const reasons = reasonsText(now.reasons.filter((reason) => !reviewed.reasons.includes(reason)));
  if (reasons !== "") lines.push(line(1, "+", reasons));
  return lines.length > 0
    ? lines
    : [line(1, "~", "others have it, or in other accounts, than when it was reviewed")];
};

const told = ({ address }: Change, what: string): Line[] => [line(0, null, address, what)];

const moved = (change: Change, was: unknown, is: unknown): Line[] => {
  const { address } = change;
  if (was === null) return [line(0, "+", address, "was not there, and is now")];
  if (is === null) return [line(0, "-", address, "was there, and is gone")];
  return [
    line(0, "~", address, "from what was reviewed to what is there now"),
    ...attributeLines(change, was, is),
  ];
};

/** Accounts stand for what is provisioned: those that hold an older version. */
const beforeOf = (change: Change): unknown =>
  change.kind === "provisioning" ? change.accounts : change.before;

const afterOf = (change: Change): unknown => (change.kind === "provisioning" ? [] : change.after);

const attributeLines = (change: Change, was: unknown, is: unknown): Line[] => {
  // Both are values of the kind that the change has.
  switch (change.kind) {
    case "user":
      return userLines(1, was as NonNullable<typeof change.before>, is as NonNullable<typeof change.after>);
    case "group":
      return groupLines(was as Group, is as Group);
    case "permissionSet":
      return permissionSetLines(
        1,
        was as NonNullable<typeof change.before>,
        is as NonNullable<typeof change.after>,
      );
    case "provisioning":
      return [line(1, "~", `accounts with an older version: ${accountsText(was)} -> ${accountsText(is)}`)];
    case "assignment":
    case "membership":
      return [];
  }
};

const groupLines = (was: Group, is: Group): Line[] =>
  (["displayName", "description"] as const).flatMap((key) =>
    was[key] === is[key] ? [] : [line(1, "~", `${key}: ${was[key] ?? "none"} -> ${is[key] ?? "none"}`)],
  );

const accountsText = (value: unknown): string =>
  Array.isArray(value) && value.length > 0 ? value.join(", ") : "none";
