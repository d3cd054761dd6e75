import { compareText } from "../model/address.ts";
import type { Change } from "../plan/plan.ts";
import { assignmentFacts, membershipFacts } from "./access-facts.ts";
import { type AccountNames, accountsLabel, few } from "./labels.ts";
import { permissionSetFacts, provisioningFacts } from "./permission-set-facts.ts";
import { userFacts } from "./user-facts.ts";
import { type RiskFact, type RiskRank, riskRanks, type Sentence } from "./risk-fact.ts";

export interface RiskLine {
  readonly tone: "gain" | "loss" | "notice";
  /** Not yet escaped. */
  readonly text: string;
}

/**
 * What a reviewer should read first: who gains what, where, worst first; who loses access; which IAM roles go. Ordinary
 * access where somebody has other access is with the other changes. One line a principal and permission set, or group;
 * who gains or loses the same in the same accounts shares a line; of what is less grave, a crowd does so too.
 */
export const riskLines = (changes: readonly Change[], names: AccountNames): RiskLine[] =>
  crowdsSummed(sharersMerged(accountsMerged(factsOfAll(changes))))
    .map((statement) => ({ statement, text: textOf(statement, names) }))
    .sort((a, b) => order[a.statement.rank] - order[b.statement.rank] || compareText(a.text, b.text))
    .map(({ statement, text }) => ({ tone: toneOf(statement.rank), text }));

const toneOf = (rank: RiskRank): RiskLine["tone"] =>
  rank === "notice" ? "notice" : rank.startsWith("loses") ? "loss" : "gain";

const order = Object.fromEntries(riskRanks.map((rank, index) => [rank, index])) as Record<RiskRank, number>;

const factsOfAll = (changes: readonly Change[]): RiskFact[] => {
  const made = new Set(
    changes.flatMap((change) =>
      change.kind === "permissionSet" && change.action === "create" ? [change.after.name] : [],
    ),
  );
  return changes.flatMap((change) => factsOf(change, (permissionSet) => made.has(permissionSet)));
};

const factsOf = (change: Change, isNew: (permissionSet: string) => boolean): RiskFact[] => {
  switch (change.kind) {
    case "assignment":
      return assignmentFacts(change, isNew);
    case "membership":
      return membershipFacts(change);
    case "permissionSet":
      return permissionSetFacts(change);
    case "provisioning":
      return provisioningFacts(change);
    case "user":
      return userFacts(change);
    case "group":
      return [];
  }
};

/** Facts that have become one line. */
interface Statement {
  readonly rank: RiskRank;
  readonly sentence: Sentence;
  /** Sorted, like the accounts. */
  readonly who: readonly string[];
  readonly accounts: readonly string[];
  /** Whether it is the first access: of all of them in all accounts, of some, or of none. */
  readonly first: "all" | "some" | "none";
  /** Each of them in some of the accounts. */
  readonly isCrowd: boolean;
}

/** What differs in nothing but the accounts. */
const accountsMerged = (facts: readonly RiskFact[]): Statement[] =>
  groupsOf(facts, ({ rank, who, sentence }) => keyOf(rank, sentence, who ?? "")).map((group) => {
    const [{ rank, sentence, who }] = group;
    const accounts = unionOf(group, (fact) => fact.accounts);
    const first = unionOf(group, (fact) => fact.firstAccess).length;
    return {
      rank,
      sentence,
      who: who === null ? [] : [who],
      accounts,
      first: first === 0 ? "none" : first === accounts.length ? "all" : "some",
      isCrowd: false,
    };
  });

/** And what differs in nothing but who. */
const sharersMerged = (statements: readonly Statement[]): Statement[] =>
  groupsOf(statements, ({ rank, sentence, accounts }) => keyOf(rank, sentence, accounts.join())).map(
    (group) => merged(group, group[0].accounts),
  );

/** Administrator access, rights over identities and what is lost of it are never told of a crowd. */
const crowdsSummed = (statements: readonly Statement[]): Statement[] =>
  groupsOf(statements, ({ rank, sentence }) => keyOf(rank, sentence, "")).flatMap((group) => {
    const [{ rank, who }] = group;
    const mayBeSummed = summable.has(rank) && who.length > 0 && group.length > mostAlike;
    if (!mayBeSummed) return group;
    return [
      {
        ...merged(
          group,
          unionOf(group, ({ accounts }) => accounts),
        ),
        isCrowd: true,
      },
    ];
  });

const summable: ReadonlySet<RiskRank> = new Set<RiskRank>([
  "gains-broad-rights",
  "gains-first-access",
  "loses-last-access",
  "loses-access",
]);
const mostAlike = 10;

const merged = (group: NonEmpty<Statement>, accounts: readonly string[]): Statement => {
  const [first] = group;
  return {
    ...first,
    who: unionOf(group, ({ who }) => who),
    accounts,
    first: group.every((each) => each.first === first.first) ? first.first : "some",
  };
};

const textOf = ({ sentence, who, accounts, first, isCrowd }: Statement, names: AccountNames): string => {
  const number = who.length > 1 ? "many" : "one";
  const subject = who.length === 0 ? [] : [peopleLabel(who), sentence.verb[number]];
  const where = accounts.length === 0 ? [] : [placeText(sentence.what, accountsLabel(accounts, names))];
  const each = isCrowd ? ", each in some of them" : "";
  return (
    [...subject, sentence.what, ...where].join(" ") + sentence.how[number] + each + firstText(first, who)
  );
};

/** A management account that is called so is named once. */
const placeText = (what: string, accounts: string): string =>
  what.endsWith("the management account") ? accounts.replace(/^management (?=\(\d{12}\)$)/i, "") : accounts;

const firstText = (first: Statement["first"], { length }: readonly string[]): string => {
  if (first === "none") return "";
  if (first === "all") return ", with no access there before";
  return length > 1 ? ", some with no access there before" : ", with no access to some of them before";
};

/** `users jane, max and 7 more`, or `group Ops, user jane`. */
const peopleLabel = (who: readonly string[]): string => {
  const [type] = who.map((label) => label.slice(0, label.indexOf(" ") + 1));
  if (type === undefined || who.length === 1 || !who.every((label) => label.startsWith(type))) {
    return few(who, mostNames);
  }
  return `${type.trimEnd()}s ${few(
    who.map((label) => label.slice(type.length)),
    mostNames,
  )}`;
};

const mostNames = 20;

const keyOf = (rank: RiskRank, { what, how }: Sentence, rest: string): string =>
  [rank, what, how.one, rest].join("\u0000");

type NonEmpty<T> = readonly [T, ...T[]];

/** In the order in which they are met. */
const groupsOf = <T>(items: readonly T[], key: (item: T) => string): NonEmpty<T>[] => {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return [...groups.values()];
};

const unionOf = <T>(items: NonEmpty<T>, of: (item: T) => readonly string[]): readonly string[] => {
  const [first, ...rest] = items;
  if (rest.length === 0) return of(first);
  return [...new Set(items.flatMap(of))].sort(compareText);
};
