import { compareText } from "../model/address.ts";
import type { Change, Risk, RiskReason, UnreadReach } from "../plan/plan.ts";
import { counted, principalLabel } from "./labels.ts";
import { rankOf } from "./risk-rank.ts";
import { type Inflected, type RiskFact, type RiskRank, same } from "./risk-fact.ts";
import { broadRights, identityRights, reasonsText, unknownPolicies, unreadText } from "./risk-words.ts";

/**
 * What an assignment that is made gives, and one that goes takes. Ordinary further access in an account is not told;
 * `isNew`: neither is what a permission set gives that the plan makes in place of another, which is told of the set.
 */
export const assignmentFacts = (
  change: Extract<Change, { kind: "assignment" }>,
  isNew: (permissionSet: string) => boolean,
): RiskFact[] => {
  const assignment = change.after ?? change.before;
  const { accountId, permissionSet } = assignment;
  const who = principalLabel(assignment) + membersText(change.risk.members);
  const through = same(` through ${permissionSet}`);
  if (change.action === "create") {
    const given = gains(who, change.risk, through);
    const isTold = given.length > 0 || change.reason.code !== "renamed" || isNew(permissionSet);
    return isTold ? given : moreThan(change.reason.detail ?? "", who, permissionSet, change.risk);
  }
  if (change.reason.code === "renamed") {
    const next = change.reason.detail ?? "";
    return losses(
      who,
      change.risk,
      same(`${through.one}, which ${next} replaces`),
      `what ${permissionSet} allows beyond ${next}`,
    );
  }
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

const membersText = (members: Risk["members"]): string => {
  if (members === undefined) return "";
  const { names, count } = members;
  const more = count > names.length ? ` and ${count - names.length} more` : "";
  return ` (${counted(count, "member")}: ${names.join(", ")}${more})`;
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

/** What one set allows beyond another in whose place somebody gets it. */
const moreThan = (former: string, who: string, name: string, risk: Risk): RiskFact[] => {
  if (risk.direction !== "broadening") return [];
  const what = `more by ${name} than by ${former}, which it replaces, in`;
  const how = same(`: ${reasonsText(risk.reasons)}`);
  const { reasons, accounts = [] } = risk;
  return [{ rank: rankOf(reasons), who, sentence: { verb: gets, what, how }, accounts, firstAccess: [] }];
};

const gets: Inflected = { one: "gets", many: "get" };
const loses: Inflected = { one: "loses", many: "lose" };

/** Each account stands in one fact: the worst that is given there. */
const gains = (who: string, risk: Risk, how: Inflected): RiskFact[] => {
  if (risk.direction !== "broadening") return [];
  const facts = new Map<string, RiskFact>();
  for (const { reasons, accounts } of placesOf(risk)) {
    const kind = kindOfGain((reason) => reasons.has(reason));
    if (kind === null) continue;
    const [rank, what] = kind;
    const known = facts.get(what);
    facts.set(what, {
      rank,
      who,
      sentence: { verb: gets, what, how },
      accounts: [...(known?.accounts ?? []), ...accounts].sort(compareText),
      firstAccess: [...(known?.firstAccess ?? []), ...(reasons.has("first-access") ? accounts : [])],
    });
  }
  return [...facts.values()];
};

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
  const places = placesOf(risk);
  const loss = (
    rank: RiskRank,
    what: string,
    after: Inflected,
    { isAdministrator, isLast }: { isAdministrator: boolean; isLast: boolean },
  ): RiskFact[] => {
    const accounts = places
      .filter(
        ({ reasons }) =>
          reasons.has("administrator") === isAdministrator && reasons.has("last-access") === isLast,
      )
      .flatMap((place) => place.accounts)
      .sort(compareText);
    const sentence = { verb: loses, what, how: after };
    return accounts.length === 0 ? [] : [{ rank, who, sentence, accounts, firstAccess: [] }];
  };
  const { hiddenWays } = risk;
  const asRead = hiddenWays === undefined ? "" : `, as far as could be read (not ${unreadText(hiddenWays)})`;
  const admin = "administrator access to";
  const none = {
    one: `${how.one}, and has no other access there${asRead}`,
    many: `${how.many}, and have no other access there${asRead}`,
  };
  const other = { one: ", and keeps other access there", many: ", and keep other access there" };
  return [
    ...loss("loses-administrator", admin, none, { isAdministrator: true, isLast: true }),
    ...loss("loses-administrator", admin, how, { isAdministrator: true, isLast: false }),
    ...loss("loses-last-access", "all access to", same(asRead), { isAdministrator: false, isLast: true }),
    ...loss("loses-access", `${given} in`, other, { isAdministrator: false, isLast: false }),
  ];
};

interface Place {
  readonly reasons: ReadonlySet<RiskReason>;
  /** Where these reasons hold, and no other. */
  readonly accounts: readonly string[];
}

const placesOf = ({
  reasons,
  accounts = [],
  administratorAccounts = [],
  reasonAccounts = {},
}: Risk): Place[] => {
  const partly = reasons.flatMap((reason) => {
    const where = reason === "administrator" ? administratorAccounts : reasonAccounts[reason];
    return where === undefined || where.length === accounts.length ? [] : [{ reason, where: new Set(where) }];
  });
  const everywhere = reasons.filter((reason) => !partly.some((each) => each.reason === reason));
  const places = new Map<string, Place & { readonly accounts: string[] }>();
  for (const id of accounts) {
    let key = "";
    for (const { where } of partly) key += where.has(id) ? "1" : "0";
    const known = places.get(key);
    if (known !== undefined) {
      known.accounts.push(id);
      continue;
    }
    const here = partly.filter(({ where }) => where.has(id)).map(({ reason }) => reason);
    places.set(key, { reasons: new Set([...everywhere, ...here]), accounts: [id] });
  }
  return [...places.values()];
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
