import { compareText, principalLabel } from "../../model/address.ts";
import type { Finding } from "../../model/finding.ts";
import type { BreakGlassRule } from "../../model/guards.ts";
import type { GuardArgs } from "../plan.ts";
import { type Administrators, administratorsIn, type Ways } from "./administrator-access.ts";
import { ruleUnderRenames, unknownNames } from "./break-glass-names.ts";
import type { GuardInput } from "./guard.ts";
import { shellWord } from "./shell-word.ts";

/*
 * Who must keep administrator access. These guards refuse what the plan takes away; what is missing already, and is
 * not made worse, is a warning: it must not stop the plan that repairs it.
 */

export const checkBreakGlass = (input: GuardInput): GuardArgs[] =>
  input.settings.breakGlass.flatMap((written) => {
    const rule = ruleUnderRenames(written, input.comparison);
    const { lost, ways } = holdersOf(rule, input);
    return lost.length === 0
      ? []
      : [
          {
            count: lost.length,
            population: ways,
            ways: distinct(lost.map(({ principal, account }) => shellWord(`${principal}@${account}`))),
            principals: distinct(lost.map(({ principal }) => principal)),
            accounts: distinct(lost.map(({ account }) => account)),
            ...unreadOf(lost.flatMap(({ unread }) => unread)),
          },
        ];
  });

/** Its count is of the people that are missing in each of the accounts. */
export const checkMinAdministrators = (input: GuardInput): GuardArgs[] => {
  const below = input.settings.minAdministrators.flatMap(({ accounts, people }) => {
    const [before, after] = bothSides(accounts, null, input);
    return accounts.flatMap((id) => {
      const [were, are] = [before.people(id), after.people(id)];
      const isFewer = are.sure.size < were.sure.size || losesUnsure(were, are);
      return are.sure.size < people && isFewer ? [{ id, people, left: are, unread: doubts(were, are) }] : [];
    });
  });
  const alike = new Map<string, typeof below>();
  for (const each of below) {
    const key = JSON.stringify([each.people, distinct([...each.left.sure]), each.unread]);
    alike.set(key, [...(alike.get(key) ?? []), each]);
  }
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      {
        count: first.people - first.left.sure.size,
        population: first.left.sure.size,
        limit: first.people,
        principals: distinct([...first.left.sure].map((name) => principalLabel("USER", name))),
        accounts: distinct(group.map(({ id }) => id)),
        ...unreadOf(first.unread),
      },
    ];
  });
};

/** Warnings where what these guards ask for does not stand, and errors where a rule names nobody. */
export const administratorFindings = (input: GuardInput): Finding[] => [
  ...input.settings.breakGlass.flatMap((written) => {
    const rule = ruleUnderRenames(written, input.comparison);
    const unknown = unknownNames(rule, input.comparison);
    if (unknown.length > 0) return unknown;
    const { missing } = holdersOf(rule, input);
    return missing.length === 0 ? [] : [breakGlassMissing(rule, missing, input)];
  }),
  ...input.settings.minAdministrators.flatMap(({ accounts, people, position }): Finding[] => {
    const [before, after] = bothSides(accounts, null, input);
    const below = accounts.filter((id) => {
      const [were, are] = [before.people(id), after.people(id)];
      const isRead = were.unsure.size + are.unsure.size === 0;
      return isRead && are.sure.size < people && are.sure.size >= were.sure.size;
    });
    if (below.length === 0) return [];
    const fewer = people === 1 ? "fewer than 1 person has" : `fewer than ${people} people have`;
    return [
      {
        code: "too-few-administrators",
        severity: "warning",
        message: `${fewer} administrator access to ${named(below, input)}, also after this plan`,
        hint: "Give more people administrator access there",
        position,
      },
    ];
  }),
];

interface Held {
  readonly principal: string;
  readonly account: string;
  readonly isDisabled: boolean;
  /** What could not be seen, where it depends on that. */
  readonly unread: readonly string[];
}

/** Who of a rule loses the access, or may lose it, who surely has never had it, and how many ways in it declares. */
const holdersOf = (
  rule: BreakGlassRule,
  input: GuardInput,
): { readonly lost: readonly Held[]; readonly missing: readonly Held[]; readonly ways: number } => {
  const [before, after] = bothSides(rule.accounts, rule.permissionSets, input);
  const lost: Held[] = [];
  const missing: Held[] = [];
  const all = [
    ...rule.groups.map((name) => ({ type: "GROUP" as const, name })),
    ...rule.users.map((name) => ({ type: "USER" as const, name })),
  ];
  for (const account of rule.accounts) {
    for (const { type, name } of all) {
      const [had, has] = [before.ways(account, type, name), after.ways(account, type, name)];
      if (has.sure.size > 0) continue;
      const held = {
        account,
        principal: principalLabel(type, name),
        isDisabled: type === "USER" && input.comparison.live.disabledUsers.has(name),
        unread: had.sure.size > 0 && has.unsure.size === 0 ? [] : doubts(had, has),
      };
      if (had.sure.size > 0 || losesUnsure(had, has)) lost.push(held);
      else if (had.unsure.size + has.unsure.size === 0) missing.push(held);
    }
  }
  return { lost, missing, ways: rule.accounts.length * all.length };
};

/** Whether something goes that may have been a way in: nobody can say that it was none. */
const losesUnsure = (before: Ways, after: Ways): boolean =>
  [...before.unsure.keys()].some((way) => !after.unsure.has(way) && !after.sure.has(way));

/** What leaves it open whether access is lost; nothing where it surely is. */
const doubts = (before: Ways, after: Ways): string[] =>
  distinct([...before.unsure.values(), ...after.unsure.values()]);

const unreadOf = (unread: readonly string[]): Pick<GuardArgs, "unread"> =>
  unread.length === 0 ? {} : { unread: distinct(unread) };

const bothSides = (
  accounts: readonly string[],
  permissionSets: readonly string[] | null,
  { sides, comparison }: GuardInput,
): readonly [Administrators, Administrators] => {
  const earlier = new Map([...comparison.renames.permissionSets].map(([old, name]) => [name, old]));
  const scope = {
    accounts: new Set(accounts),
    permissionSets,
    knownSets: [...comparison.live.state.permissionSets.keys()],
    unread: comparison.unread,
    disabledUsers: comparison.live.disabledUsers,
    former: (name: string) =>
      sides.before.permissionSet(name) ?? sides.before.permissionSet(earlier.get(name) ?? name),
  };
  return [administratorsIn(sides.before, scope), administratorsIn(sides.after, scope)];
};

const breakGlassMissing = (rule: BreakGlassRule, missing: readonly Held[], input: GuardInput): Finding => {
  const who = distinct(missing.map(({ principal }) => principal.replace(":", " "))).join(", ");
  const where = named(distinct(missing.map(({ account }) => account)), input);
  return {
    code: "break-glass-missing",
    severity: "warning",
    message: `there is no break-glass access for ${who} to ${where}, also after this plan`,
    hint: missing.every(({ isDisabled }) => isDisabled)
      ? "Nobody can sign in with a disabled user: enable it in the console, or name another"
      : "Assign a permission set that gives administrator access",
    position: rule.position,
  };
};

const named = (accounts: readonly string[], { comparison }: GuardInput): string =>
  accounts
    .map((id) => {
      const name = comparison.live.organization.accounts.get(id)?.name ?? null;
      return name === null ? id : `${name} (${id})`;
    })
    .join(", ");

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort(compareText);
