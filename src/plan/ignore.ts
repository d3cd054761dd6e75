import type { Assignment, Membership } from "../model/access-state.ts";
import type { IgnoreRule } from "../model/desired-state.ts";
import { globMatcher } from "../model/glob.ts";
import type { Organization } from "../model/organization.ts";
import { remember } from "../model/remember.ts";

/**
 * Ignore rules. A rule covers an object when every one of its keys matches; a key that the object has nothing for does
 * not match. So a rule with one key covers the objects of that kind and all that hangs on them, and one with several
 * keys only assignments or memberships. Each function answers the reason of the first rule that covers the object, null
 * where none does.
 */
export interface Ignore {
  readonly user: (name: string) => string | null;
  readonly group: (name: string) => string | null;
  readonly permissionSet: (name: string) => string | null;
  readonly account: (id: string) => string | null;
  readonly membership: (membership: Membership) => string | null;
  readonly assignment: (assignment: Assignment) => string | null;
  /** Rules that have covered nothing so far. */
  readonly unused: () => readonly IgnoreRule[];
}

/** What a rule is asked about: at most one name a key. */
interface Subject {
  readonly users?: string;
  readonly groups?: string;
  readonly permissionSets?: string;
  readonly accounts?: string;
}

export const makeIgnore = (rules: readonly IgnoreRule[], organization: Organization): Ignore => {
  const matchers = rules.map((rule) => compile(rule, organization));
  const used = new Set<number>();
  const find = (subject: Subject): string | null => {
    const index = matchers.findIndex((matches) => matches(subject));
    if (index < 0) return null;
    used.add(index);
    return rules[index]?.reason ?? null;
  };
  if (rules.length === 0) return ignoreNothing;
  return {
    user: (name) => find({ users: name }),
    group: (name) => find({ groups: name }),
    permissionSet: (name) => find({ permissionSets: name }),
    account: (id) => find({ accounts: id }),
    membership: ({ group, user }) => find({ groups: group, users: user }),
    assignment: ({ accountId, permissionSet, principalType, principal }) =>
      find({
        accounts: accountId,
        permissionSets: permissionSet,
        [principalType === "GROUP" ? "groups" : "users"]: principal,
      }),
    unused: () => rules.filter((_, index) => !used.has(index)),
  };
};

const nothing = (): null => null;

const ignoreNothing: Ignore = {
  user: nothing,
  group: nothing,
  permissionSet: nothing,
  account: nothing,
  membership: nothing,
  assignment: nothing,
  unused: () => [],
};

const compile = (rule: IgnoreRule, organization: Organization): ((subject: Subject) => boolean) => {
  const accountName = (id: string): string | null => organization.accounts.get(id)?.name ?? null;
  const tests = (["permissionSets", "groups", "users", "accounts"] as const).flatMap((key) => {
    const patterns = rule[key];
    if (patterns === undefined) return [];
    const any = anyOf(patterns);
    const matches = remember(
      key === "accounts" ? (id) => any(id) || any(accountName(id) ?? id) : (name) => any(name),
    );
    return [{ key, matches }];
  });
  return (subject) =>
    tests.length > 0 &&
    tests.every(({ key, matches }) => {
      const name = subject[key];
      return name !== undefined && matches(name);
    });
};

const anyOf = (patterns: readonly string[]): ((text: string) => boolean) => {
  const matchers = patterns.map(globMatcher);
  return (text) => matchers.some((matches) => matches(text));
};
