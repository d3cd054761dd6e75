import {
  compareText,
  groupAddress,
  permissionSetAddress,
  principalLabel,
  userAddress,
} from "../../model/address.ts";
import type { Finding } from "../../model/finding.ts";
import type { BreakGlassRule } from "../../model/guards.ts";
import type { GuardArgs } from "../plan.ts";
import { type Administrators, administratorsIn } from "./administrator-access.ts";
import type { GuardInput } from "./guard.ts";

/*
 * Who must keep administrator access. These guards refuse what the plan takes away; what is missing already, and is
 * not made worse, is a warning: it must not stop the plan that repairs it.
 */

export const checkBreakGlass = (input: GuardInput): GuardArgs[] =>
  input.settings.breakGlass.flatMap((rule) => {
    const { lost } = holdersOf(rule, input);
    return lost.length === 0
      ? []
      : [
          {
            count: lost.length,
            principals: distinct(lost.map(({ principal }) => principal)),
            accounts: distinct(lost.map(({ account }) => account)),
          },
        ];
  });

export const checkMinAdministrators = (input: GuardInput): GuardArgs[] =>
  input.settings.minAdministrators.flatMap(({ accounts, people }) => {
    const [before, after] = bothSides(accounts, null, input);
    const below = accounts.filter((id) => {
      const [were, are] = [before.people(id), after.people(id)];
      return were !== null && are !== null && are.size < people && are.size < were.size;
    });
    return below.length === 0 ? [] : [{ count: below.length, limit: people, accounts: below }];
  });

/** Warnings where what these guards ask for does not stand, and errors where a rule names nobody. */
export const administratorFindings = (input: GuardInput): Finding[] => [
  ...input.settings.breakGlass.flatMap((rule) => {
    const unknown = unknownNames(rule, input);
    if (unknown.length > 0) return unknown;
    const { missing } = holdersOf(rule, input);
    return missing.length === 0 ? [] : [breakGlassMissing(rule, missing, input)];
  }),
  ...input.settings.minAdministrators.flatMap(({ accounts, people, position }): Finding[] => {
    const [before, after] = bothSides(accounts, null, input);
    const below = accounts.filter((id) => {
      const [were, are] = [before.people(id), after.people(id)];
      return were !== null && are !== null && are.size < people && are.size >= were.size;
    });
    if (below.length === 0) return [];
    return [
      {
        code: "too-few-administrators",
        severity: "warning",
        message: `fewer than ${people} people have administrator access to ${named(below, input)}, also after this plan`,
        hint: "Give more people administrator access there",
        position,
      },
    ];
  }),
];

interface Held {
  readonly principal: string;
  readonly account: string;
}

/** Who of a rule loses the access, and who has never had it. */
const holdersOf = (
  rule: BreakGlassRule,
  input: GuardInput,
): { readonly lost: readonly Held[]; readonly missing: readonly Held[] } => {
  const [before, after] = bothSides(rule.accounts, rule.permissionSets, input);
  const all = rule.accounts.flatMap((account) => [
    ...rule.groups.map((name) => ({ account, type: "GROUP" as const, name })),
    ...rule.users.map((name) => ({ account, type: "USER" as const, name })),
  ]);
  const open = all.filter(({ account, type, name }) => !after.has(account, type, name));
  const held = ({ account, type, name }: (typeof all)[number]): Held => ({
    account,
    principal: principalLabel(type, name),
  });
  return {
    lost: open.filter(({ account, type, name }) => before.has(account, type, name)).map(held),
    missing: open.filter(({ account, type, name }) => !before.has(account, type, name)).map(held),
  };
};

const bothSides = (
  accounts: readonly string[],
  permissionSets: readonly string[] | null,
  { sides, comparison }: GuardInput,
): readonly [Administrators, Administrators] => {
  const scope = { accounts: new Set(accounts), permissionSets, unread: comparison.unread };
  return [administratorsIn(sides.before, sides, scope), administratorsIn(sides.after, sides, scope)];
};

const unknownNames = (rule: BreakGlassRule, { comparison }: GuardInput): Finding[] => {
  const { desired, live, unread } = comparison;
  const unknown = (
    kind: "users" | "groups" | "permissionSets",
    names: readonly string[],
    address: (name: string) => string,
  ): string[] =>
    names.filter(
      (name) =>
        !live.state[kind].has(name) &&
        !desired.state[kind].has(name) &&
        unread.covers(address(name)) === null,
    );
  const names = [
    ...unknown("groups", rule.groups, groupAddress).map((name) => `group "${name}"`),
    ...unknown("users", rule.users, userAddress).map((name) => `user "${name}"`),
    ...unknown("permissionSets", rule.permissionSets ?? [], permissionSetAddress).map(
      (name) => `permission set "${name}"`,
    ),
  ];
  return names.map((name) => ({
    code: "break-glass-unknown",
    severity: "error",
    message: `a break-glass rule names ${name}, which exists neither here nor in the manifest`,
    hint: "Check the name: a rule for nobody guards nothing",
    position: rule.position,
  }));
};

const breakGlassMissing = (rule: BreakGlassRule, missing: readonly Held[], input: GuardInput): Finding => {
  const who = distinct(missing.map(({ principal }) => principal.replace(":", " "))).join(", ");
  const where = named(distinct(missing.map(({ account }) => account)), input);
  return {
    code: "break-glass-missing",
    severity: "warning",
    message: `there is no break-glass access for ${who} to ${where}, also after this plan`,
    hint: "Assign a permission set that gives administrator access",
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
