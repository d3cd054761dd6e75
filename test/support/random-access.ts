import * as fc from "fast-check";

/**
 * Who can reach what, in few words: what random tests generate, what they read back from a sandbox, and what they
 * compare. Memberships are written `group/user`, assignments `account/set/group:NAME` or `account/set/user:NAME`.
 */
export interface Sketch {
  readonly users: Readonly<Record<string, UserSketch>>;
  readonly groups: Readonly<Record<string, GroupSketch>>;
  readonly sets: Readonly<Record<string, SetSketch>>;
  readonly memberships: readonly string[];
  readonly assignments: readonly string[];
}

interface UserSketch {
  readonly givenName: string;
  readonly title?: string;
}

interface GroupSketch {
  readonly description?: string;
}

export interface SetSketch {
  readonly description: string;
  readonly sessionDuration: string;
  /** Short names. */
  readonly managedPolicies: readonly string[];
  /** The one action that the inline policy allows; null: no policy. */
  readonly inlineAction: string | null;
  /** Short name. */
  readonly boundary: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a sandbox starts with: more than a manifest can say. */
export interface LiveSketch extends Sketch {
  /** `account/set` where somebody is assigned who is gone. */
  readonly orphans: readonly string[];
  /** `account/set` whose role is older than the set, where there is one. */
  readonly stale: readonly string[];
}

export const ownerTag = "reconcile:owner";
export const names = {
  users: ["ann", "bob", "eve"],
  groups: ["Devs", "Ops", "Audit"],
  sets: ["Admin", "Dev", "Read"],
  accounts: ["111111111111", "222222222222", "012345678901"],
} as const;

const product = (first: readonly string[], second: readonly string[]): string[] =>
  first.flatMap((a) => second.map((b) => `${a}/${b}`));
const pairs = product(names.accounts, names.sets);

const some = <T>(name: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(fc.constantFrom(...name), value, { noNullPrototype: true });
const maybe = (...values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const without = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;

const user = fc
  .record({ givenName: fc.constantFrom("Ann", "Bo"), title: maybe("Engineer", "Manager") })
  .map((value) => without(value) as UserSketch);
const group = fc
  .record({ description: maybe("A team", "Another team") })
  .map((value) => without(value) as GroupSketch);

const setOf = (tags: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<SetSketch> =>
  fc.record({
    description: fc.constantFrom("What it is for", "Something else"),
    sessionDuration: fc.constantFrom("PT1H", "PT8H"),
    managedPolicies: fc.subarray(["ReadOnlyAccess", "PowerUserAccess", "job-function/Billing"]),
    inlineAction: fc.constantFrom(null, "s3:*", "ec2:Describe*"),
    boundary: fc.constantFrom(null, "PowerUserAccess"),
    tags,
  });

const plainTags = some(["team", "tier"], fc.constantFrom("a", "b"));
const principals = [
  ...names.groups.map((name) => `group:${name}`),
  ...names.users.map((name) => `user:${name}`),
];

/** Only what hangs together: nobody is a member of, or assigned to, what is not there. */
const consistent = <T extends Sketch>(sketch: T): T => ({
  ...sketch,
  memberships: sketch.memberships.filter((text) => {
    const [groupName = "", userName = ""] = text.split("/");
    return groupName in sketch.groups && userName in sketch.users;
  }),
  assignments: sketch.assignments.filter((text) => {
    const { set, kind, principal } = readAssignment(text);
    return set in sketch.sets && principal in sketch[kind];
  }),
});

const base = {
  users: some(names.users, user),
  groups: some(names.groups, group),
  memberships: fc.subarray(product(names.groups, names.users)),
  assignments: fc.subarray(product(pairs, principals), { maxLength: 12 }),
};

export const sketch: fc.Arbitrary<Sketch> = fc
  .record({ ...base, sets: some(names.sets, setOf(plainTags)) })
  .map(consistent);

export const liveSketch: fc.Arbitrary<LiveSketch> = fc
  .record({
    ...base,
    sets: some(names.sets, setOf(some(["team", "tier", ownerTag], fc.constantFrom("acme")))),
    orphans: fc.subarray(pairs, { maxLength: 3 }),
    stale: fc.subarray(pairs),
  })
  .map(consistent)
  .map((live) => ({
    ...live,
    orphans: live.orphans.filter((text) => (text.split("/")[1] ?? "") in live.sets),
  }));

export const readAssignment = (text: string) => {
  const [account = "", set = "", who = ""] = text.split("/");
  const [type = "", principal = ""] = who.split(":");
  return { account, set, type, principal, kind: type === "group" ? "groups" : "users" } as const;
};
