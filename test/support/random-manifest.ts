import * as fc from "fast-check";
import { type LiveSketch, names, ownerTag, readAssignment, type Sketch, sketch } from "./random-access.ts";
import { policyOf } from "./sandbox-sketch.ts";

/** Random manifests, and what must stand in a random sandbox after their apply: worked out without the product. */
export interface Wanted extends Sketch {
  readonly mode: "additive" | "declared" | "exclusive";
  /** Turns on owner marks. */
  readonly name: "acme" | null;
  /** Groups whose members are declared. */
  readonly membersOf: readonly string[];
  /** Permission sets whose tags are declared. */
  readonly tagsOf: readonly string[];
  /** Named under `removed`, where not declared and mode is `declared`. */
  readonly removed: { readonly groups: readonly string[]; readonly permissionSets: readonly string[] };
}

export const wanted: fc.Arbitrary<Wanted> = fc
  .record({
    sketch,
    mode: fc.constantFrom("additive" as const, "declared" as const, "exclusive" as const),
    name: fc.constantFrom("acme" as const, null),
    membersOf: fc.subarray([...names.groups]),
    tagsOf: fc.subarray([...names.sets]),
    removedGroups: fc.subarray([...names.groups], { maxLength: 1 }),
    removedSets: fc.subarray([...names.sets], { maxLength: 1 }),
  })
  .map(({ sketch: said, removedGroups, removedSets, ...rest }) => ({
    ...said,
    ...rest,
    // Never empty: that is refused, and tested elsewhere.
    users: { ann: { givenName: "Ann" }, ...said.users },
    membersOf: rest.membersOf.filter((group) => group in said.groups) as readonly string[],
    memberships: said.memberships.filter((text) =>
      rest.membersOf.some((group) => text.startsWith(`${group}/`)),
    ),
    removed:
      rest.mode === "declared"
        ? {
            groups: removedGroups.filter((group) => !(group in said.groups)),
            permissionSets: removedSets.filter((set) => !(set in said.sets)),
          }
        : { groups: [], permissionSets: [] },
  }));

export const manifestOf = (want: Wanted) => ({
  version: 1,
  ...(want.name === null ? {} : { name: want.name }),
  mode: want.mode,
  guards: { maxRemovals: { percent: 100 } },
  users: mapValues(want.users, (user, name) => ({ familyName: "Doe", displayName: name, ...user })),
  groups: mapValues(want.groups, (group, name) => ({
    ...group,
    ...(want.membersOf.includes(name)
      ? { members: want.memberships.filter((text) => text.startsWith(`${name}/`)).map(afterSlash) }
      : {}),
  })),
  permissionSets: mapValues(want.sets, ({ inlineAction, boundary, tags, ...set }, name) => ({
    ...set,
    ...(inlineAction === null ? {} : { inlinePolicy: policyOf(inlineAction) }),
    ...(boundary === null ? {} : { permissionsBoundary: { managedPolicy: boundary } }),
    ...(want.tagsOf.includes(name) ? { tags } : {}),
  })),
  assignments: want.assignments.map(readAssignment).map(({ account, set, kind, principal }) => ({
    [kind]: [principal],
    permissionSets: [set],
    accounts: [account],
  })),
  removed: want.removed,
});

const mapValues = <T, R>(map: Readonly<Record<string, T>>, change: (value: T, key: string) => R) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
const afterSlash = (text: string): string => text.slice(text.indexOf("/") + 1);

/** What must stand there after apply. */
export const expected = (want: Wanted, live: Sketch): Sketch => {
  const isAdditive = want.mode === "additive";
  const isKept = (declared: object, removed: readonly string[], name: string): boolean =>
    name in declared || !(want.mode === "exclusive" || removed.includes(name));
  const isOurs = (set: string): boolean =>
    want.name !== null && live.sets[set]?.tags[ownerTag] === want.name && !isAdditive;
  const kept = <T>(map: Readonly<Record<string, T>>, keep: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(map).filter(([name]) => keep(name)));

  const users = mergeEach(
    kept(live.users, (name) => isKept(want.users, [], name)),
    want.users,
  );
  const groups = mergeEach(
    kept(live.groups, (name) => isKept(want.groups, want.removed.groups, name)),
    want.groups,
  );
  const sets = {
    ...kept(live.sets, (name) => isKept(want.sets, want.removed.permissionSets, name) && !isOurs(name)),
    ...mapValues(want.sets, (set, name) => ({
      ...set,
      managedPolicies: [...set.managedPolicies].sort(),
      tags: {
        ...(want.tagsOf.includes(name) ? set.tags : live.sets[name]?.tags),
        ...(want.name === null ? {} : { [ownerTag]: want.name }),
      },
    })),
  };
  const memberships = union(
    live.memberships.filter((text) => {
      const [group = "", user = ""] = text.split("/");
      return group in groups && user in users && (isAdditive || !want.membersOf.includes(group));
    }),
    want.memberships,
  );
  const assignments = union(
    live.assignments.filter((text) => {
      const { set, kind, principal } = readAssignment(text);
      const stays = principal === "?" || principal in { users, groups }[kind];
      return set in sets && stays && (isAdditive || !(set in want.sets));
    }),
    want.assignments,
  );
  return { users, groups, sets, memberships, assignments };
};

const mergeEach = <T extends object>(
  below: Readonly<Record<string, T>>,
  above: Readonly<Record<string, T>>,
): Record<string, T> => ({
  ...below,
  ...mapValues(above, (value, name) => ({ ...below[name], ...value })),
});
const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])].sort();

/** Owner marks only where the manifest has a name: one without refuses to change what carries any. */
export const ownedOnlyFor = ({ name }: Wanted, live: LiveSketch): LiveSketch => ({
  ...live,
  sets: mapValues(live.sets, (set) => ({
    ...set,
    tags: Object.fromEntries(Object.entries(set.tags).filter(([key]) => name !== null || key !== ownerTag)),
  })),
});
