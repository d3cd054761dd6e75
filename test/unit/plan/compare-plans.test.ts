import { describe, expect, it } from "vitest";
import type { LiveState } from "../../../src/model/live-state.ts";
import { comparePlans, type DoneBefore, isCovered } from "../../../src/plan/compare-plans.ts";
import type { Change, Plan } from "../../../src/plan/plan.ts";
import {
  allow,
  type DesiredSketch,
  live,
  type LiveSketch,
  type permissionSet,
  plan,
  policy,
} from "./builders.ts";

const compare = (
  wanted: DesiredSketch,
  [then, now]: readonly [LiveSketch, LiveSketch],
  doneBefore: Record<string, "done" | "begun">,
) =>
  comparePlans(plan(wanted, then), plan(wanted, now), {
    doneBefore: new Map(Object.entries(doneBefore)),
    live: live(now),
  });
const isLetThrough = (...args: Parameters<typeof compare>): boolean => isCovered(compare(...args));
const addresses = (changes: readonly Change[]): string[] => changes.map(({ address }) => address);

const inlinePolicy = policy({ Version: "2012-10-17", Statement: [allow("s3:*")] });
const oldSet = { name: "Dev", description: "For developers" };
const newSet = { ...oldSet, sessionDuration: 7200, inlinePolicy };

describe("an update of a permission set of which only the accounts are left", () => {
  const where = (...stale: string[]) => ({
    Dev: { accounts: ["111111111111", "222222222222"], stale },
  });
  const [before, edited] = [
    { permissionSets: [oldSet], provisioning: where() },
    { permissionSets: [newSet], provisioning: where("222222222222") },
  ];
  const wanted = { permissionSets: [newSet] };

  it("is let through where the update was begun, and counts as not done", () => {
    const difference = compare(wanted, [before, edited], { "permissionSet/Dev": "begun" });
    expect(isCovered(difference)).toBe(true);
    expect(difference.done).toBe(0);
  });

  it("is refused without a trace", () => {
    const difference = compare(wanted, [before, edited], {});
    expect(addresses(difference.gone)).toEqual(["permissionSet/Dev"]);
    expect(addresses(difference.unreviewed)).toEqual(["provisioning/Dev"]);
  });

  it("is left too where it was done: what the accounts get is what was reviewed", () => {
    const difference = compare(wanted, [before, edited], { "permissionSet/Dev": "done" });
    expect(isCovered(difference)).toBe(true);
    expect(difference.done).toBe(0);
  });

  it("is refused where nobody knows which accounts are stale", () => {
    const unknown = {
      permissionSets: [newSet],
      provisioning: { Dev: { accounts: ["111111111111"], stale: null } },
    };
    expect(isLetThrough(wanted, [before, unknown], { "permissionSet/Dev": "begun" })).toBe(false);
  });
});

describe("a provisioning", () => {
  const stale = (...accounts: string[]): LiveSketch => ({
    permissionSets: [newSet],
    provisioning: { Dev: { accounts: ["111111111111", "222222222222"], stale: accounts } },
  });
  const wanted = { permissionSets: [newSet] };
  const [all, first, second, none] = [
    stale("111111111111", "222222222222"),
    stale("111111111111"),
    stale("222222222222"),
    stale(),
  ];
  const begun = { "provisioning/Dev": "begun" } as const;

  it("may be half done, where it was begun", () => {
    expect(isLetThrough(wanted, [all, first], begun)).toBe(true);
    expect(isLetThrough(wanted, [all, none], begun)).toBe(true);
    expect(isLetThrough(wanted, [all, first], {})).toBe(false);
  });

  it("reaches no account that was not reviewed", () => {
    expect(isLetThrough(wanted, [first, second], begun)).toBe(false);
    expect(isLetThrough(wanted, [first, all], begun)).toBe(false);
  });
});

describe("a permission set that is half made", () => {
  const wanted = { permissionSets: [{ ...newSet, managedPolicies: ["arn:a", "arn:b"] }] };
  const begun = { "permissionSet/Dev": "begun" } as const;
  const isOk = (set: Parameters<typeof permissionSet>[0]): boolean =>
    isLetThrough(wanted, [{}, { permissionSets: [set] }], begun);

  it("is let through with any part of its policies", () => {
    const made = { ...oldSet, sessionDuration: 7200 };
    expect(isOk(made)).toBe(true);
    expect(isOk({ ...made, inlinePolicy })).toBe(true);
    expect(isOk({ ...made, managedPolicies: ["arn:b"] })).toBe(true);
    expect(isOk({ ...newSet, managedPolicies: ["arn:a", "arn:b"] })).toBe(true);
  });

  it("is refused with anything else in it", () => {
    const made = { ...oldSet, sessionDuration: 7200 };
    expect(isOk({ ...made, managedPolicies: ["arn:c"] })).toBe(false);
    expect(isOk({ ...made, sessionDuration: 3600 })).toBe(false);
    expect(isOk({ ...made, inlinePolicy: policy({ Statement: [allow("iam:*")] }) })).toBe(false);
    expect(isOk({ ...made, permissionsBoundary: { managedPolicyArn: "arn:x" } })).toBe(false);
  });

  it("is refused without a trace", () => {
    expect(isLetThrough(wanted, [{}, { permissionSets: [oldSet] }], {})).toBe(false);
  });
});

describe("an update of a permission set", () => {
  const wanted = { permissionSets: [newSet] };
  const at = (ids: Map<string, string>): LiveState => {
    const there = live({ permissionSets: [oldSet] });
    return { ...there, ids: { ...there.ids, permissionSets: ids } };
  };

  it("whose settings are neither those of before nor those of after is refused: one call writes them all", () => {
    const mixed = { ...oldSet, relayState: "https://example.com", sessionDuration: 7200 };
    const then = { permissionSets: [{ ...oldSet, relayState: "https://example.com" }] };
    expect(isLetThrough(wanted, [then, { permissionSets: [mixed] }], { "permissionSet/Dev": "begun" })).toBe(
      false,
    );
  });

  it("of a set that was deleted and made again is refused", () => {
    const reviewed = plan(wanted, { permissionSets: [oldSet] });
    const now: Plan = {
      ...reviewed,
      changes: reviewed.changes.map((change) => ({ ...change, id: "other" })),
    };
    const doneBefore: DoneBefore = new Map([["permissionSet/Dev", "begun"]]);
    const there = at(new Map([["Dev", "other"]]));
    expect(isCovered(comparePlans(reviewed, now, { doneBefore, live: there }))).toBe(false);
  });
});

describe("what was done", () => {
  const wanted = { groups: ["Devs"], users: ["ann"], memberships: ["Devs/ann"] };
  const made = { groups: ["Devs"], users: ["ann"] };
  const traces = { "group/Devs": "done", "user/ann": "begun" } as const;

  it("and what may have been done counts, where it stands there", () => {
    const difference = compare(wanted, [{}, made], traces);
    expect(isCovered(difference)).toBe(true);
    expect(difference.done).toBe(2);
  });

  it("does not count where it was not read", () => {
    const unread = { ...made, unread: [{ scope: "group/Devs", reason: "denied" }] };
    const difference = compare(wanted, [{}, unread], traces);
    expect(addresses(difference.unread)).toContain("group/Devs");
  });

  it("under a group that still has its old name counts", () => {
    const renaming = {
      groups: ["New"],
      users: ["ann"],
      memberships: ["New/ann"],
      previously: { groups: { New: ["Old"] } },
    };
    const then = { groups: ["Old"], users: ["ann"] };
    const now = { ...then, memberships: ["Old/ann"] };
    const difference = compare(renaming, [then, now], { "membership/New/ann": "done" });
    expect(isCovered(difference)).toBe(true);
    expect(difference.done).toBe(1);
  });
});

it("refuses a rest in which a removal would no longer wait for what replaces it", () => {
  const there = { groups: ["Devs"], users: ["ann"], permissionSets: ["A", "B"] };
  const wanted = { ...there, assignments: ["111111111111/B/group:Devs"] };
  const then = { ...there, assignments: ["111111111111/A/group:Devs"] };
  const reviewed = plan(wanted, then);
  const doneBefore: DoneBefore = new Map();
  expect(isCovered(comparePlans(reviewed, reviewed, { doneBefore, live: live(then) }))).toBe(true);
  const now = { ...reviewed, changes: reviewed.changes.map((change) => ({ ...change, dependsOn: [] })) };
  const { different } = comparePlans(reviewed, now, { doneBefore, live: live(then) });
  expect(different.map(({ now: { address } }) => address)).toEqual(["assignment/111111111111/A/group:Devs"]);
});
