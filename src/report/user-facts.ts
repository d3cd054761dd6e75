import { compareText } from "../model/address.ts";
import type { Change, Risk } from "../plan/plan.ts";
import { type RiskFact, type RiskRank, same } from "./risk-fact.ts";
import { unreadText } from "./risk-words.ts";

/** What a user's attributes decide: who can sign in as the user, and what is decided by attributes. */
export const userFacts = (change: Extract<Change, { kind: "user" }>): RiskFact[] => {
  if (change.action !== "update") return [];
  const { before, after, risk } = change;
  return [
    ...(risk.reasons.includes("sign-in-changed")
      ? signIn(
          after.userName,
          `, changes from ${shown(before.attributes["email.value"])} to ${shown(after.attributes["email.value"])}: whoever reads the new mailbox can set the password`,
          risk,
        )
      : []),
    ...attributes(change),
  ];
};

/** Each account stands in one fact: where the user is an administrator, and elsewhere. */
const signIn = (user: string, changes: string, risk: Risk): RiskFact[] => {
  const { accounts = [], administratorAccounts = [], reasons, unread } = risk;
  const isManagement = reasons.includes("management-account");
  const management = isManagement ? (risk.reasonAccounts?.["management-account"] ?? accounts) : [];
  const fact = (rank: RiskRank, what: string, where: readonly string[], how = ""): RiskFact => ({
    rank,
    who: null,
    sentence: {
      verb: same(""),
      what: `the sign-in e-mail of user ${user}, who has ${what}`,
      how: same(how + changes),
    },
    accounts: where,
    firstAccess: [],
  });
  const isAdministrator = (id: string): boolean => administratorAccounts.includes(id);
  const parts = [
    {
      isOf: true,
      isRoot: true,
      rank: "gains-administrator-of-management",
      what: "administrator access to the management account",
    },
    { isOf: true, isRoot: false, rank: "gains-administrator", what: "administrator access to" },
    { isOf: false, isRoot: true, rank: "gains-management", what: "access to the management account" },
    {
      isOf: false,
      isRoot: false,
      rank: reasons.includes("identity-rights") ? "gains-identity-rights" : "gains-broad-rights",
      what: "access to",
    },
  ] as const;
  const known = parts.flatMap(({ isOf, isRoot, rank, what }) => {
    const where = accounts.filter((id) => isAdministrator(id) === isOf && management.includes(id) === isRoot);
    return where.length === 0 ? [] : [fact(rank, what, where)];
  });
  return unread === undefined
    ? known
    : [
        ...known,
        fact(
          "gains-administrator",
          `access that nobody knows${known.length > 0 ? " besides" : ""}`,
          [],
          `, because this was not read: ${unreadText(unread)}`,
        ),
      ];
};

const shown = (value: string | boolean | null | undefined): string =>
  typeof value === "string" ? value : "none";

/** Whether attributes for access control are on is not read: it costs a reviewer little to be told in either case. */
const attributes = ({ before, after }: Extract<Change, { kind: "user"; action: "update" }>): RiskFact[] => {
  const former: Readonly<Record<string, unknown>> = before.attributes;
  const names = Object.entries(after.attributes)
    .filter(([name, value]) => name.startsWith("enterprise.") && value !== (former[name] ?? null))
    .map(([name]) => name.slice("enterprise.".length))
    .sort(compareText);
  if (names.length === 0) return [];
  const sentence = {
    verb: { one: "gets", many: "get" },
    what: `another ${names.join(", ")}: where attributes for access control are on, policies may decide by that`,
    how: same(""),
  };
  return [{ rank: "notice", who: `user ${after.userName}`, sentence, accounts: [], firstAccess: [] }];
};
