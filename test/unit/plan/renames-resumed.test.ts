/**
 * A rename may end anywhere: after each change that an apply makes, in any order that the dependencies allow, the
 * next plan carries on from there, and nobody who had the access is without it in between.
 */
import { describe, expect, it } from "vitest";
import type { Assignment } from "../../../src/model/access-state.ts";
import type { LiveState } from "../../../src/model/live-state.ts";
import { makePlan } from "../../../src/plan/make-plan.ts";
import type { Change, Plan } from "../../../src/plan/plan.ts";
import { type DesiredSketch, desired, live } from "./builders.ts";

const planFor = (wanted: DesiredSketch, there: LiveState): Plan => {
  const { plan, findings } = makePlan(desired(wanted), there, { toolVersion: "1" });
  if (plan === null) throw new Error(JSON.stringify(findings));
  return plan;
};

/** The world after one change. */
const after = (there: LiveState, change: Change): LiveState => {
  const state = {
    users: new Map(there.state.users),
    groups: new Map(there.state.groups),
    memberships: new Map(there.state.memberships),
    permissionSets: new Map(there.state.permissionSets),
    assignments: new Map(there.state.assignments),
  };
  const renamed = (name: string): string =>
    change.kind === "group" && change.action === "update" && name === change.before.displayName
      ? change.after.displayName
      : name;
  switch (change.kind) {
    case "permissionSet":
      if (change.action === "delete") state.permissionSets.delete(change.before.name);
      else state.permissionSets.set(change.after.name, change.after);
      break;
    case "assignment":
      if (change.action === "delete") state.assignments.delete(change.address);
      else state.assignments.set(change.address, change.after);
      break;
    case "group":
      if (change.action === "delete") throw new Error("not expected here");
      if (change.before !== null) state.groups.delete(change.before.displayName);
      state.groups.set(change.after.displayName, change.after);
      state.assignments = new Map(
        [...state.assignments].map(([address, each]) => [
          address.replace(`group:${each.principal}`, `group:${renamed(each.principal)}`),
          { ...each, principal: renamed(each.principal) },
        ]),
      );
      state.memberships = new Map(
        [...state.memberships.values()].map((each) => [
          `membership/${renamed(each.group)}/${each.user}`,
          { ...each, group: renamed(each.group) },
        ]),
      );
      break;
    case "membership":
      if (change.action === "delete") state.memberships.delete(change.address);
      else state.memberships.set(change.address, change.after);
      break;
    default:
      throw new Error("not expected here");
  }
  return {
    ...there,
    state,
    ids: {
      ...there.ids,
      groups: new Map([...state.groups.keys()].map((name) => [name, `id-${name}`])),
      permissionSets: new Map([...state.permissionSets.keys()].map((name) => [name, `id-${name}`])),
    },
  };
};

/** Every state that an apply of the plan could stop in: every set of changes that the dependencies allow. */
const statesOnTheWay = (made: Plan, there: LiveState): LiveState[] => {
  const states = new Map<string, LiveState>([["", there]]);
  const walk = (done: readonly Change[], state: LiveState): void => {
    const addresses = new Set(done.map(({ address }) => address));
    for (const change of made.changes) {
      if (addresses.has(change.address)) continue;
      const waits = change.dependsOn.some(
        (address) => !addresses.has(address) && made.changes.some((each) => each.address === address),
      );
      if (waits) continue;
      const key = [...addresses, change.address].sort().join();
      if (states.has(key)) continue;
      const next = after(state, change);
      states.set(key, next);
      walk([...done, change], next);
    }
  };
  walk([], there);
  return [...states.values()];
};

const finish = (wanted: DesiredSketch, there: LiveState): LiveState =>
  planFor(wanted, there).changes.reduce(after, there);

const holds = (there: LiveState, test: (assignment: Assignment) => boolean): boolean =>
  [...there.state.assignments.values()].some(test);

describe("a permission set", () => {
  const wanted: DesiredSketch = {
    groups: ["Team", "Ops"],
    permissionSets: [{ name: "New", managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }],
    assignments: ["111111111111/New/group:Team", "222222222222/New/group:Team", "222222222222/New/group:Ops"],
    previously: { permissionSets: { New: ["Old"] } },
  };
  const there = live({
    groups: ["Team", "Ops"],
    permissionSets: [{ name: "Old", managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }],
    assignments: ["111111111111/Old/group:Team", "222222222222/Old/group:Team"],
  });
  const states = statesOnTheWay(planFor(wanted, there), there);

  it("there are many states on the way", () => {
    expect(states.length).toBeGreaterThan(10);
  });

  it("nobody who had access is without it in any of them", () => {
    for (const state of states) {
      for (const accountId of ["111111111111", "222222222222"]) {
        expect(holds(state, (each) => each.accountId === accountId && each.principal === "Team")).toBe(true);
      }
    }
  });

  it("from each of them the next plan ends where the first would have, and nothing is left", () => {
    const end = finish(wanted, there).state;
    expect([...end.permissionSets.keys()]).toEqual(["New"]);
    for (const state of states) {
      const finished = finish(wanted, state);
      expect(finished.state.permissionSets).toEqual(end.permissionSets);
      expect(finished.state.assignments).toEqual(end.assignments);
      expect(planFor(wanted, finished).changes).toEqual([]);
    }
  });

  it("one that was made without its policies yet gets them before anybody is moved to it", () => {
    const half = live({
      groups: ["Team", "Ops"],
      permissionSets: [{ name: "Old", managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }, "New"],
      assignments: ["111111111111/Old/group:Team", "222222222222/Old/group:Team"],
    });
    const made = planFor(wanted, half);
    const assigned = made.changes.filter(({ kind, action }) => kind === "assignment" && action === "create");
    expect(assigned.map(({ dependsOn }) => dependsOn)).toEqual(assigned.map(() => ["permissionSet/New"]));
    expect(planFor(wanted, finish(wanted, half)).changes).toEqual([]);
  });

  it("somebody who was given the old one in between keeps no access that is not declared", () => {
    const [state] = states.slice(-2);
    if (state === undefined) throw new Error("no state");
    const meddled = after(state, {
      ...(planFor(wanted, there).changes.find(({ kind }) => kind === "assignment") as Change),
      action: "create",
      address: "assignment/333333333333/Old/group:Ops",
      after: { accountId: "333333333333", permissionSet: "Old", principalType: "GROUP", principal: "Ops" },
      before: null,
    } as Change);
    expect(holds(finish(wanted, meddled), ({ accountId }) => accountId === "333333333333")).toBe(
      // Where the old set is gone already, nothing speaks of what is assigned with it.
      !meddled.state.permissionSets.has("Old"),
    );
  });
});

describe("a group", () => {
  const wanted: DesiredSketch = {
    users: ["jane", "max"],
    groups: [{ displayName: "Developers", description: "All of them" }],
    permissionSets: ["Dev"],
    memberships: ["Developers/jane", "Developers/max"],
    assignments: ["111111111111/Dev/group:Developers", "222222222222/Dev/group:Developers"],
    previously: { groups: { Developers: ["Devs"] } },
  };
  const there = live({
    users: ["jane", "max"],
    groups: ["Devs"],
    permissionSets: ["Dev"],
    memberships: ["Devs/jane"],
    assignments: ["111111111111/Dev/group:Devs", "333333333333/Dev/group:Devs"],
  });

  it("renamed or not yet, the rest is carried on with under either name", () => {
    const made = planFor(wanted, there);
    const rename = made.changes.find(({ kind }) => kind === "group");
    if (rename === undefined) throw new Error("no rename");
    const renamed = after(there, rename);
    const rest = planFor(wanted, renamed);
    expect(rest.changes.map(({ action, address }) => `${action} ${address}`)).toEqual(
      made.changes
        .filter(({ kind }) => kind !== "group")
        .map(({ action, address }) => `${action} ${address}`),
    );
    expect(planFor(wanted, finish(wanted, renamed)).changes).toEqual([]);
  });

  it("its assignments and members are never deleted and made again", () => {
    const made = planFor(wanted, there);
    expect(made.changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
      "update group/Developers",
      "create membership/Developers/max",
      "create assignment/222222222222/Dev/group:Developers",
      "delete assignment/333333333333/Dev/group:Developers",
    ]);
  });
});
