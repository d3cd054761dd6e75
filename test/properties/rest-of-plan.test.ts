/**
 * What is left of a reviewed plan is let through exactly where the traces of an earlier run account for what is missing:
 * random estates, a random part of the plan carried out, and then traces that are lost, objects that are moved, and
 * plans that say something else.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccessState, PermissionSet } from "../../src/model/access-state.ts";
import type { LiveState } from "../../src/model/live-state.ts";
import { comparePlans, type DoneBefore, isCovered } from "../../src/plan/compare-plans.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Change, Plan } from "../../src/plan/plan.ts";
import { assignment, desired, type DesiredSketch, live, membership } from "../unit/plan/builders.ts";

const some = (...names: string[]): fc.Arbitrary<string[]> => fc.subarray(names);
const policies = some("arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B", "arn:aws:iam::aws:policy/C");

const estate = fc
  .record({
    users: some("ann", "bob"),
    groups: fc.uniqueArray(
      fc.record({
        displayName: fc.constantFrom("Devs", "Ops"),
        description: fc.constantFrom(null, "one", "two"),
      }),
      { selector: ({ displayName }) => displayName },
    ),
    permissionSets: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom("Admin", "Dev"),
        description: fc.constantFrom("one", "two"),
        sessionDuration: fc.constantFrom(3600, 7200),
        managedPolicies: policies,
        tags: fc.constantFrom<Record<string, string>>({}, { a: "1" }, { a: "2", valueOf: "3" }),
      }),
      { selector: ({ name }) => name },
    ),
    memberships: some("Devs/ann", "Devs/bob", "Ops/ann", "Ops/bob"),
    assignments: some(
      "111111111111/Admin/group:Devs",
      "111111111111/Dev/group:Devs",
      "111111111111/Dev/user:ann",
      "222222222222/Admin/group:Ops",
      "222222222222/Dev/user:bob",
    ),
  })
  .map((all) => {
    const groups = new Set<string>(all.groups.map(({ displayName }) => displayName));
    const sets = new Set<string>(all.permissionSets.map(({ name }) => name));
    const users = new Set<string>(all.users);
    return {
      ...all,
      memberships: all.memberships.filter((text) => {
        const { group, user } = membership(text);
        return groups.has(group) && users.has(user);
      }),
      assignments: all.assignments.filter((text) => {
        const { permissionSet, principal, principalType } = assignment(text);
        return sets.has(permissionSet) && (principalType === "GROUP" ? groups : users).has(principal);
      }),
    };
  });

const planOf = (wanted: DesiredSketch, there: LiveState): Plan => {
  const { plan, findings } = makePlan(desired(wanted), there, { toolVersion: "1" });
  if (plan === null) throw new Error(JSON.stringify(findings));
  return plan;
};

/** The keys of what the state holds are addresses, or the names of a single object. */
const keyOf = (change: Exclude<Change, { kind: "provisioning" }>): string => {
  const object = change.after ?? change.before;
  if ("userName" in object) return object.userName;
  if ("displayName" in object) return object.displayName;
  return "name" in object ? object.name : change.address;
};

const collections = {
  user: "users",
  group: "groups",
  membership: "memberships",
  permissionSet: "permissionSets",
  assignment: "assignments",
} as const;

const carriedOut = (there: LiveState, changes: readonly Change[]): LiveState => {
  const state = Object.fromEntries(
    Object.values(collections).map((name) => [name, new Map<string, unknown>(there.state[name])]),
  );
  const ids = {
    users: new Map(there.ids.users),
    groups: new Map(there.ids.groups),
    memberships: new Map(there.ids.memberships),
    permissionSets: new Map(there.ids.permissionSets),
    assignments: new Map<string, string>(),
  };
  for (const change of changes) {
    if (change.kind === "provisioning") continue;
    const [collection, key] = [collections[change.kind], keyOf(change)];
    if (change.after === null) state[collection]?.delete(key);
    else state[collection]?.set(key, change.after);
    if (change.action === "create") ids[collection].set(key, `new-${change.address}`);
    if (change.action === "delete") ids[collection].delete(key);
  }
  // Each map holds what its kind of change says.
  return { ...there, ids, state: state as unknown as AccessState };
};

/** A plan, a part of it that went through in its order, and the rest; null where there is no such part. */
const runs = fc
  .record({
    wanted: estate,
    there: estate,
    mode: fc.constantFrom("declared" as const, "exclusive" as const),
    fates: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
  })
  .map(({ wanted, there: sketch, mode, fates }) => {
    const declared = { ...wanted, mode };
    const there = live(sketch);
    const reviewed = planOf(declared, there);
    const failed = new Set<string>();
    const done: Change[] = [];
    for (const [index, change] of reviewed.changes.entries()) {
      if (fates[index] === true && !change.dependsOn.some((address) => failed.has(address)))
        done.push(change);
      else failed.add(change.address);
    }
    const now = carriedOut(there, done);
    return { declared, reviewed, there, done, now, rest: planOf(declared, now) };
  })
  .filter(({ done }) => done.length > 0);

const traces = (changes: readonly Change[]): DoneBefore =>
  new Map(changes.map(({ address }) => [address, "done"]));

const letsThrough = (reviewed: Plan, rest: Plan, doneBefore: DoneBefore, there: LiveState): boolean =>
  isCovered(comparePlans(reviewed, rest, { doneBefore, live: there }));

describe("the rest of a reviewed plan", () => {
  it("is let through where the traces account for all that is missing", () => {
    fc.assert(
      fc.property(runs, ({ reviewed, rest, done, now }) => {
        const difference = comparePlans(reviewed, rest, { doneBefore: traces(done), live: now });
        expect(difference).toMatchObject({ gone: [], unreviewed: [], different: [], undone: [] });
        expect(difference.done).toBe(done.length);
        expect(rest.changes).toHaveLength(reviewed.changes.length - done.length);
      }),
    );
  });

  it("is refused where one trace is missing, naming that change alone", () => {
    fc.assert(
      fc.property(runs, fc.nat(), ({ reviewed, rest, done, now }, pick) => {
        const lost = done[pick % done.length];
        const doneBefore = traces(done.filter((change) => change !== lost));
        const difference = comparePlans(reviewed, rest, { doneBefore, live: now });
        expect(difference).toMatchObject({ gone: [lost], unreviewed: [], different: [], undone: [] });
      }),
    );
  });

  it("is refused where something done does not stand there any more", () => {
    fc.assert(
      fc.property(runs, fc.nat(), ({ declared, reviewed, there, done }, pick) => {
        const undone = done[pick % done.length];
        const now = carriedOut(
          there,
          done.filter((change) => change !== undone),
        );
        const rest = makePlan(desired(declared), now, { toolVersion: "1" }).plan;
        fc.pre(rest !== null);
        expect(letsThrough(reviewed, rest, traces(done), now)).toBe(false);
      }),
    );
  });

  it.each([
    ["missing", true, (): readonly Change[] => []],
    ["of another object", true, (change: Change) => [{ ...change, id: `other-${String(change.id)}` }]],
    ["at another address", true, (change: Change) => [{ ...change, address: `${change.address}-other` }]],
    ["to another end", true, (change: Change) => [withOther(change, ["after", "before"])]],
    // With a trace of a beginning, what is now the end may have been another before.
    ["from another start", false, (change: Change) => [withOther(change, ["before", "after"])]],
  ])("is refused where one of its changes is %s in the reviewed plan", (_, evenIfBegun, mutate) => {
    fc.assert(
      fc.property(runs, fc.nat(), ({ reviewed, rest, done, now }, pick) => {
        const left = rest.changes[pick % Math.max(1, rest.changes.length)];
        fc.pre(left !== undefined);
        const changes = reviewed.changes.flatMap((change) =>
          change.address === left.address ? mutate(change) : [change],
        );
        const other = { ...reviewed, changes };
        expect(letsThrough(other, rest, traces(done), now)).toBe(false);
        const begun = new Map(traces(done)).set(left.address, "begun");
        if (evenIfBegun) expect(letsThrough(other, rest, begun, now)).toBe(false);
      }),
    );
  });

  it("takes a permission set that is half done, and no third state of it", () => {
    fc.assert(
      fc.property(setPair, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (sets, fates) => {
        const [from, to] = sets;
        const there = live({ permissionSets: from === null ? [] : [from] });
        const declared = { permissionSets: [to] };
        const reviewed = planOf(declared, there);
        const [change] = reviewed.changes;
        fc.pre(change?.kind === "permissionSet" && change.action !== "delete");
        const half = halfDone(change.before ?? { ...change.after, managedPolicies: [] }, change.after, fates);
        const begun: DoneBefore = new Map([[change.address, "begun"]]);
        const now = live({ permissionSets: [half] });
        const ids = {
          ...now.ids,
          permissionSets: new Map([[to.name, from === null ? "new" : `ps-${to.name}`]]),
        };
        const rest = planOf(declared, { ...now, ids });
        expect(letsThrough(reviewed, rest, begun, now)).toBe(true);
        expect(letsThrough(reviewed, rest, new Map(), now)).toBe(
          from !== null && rest.digest === reviewed.digest,
        );

        const third = { ...half, managedPolicies: [...half.managedPolicies, "arn:aws:iam::aws:policy/Z"] };
        const moved = live({ permissionSets: [third] });
        const other = planOf(declared, { ...moved, ids });
        expect(letsThrough(reviewed, other, begun, moved)).toBe(false);
      }),
    );
  });
});

/** The first of these states that it has is another. */
const withOther = (change: Change, sides: readonly ("before" | "after")[]): Change => {
  if (change.kind === "provisioning") return { ...change, accounts: [] };
  const side = sides.find((each) => change[each] !== null) ?? "after";
  return { ...change, [side]: { ...change[side], owner: "mallory" } };
};

const aSet = fc.record({
  name: fc.constant("Dev"),
  description: fc.constantFrom("one", "two"),
  sessionDuration: fc.constantFrom(3600, 7200),
  managedPolicies: policies,
  tags: fc.constantFrom<Record<string, string>>({}, { a: "1" }, { a: "2", b: "3" }),
});
const setPair = fc.tuple(fc.option(aSet), aSet);

/** Some of its parts as they were, and some as they shall be. */
const halfDone = (from: PermissionSet, to: PermissionSet, fates: readonly boolean[]): PermissionSet => {
  const [settings, tags, ...policyFates] = fates;
  const all = [...new Set([...from.managedPolicies, ...to.managedPolicies])].sort();
  return {
    ...(settings === true ? to : from),
    tags: (tags === true ? to : from).tags ?? {},
    managedPolicies: all.filter((policy, index) =>
      (policyFates[index] === true ? to : from).managedPolicies.includes(policy),
    ),
  };
};
