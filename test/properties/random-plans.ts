import * as fc from "fast-check";
import type { DesiredState, Mode } from "../../src/model/desired-state.ts";
import type { LiveState } from "../../src/model/live-state.ts";
import type { AccountState } from "../../src/model/organization.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import {
  assignment,
  type DesiredSketch,
  desired,
  type LiveSketch,
  live,
  membership,
  policy,
} from "../unit/plan/builders.ts";

/** Small estates and manifests of a few names, so that they meet: what is declared, renamed, removed, ignored, unread. */
const userNames = ["ann", "bob", "eve"];
const groupNames = ["Devs", "Ops", "Audit"];
const setNames = ["Admin", "Dev", "Read"];
const accountIds = ["111111111111", "222222222222", "333333333333"];

const some = (names: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...names]);
export const mode = fc.constantFrom<Mode>("additive", "declared", "exclusive");
const allMemberships = groupNames.flatMap((group) => userNames.map((user) => `${group}/${user}`));
const allAssignments = accountIds.flatMap((account) =>
  setNames.flatMap((set) =>
    [...groupNames.map((group) => `group:${group}`), ...userNames.map((user) => `user:${user}`)].map(
      (principal) => `${account}/${set}/${principal}`,
    ),
  ),
);
const principalIn = (text: string, users: readonly string[], groups: readonly string[]): boolean => {
  const { principalType, principal } = assignment(text);
  return (principalType === "GROUP" ? groups : users).includes(principal);
};

const denied = { Effect: "Deny", Action: "organizations:*", Resource: "*" };

type Objects = typeof objects extends fc.Arbitrary<infer T> ? T : never;

/** Both sides hold only what hangs together: no assignment of a set or principal that is not there. */
export const objects = fc.record({
  users: some(userNames),
  groups: some(groupNames),
  sets: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...setNames),
      sessionDuration: fc.constantFrom(3600, 7200),
      managedPolicies: some([
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
      ]),
      inlinePolicy: fc.constantFrom(null, policy({ Statement: [denied] })),
      permissionsBoundary: fc.constantFrom(
        null,
        { managedPolicyArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
        { managedPolicyArn: "arn:aws:iam::aws:policy/ViewOnlyAccess" },
      ),
    }),
    { selector: ({ name }) => name },
  ),
  memberships: some(allMemberships),
  assignments: some(allAssignments),
});

export const consistent = ({ users, groups, sets, memberships, assignments }: Objects) => ({
  users,
  groups,
  permissionSets: sets,
  memberships: memberships.filter((text) => {
    const { group, user } = membership(text);
    return groups.includes(group) && users.includes(user);
  }),
  assignments: assignments.filter(
    (text) =>
      sets.some(({ name }) => name === assignment(text).permissionSet) && principalIn(text, users, groups),
  ),
});

const desiredSketch: fc.Arbitrary<DesiredSketch> = fc
  .record({
    objects: objects.map(consistent),
    modes: fc.record({
      users: mode,
      groups: mode,
      memberships: mode,
      permissionSets: mode,
      assignments: mode,
    }),
    owned: fc.boolean(),
    removed: fc.record({ users: some(userNames), groups: some(groupNames), permissionSets: some(setNames) }),
    ignore: fc.array(fc.record({ accounts: fc.constantFrom(["111*"], ["222222222222"]) }), { maxLength: 1 }),
    previously: fc.record({
      groups: fc.constantFrom<Record<string, string[]>>({}, { Devs: ["OldDevs"] }),
      permissionSets: fc.constantFrom<Record<string, string[]>>({}, { Dev: ["OldDev"] }),
    }),
    managedMembers: some(groupNames),
  })
  .map(({ objects: declared, owned, removed, previously, managedMembers, ...rest }) => {
    const setNamesDeclared = declared.permissionSets.map(({ name }) => name);
    const without = (names: string[], taken: readonly string[]): string[] =>
      names.filter((name) => !taken.includes(name));
    return {
      ...rest,
      ...declared,
      ...(owned ? { name: "acme" } : {}),
      permissionSets: declared.permissionSets.map((set) => ({ ...set, owner: owned ? "acme" : null })),
      managedMembers: [
        ...managedMembers.filter((name) => declared.groups.includes(name)),
        ...declared.memberships.map((text) => membership(text).group),
      ],
      removed: {
        users: without(removed.users, declared.users),
        groups: without(removed.groups, declared.groups),
        permissionSets: without(removed.permissionSets, setNamesDeclared),
      },
      previously: {
        groups: declared.groups.includes("Devs") ? previously.groups : {},
        permissionSets: setNamesDeclared.includes("Dev") ? previously.permissionSets : {},
      },
    };
  });

const liveSketch: fc.Arbitrary<LiveSketch> = fc
  .record({
    objects: objects.map(consistent),
    oldNames: fc.record({ group: fc.boolean(), set: fc.boolean() }),
    orphans: fc.array(fc.constantFrom(...accountIds), { maxLength: 1 }),
    owner: fc.constantFrom(null, "acme"),
    accounts: fc.constantFrom<Record<string, AccountState>>({}, { "333333333333": "SUSPENDED" }),
    unread: fc.array(
      fc.constantFrom(
        "assignment/111111111111/*",
        "user/*",
        "group/Ops",
        "permissionSet/Read",
        "membership/Devs/*",
      ),
      { maxLength: 2 },
    ),
    stale: some(accountIds),
  })
  .map(({ objects: there, oldNames, orphans, owner, accounts, unread, stale }) => {
    const rename = (text: string, name: string, old: string): string =>
      text
        .split("/")
        .map((part) => part.replace(new RegExp(`^(group:)?${name}$`), `$1${old}`))
        .join("/");
    const asNow = (text: string): string => {
      const group = oldNames.group ? rename(text, "Devs", "OldDevs") : text;
      return oldNames.set ? rename(group, "Dev", "OldDev") : group;
    };
    const permissionSets = there.permissionSets.map((set) => ({ ...set, name: asNow(set.name), owner }));
    const [first] = permissionSets;
    return {
      users: there.users,
      groups: there.groups.map(asNow),
      permissionSets,
      memberships: there.memberships.map(asNow),
      assignments: [
        ...there.assignments.map(asNow),
        ...(first === undefined ? [] : orphans.map((account) => `${account}/${first.name}/orphan:9067-dead`)),
      ],
      accounts,
      unread: unread.map((scope) => ({ scope, reason: "denied" })),
      provisioning: Object.fromEntries(permissionSets.map(({ name }) => [name, { accounts: stale, stale }])),
    };
  });

export const planOf = (wanted: DesiredState, there: LiveState): Plan | null =>
  makePlan(wanted, there, { toolVersion: "1" }).plan;

const both = fc.record({ wanted: desiredSketch.map(desired), there: liveSketch.map(live) });

/** Calls back with what can be planned; a predicate throws where it finds something wrong. */
export const checkPlans = (predicate: (plan: Plan, wanted: DesiredState, there: LiveState) => void): void => {
  fc.assert(
    fc.property(both, ({ wanted, there }) => {
      const plan = planOf(wanted, there);
      fc.pre(plan !== null);
      if (plan !== null) predicate(plan, wanted, there);
    }),
    { numRuns: 400 },
  );
};
