import type { Change, Risk, RiskReason, UnreadReach } from "../plan/plan.ts";
import { principalLabel } from "./labels.ts";
import { type Inflected, type RiskFact, type RiskRank, same } from "./risk-fact.ts";
import { broadRights, identityRights, unknownPolicies, unreadText } from "./risk-words.ts";

/** What an assignment that is made gives, and one that goes takes. Ordinary further access in an account is not told. */
export const assignmentFacts = (change: Extract<Change, { kind: "assignment" }>): RiskFact[] => {
  const assignment = change.after ?? change.before;
  const { accountId, permissionSet } = assignment;
  const who = principalLabel(assignment);
  const through = same(` through ${permissionSet}`);
  if (change.action === "create") return gains(who, change.risk, through);
  if (change.reason.code === "renamed") return [];
  const role: RiskFact = {
    rank: "notice",
    who: null,
    sentence: {
      verb: same(""),
      what: `the IAM role of ${permissionSet} goes with its last assignment in`,
      how: same("; a later one will have another name"),
    },
    accounts: [accountId],
    firstAccess: [],
  };
  return [
    ...losses(who, change.risk, through, permissionSet),
    ...(change.risk.reasons.includes("role-removed") ? [role] : []),
  ];
};

/** The same of who joins a group or leaves it, as if all of it had been assigned. */
export const membershipFacts = (change: Extract<Change, { kind: "membership" }>): RiskFact[] => {
  const { user, group } = change.after ?? change.before;
  const who = `user ${user}`;
  const asMember = { one: ` as a member of ${group}`, many: ` as members of ${group}` };
  const what = `${change.risk.accounts === undefined ? "" : "else "}${group} gives, which nobody knows`;
  return change.action === "create"
    ? [
        ...gains(who, change.risk, asMember),
        ...unknown("gains-administrator", who, gets, `what ${what}`, change.risk.unread),
      ]
    : [
        ...losses(who, change.risk, asMember, `what ${group} gives`),
        ...unknown("loses-administrator", who, loses, `what ${what}`, change.risk.unread),
      ];
};

const gets: Inflected = { one: "gets", many: "get" };
const loses: Inflected = { one: "loses", many: "lose" };

/** Each account stands in one fact: the worst that is given there. */
const gains = (who: string, risk: Risk, how: Inflected): RiskFact[] => {
  if (risk.direction !== "broadening") return [];
  const has = placesOf(risk);
  const kinds = new Map<string, RiskFact & { accounts: string[]; firstAccess: string[] }>();
  for (const id of risk.accounts ?? []) {
    const kind = kindOfGain((reason) => has(reason, id));
    if (kind === null) continue;
    const key = kind.join();
    const fact = kinds.get(key) ?? gain(who, kind, how);
    kinds.set(key, fact);
    fact.accounts.push(id);
    if (has("first-access", id)) fact.firstAccess.push(id);
  }
  return [...kinds.values()];
};

const gain = (
  who: string,
  [rank, what]: readonly [RiskRank, string],
  how: Inflected,
): RiskFact & { accounts: string[]; firstAccess: string[] } => ({
  rank,
  who,
  sentence: { verb: gets, what, how },
  accounts: [],
  firstAccess: [],
});

const kindOfGain = (has: (reason: RiskReason) => boolean): readonly [RiskRank, string] | null => {
  const isManagement = has("management-account");
  const where = isManagement ? " the management account" : "";
  if (has("administrator")) {
    return [
      isManagement ? "gains-administrator-of-management" : "gains-administrator",
      `administrator access to${where}`,
    ];
  }
  if (has("identity-rights")) return ["gains-identity-rights", `${identityRights} in${where}`];
  const broad = [
    ...(has("wildcard-write") ? [broadRights] : []),
    ...(has("customer-policy-unknown") ? [unknownPolicies] : []),
  ].join(" and ");
  const what = broad === "" ? "access to" : `${broad} in`;
  if (isManagement) return ["gains-management", `${what}${where}`];
  if (broad !== "") return ["gains-broad-rights", what];
  return has("first-access") ? ["gains-first-access", what] : null;
};

/** `given` names what goes where other access stays. */
const losses = (who: string, risk: Risk, how: Inflected, given: string): RiskFact[] => {
  if (risk.direction !== "narrowing") return [];
  const has = placesOf(risk);
  const loss = (rank: RiskRank, what: string, after: Inflected, is: (id: string) => boolean): RiskFact[] => {
    const accounts = (risk.accounts ?? []).filter(is);
    const sentence = { verb: loses, what, how: after };
    return accounts.length === 0 ? [] : [{ rank, who, sentence, accounts, firstAccess: [] }];
  };
  const noOther: Inflected = {
    one: `${how.one}, and has no other access there`,
    many: `${how.many}, and have no other access there`,
  };
  const administrator = (id: string): boolean => has("administrator", id);
  const last = (id: string): boolean => has("last-access", id);
  const admin = "administrator access to";
  return [
    ...loss("loses-administrator", admin, noOther, (id) => administrator(id) && last(id)),
    ...loss("loses-administrator", admin, how, (id) => administrator(id) && !last(id)),
    ...loss("loses-last-access", "all access to", same(""), (id) => !administrator(id) && last(id)),
    ...loss(
      "loses-access",
      `${given} in`,
      { one: ", and keeps other access there", many: ", and keep other access there" },
      (id) => !administrator(id) && !last(id),
    ),
  ];
};

const placesOf = ({ reasons, accounts = [], administratorAccounts = [], reasonAccounts = {} }: Risk) => {
  const places = new Map(
    reasons.map((reason) => [
      reason,
      new Set(reason === "administrator" ? administratorAccounts : (reasonAccounts[reason] ?? accounts)),
    ]),
  );
  return (reason: RiskReason, id: string): boolean => places.get(reason)?.has(id) === true;
};

/** It may be anything: what is worst is taken for it. */
const unknown = (
  rank: RiskRank,
  who: string,
  verb: Inflected,
  what: string,
  unread?: UnreadReach,
): RiskFact[] => {
  if (unread === undefined) return [];
  const how = same(`, because this was not read: ${unreadText(unread)}`);
  return [{ rank, who, sentence: { verb, what, how }, accounts: [], firstAccess: [] }];
};
