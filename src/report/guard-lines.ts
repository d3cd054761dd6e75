import type { Finding } from "../model/finding.ts";
import type { GuardArgs, GuardCode, GuardVerdict, Plan } from "../plan/plan.ts";
import { type AccountNames, accountsLabel, counted, few, kindLabel } from "./labels.ts";
import { type Line, line } from "./lines.ts";

/** What the guards have against the plan: each with its numbers, and what to do about it. Not yet escaped. */
export const guardLines = ({ guards }: Plan, names: AccountNames): Line[] =>
  guards.flatMap((verdict) => [
    line(
      0,
      verdict.verdict === "refused" ? "-" : null,
      `${heads[verdict.verdict]} ${verdict.guard}: ${guardText(verdict, names)}`,
    ),
    line(1, null, nextStep(verdict)),
  ]);

/** What lets apply not go on, for output that has room for findings only. */
export const refusals = ({ guards }: Plan, names: AccountNames): Finding[] =>
  guards
    .filter(({ verdict }) => verdict === "refused" || verdict === "refused-now")
    .map((verdict) => ({
      code: `guard-${verdict.guard}`,
      severity: "error",
      message: guardText(verdict, names),
      hint: nextStep(verdict),
    }));

const heads = {
  refused: "refused by guard",
  "refused-now": "refused now, by guard",
  allowed: "allowed, against guard",
  "needs-review": "needs review, by guard",
} as const;

const nextStep = ({ verdict, guard, override: whole }: GuardVerdict): string => {
  const override = shownOption(whole);
  switch (verdict) {
    case "allowed":
      return `because of ${override}`;
    case "refused-now":
      return `apply it after that; if it cannot wait, add ${override}`;
    case "needs-review":
      return "apply it with --plan FILE or --expect DIGEST, or answer yes at the terminal";
    case "refused":
      if (guard === "approval") {
        return `apply it with --plan FILE or --expect DIGEST instead of --auto-approve; if it is to be applied unseen, add ${override}`;
      }
      return isRuleOfAws(guard)
        ? `change the manifest, or ${guard === "delegated-administrator" ? "run it from the management account" : "have AWS raise the quota where it can"}; ${override} silences the guard only: AWS refuses what it does not take`
        : `if that is meant, add ${override}`;
  }
};

/** An option that names a thousand accounts would leave no room for anything else. */
export const shownOption = (override: string): string => {
  const parts = override.split(",");
  return parts.length <= mostParts
    ? override
    : `${parts.slice(0, fewParts).join(",")},... (${parts.length} parts; plan --format json has all of them, as override)`;
};

const mostParts = 40;
const fewParts = 5;

const guardText = ({ guard, args }: GuardVerdict, names: AccountNames): string => texts[guard](args, names);

const isRuleOfAws = (guard: GuardCode): boolean =>
  guard === "delegated-administrator" || guard.startsWith("quota-");

type Text = (args: GuardArgs, names: AccountNames) => string;

const where = ({ accounts = [] }: GuardArgs, names: AccountNames): string => accountsLabel(accounts, names);
const objects = ({ addresses = [] }: GuardArgs): string => few(addresses);
const people = ({ principals = [] }: GuardArgs): string =>
  principals.length === 0 ? "" : `: ${few(principals.map((principal) => principal.replace("user:", "")))}`;
const lockoutText = ({ population }: GuardArgs): string =>
  population === undefined
    ? "lose that access or have it narrowed by"
    : `lose that access (${population === 1 ? "your only way" : `all ${population} of your ways`} in) by`;
const unreadText = ({ unread }: GuardArgs): string =>
  unread === undefined ? "" : `; could not be read: ${few(unread)}`;

const texts: Readonly<Record<GuardCode, Text>> = {
  "max-removals": ({ count, population, percent, floor, kind, addresses }) =>
    `${count} of ${population} ${kindLabel(kind)} would be deleted${addresses === undefined ? "" : `, or left without any rights by ${few(addresses)}`} (${share(count, population, percent)} %); the limit is ${percent} %, or up to ${floor}`,
  "shrunken-manifest": ({ count, population, percent, floor }) =>
    `${count} of the ${population} objects in its scope (${share(count, population, percent)} %) would be deleted only because the manifest no longer mentions them; the limit is ${percent} %, or up to ${floor}. Is the manifest complete?`,
  "empty-manifest": ({ count, kind }) =>
    `the manifest declares no ${kindLabel(kind)}, and ${count === 1 ? "the one that is" : `all ${count} that are`} there would be deleted`,
  protected: (args) =>
    `${counted(args.count, "change")} would delete, change or take something from what is protected: ${objects(args)}`,
  "self-lockout": (args, names) =>
    `you are signed in as ${args.callerUser} with permission set ${args.permissionSet} in ${where(args, names)}, and ${args.unread === undefined ? "would" : "may"} ${lockoutText(args)} ${objects(args)}${unreadText(args)}`,
  "break-glass": (args, names) =>
    `${few((args.principals ?? []).map((principal) => principal.replace(":", " ")))} ${args.unread === undefined ? "would" : "may"} lose the break-glass access to ${where(args, names)}: ${args.count} of ${counted(args.population ?? 0, "way")} in that the rule declares${unreadText(args)}`,
  "min-administrators": (args, names) =>
    `fewer than ${counted(args.limit ?? 0, "person", "people")} ${args.unread === undefined ? "would" : "may"} be left with administrator access to ${where(args, names)}: ${args.population} of ${args.limit} left${people(args)}${unreadText(args)}`,
  freeze: ({ window, reason, until }) =>
    `nothing is applied until ${until}, in freeze window ${window} (${reason})`,
  approval: ({ count, population, asks }) =>
    asks === "broadening"
      ? `${count} of ${counted(population ?? 0, "change")} ${count === 1 ? "gives" : "give"} somebody more access than before: somebody has to see that first`
      : `somebody has to see ${counted(count, "change")} first`,
  "delegated-administrator": (args, names) =>
    `AWS lets only the management account, ${where(args, names)}, make assignments there, and change or assign permission sets that are provisioned there. You run from account ${args.callerAccount}, so ${counted(args.count, "change")} would fail: ${objects(args)}`,
  "quota-permission-sets": ({ count, limit }) =>
    `there would be ${count} permission sets at a time; the quota is ${limit}. ${raised("permissionSets")}`,
  "quota-permission-sets-per-account": (args, names) =>
    `there would be up to ${args.count} permission sets at a time in ${where(args, names)}; the quota is ${args.limit}. ${raised("permissionSetsPerAccount")}`,
  "quota-groups-per-assignment": (args, names) =>
    `${args.permissionSet} would be assigned to ${args.count} groups at a time in ${where(args, names)}; AWS takes ${args.limit}`,
  "quota-policies": ({ count, limit, permissionSet }) =>
    `${permissionSet} would have ${count} AWS managed and customer managed policies; AWS takes ${limit}`,
  "quota-inline-policy": ({ count, limit, permissionSet }) =>
    `the inline policy of ${permissionSet} would have ${count} bytes without white space; AWS takes ${limit}`,
};

const raised = (setting: string): string =>
  `AWS raises it on request; once it has, say so in the manifest (guards.quotas.${setting})`;

/** In as many digits as it takes to tell it from the limit. */
const share = (count: number, population = 0, limit = -1): string => {
  const percent = (count / population) * 100;
  const digits = [1, 2, 3, 4, 5].find((each) => Number(percent.toFixed(each)) > limit) ?? 6;
  return percent.toFixed(digits).replace(/\.0+$/, "");
};
