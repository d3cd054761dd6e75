import { compareText } from "../model/address.ts";
import type { Change, RiskReason, UnreadReach } from "../plan/plan.ts";
import { type AccountNames, accountsLabel, few, principalLabel } from "./labels.ts";

export interface RiskLine {
  readonly tone: "gain" | "loss" | "notice";
  /** Not yet escaped. */
  readonly text: string;
}

/**
 * What a reviewer should read first: who gains administrator access, what comes to allow more, who loses access, which
 * IAM roles go. Ordinary access that is given is with the other changes.
 */
export const riskLines = (changes: readonly Change[], names: AccountNames): RiskLine[] => {
  const facts = changes.flatMap((change) => factsOf(change));
  const merged = new Map<string, Omit<Fact, "accounts"> & { readonly accounts: Set<string> }>();
  for (const fact of facts) {
    const key = `${fact.rank} ${fact.before}\u0000${fact.after}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...fact, accounts: new Set(fact.accounts) });
    else for (const account of fact.accounts) known.accounts.add(account);
  }
  return [...merged.values()]
    .sort((a, b) => a.rank - b.rank || compareText(a.before, b.before) || compareText(a.after, b.after))
    .map(({ tone, before, after, accounts }) => {
      const where = accounts.size === 0 ? "" : accountsLabel([...accounts].sort(compareText), names);
      return { tone, text: `${before}${where}${after}` };
    });
};

/** A sentence with a hole for accounts; facts that differ in nothing but these become one line. */
interface Fact {
  readonly rank: number;
  readonly tone: RiskLine["tone"];
  readonly before: string;
  readonly accounts: readonly string[];
  readonly after: string;
}

const factsOf = (change: Change): Fact[] => {
  switch (change.kind) {
    case "assignment":
      return assignmentFacts(change);
    case "membership":
      return membershipFacts(change);
    case "permissionSet":
      return permissionSetFacts(change);
    case "provisioning":
      return provisioningFacts(change);
    case "user":
    case "group":
      return [];
  }
};

const assignmentFacts = (change: Extract<Change, { kind: "assignment" }>): Fact[] => {
  const { direction, reasons, accounts = [], administratorAccounts = [] } = change.risk;
  const assignment = change.after ?? change.before;
  const who = principalLabel(assignment);
  const through = ` through ${assignment.permissionSet}`;
  const facts: Fact[] = [];
  if (change.action === "create") {
    const note = reasons.includes("management-account") ? `${through}, in the management account` : through;
    if (administratorAccounts.length > 0) {
      facts.push({
        rank: 1,
        tone: "gain",
        before: `${who} gets administrator access to `,
        accounts,
        after: note,
      });
    } else if (reasons.includes("identity-rights")) {
      facts.push({
        rank: 2,
        tone: "gain",
        before: `${who} gets ${identityRights} in `,
        accounts,
        after: note,
      });
    } else if (reasons.includes("management-account")) {
      facts.push({
        rank: 3,
        tone: "gain",
        before: `${who} gets access to the management account `,
        accounts,
        after: through,
      });
    }
    return facts;
  }
  if (change.reason.code === "renamed") return facts;
  const isLast = reasons.includes("last-access");
  if (administratorAccounts.length > 0) {
    const after = isLast ? `${through}, and has no other access there` : through;
    facts.push({ rank: 4, tone: "loss", before: `${who} loses administrator access to `, accounts, after });
  } else if (isLast) {
    facts.push({ rank: 5, tone: "loss", before: `${who} loses all access to `, accounts, after: "" });
  } else if (direction === "narrowing" && accounts.length > 0) {
    facts.push({
      rank: 6,
      tone: "loss",
      before: `${who} loses ${assignment.permissionSet} in `,
      accounts,
      after: ", and keeps other access there",
    });
  }
  if (reasons.includes("role-removed")) {
    facts.push({
      rank: 7,
      tone: "notice",
      before: `the IAM role of ${assignment.permissionSet} goes with its last assignment in `,
      accounts: [assignment.accountId],
      after: "; a later one will have another name",
    });
  }
  return facts;
};

const membershipFacts = (change: Extract<Change, { kind: "membership" }>): Fact[] => {
  const { accounts = [], administratorAccounts = [], reasons } = change.risk;
  const { user, group } = change.after ?? change.before;
  const { unread } = change.risk;
  const unknown: Fact[] =
    unread === undefined
      ? []
      : [
          {
            rank: 1,
            tone: "gain",
            before: `user ${user} gets, as a member of ${group}, access that nobody knows, because this was not read: ${firstOf(unread)}`,
            accounts: [],
            after: "",
          },
        ];
  if (accounts.length === 0) return unknown;
  if (change.action === "create") {
    const after = ` as a member of ${group}`;
    const gain = (rank: number, what: string, where: readonly string[]): Fact[] => [
      ...unknown,
      { rank, tone: "gain", before: `user ${user} gets ${what} `, accounts: where, after },
    ];
    if (administratorAccounts.length > 0) return gain(1, "administrator access to", administratorAccounts);
    if (reasons.includes("identity-rights")) {
      // Which of the accounts it is in is not told.
      return gain(2, `${identityRights} in${accounts.length > 1 ? " some of" : ""}`, accounts);
    }
    return reasons.includes("management-account")
      ? gain(3, "access, the management account included, to", accounts)
      : unknown;
  }
  const loss = (rank: number, what: string, where: readonly string[], after: string): Fact[] =>
    where.length === 0
      ? []
      : [{ rank, tone: "loss", before: `user ${user} loses ${what} `, accounts: where, after }];
  const others = accounts.filter((id) => !administratorAccounts.includes(id));
  return [
    ...loss(4, "administrator access to", administratorAccounts, ` as a member of ${group}`),
    ...loss(6, `what ${group} gives in`, others, ""),
  ];
};

const firstOf = ({ scopes, count }: UnreadReach): string => {
  const shown = scopes.slice(0, 5);
  return count === shown.length ? shown.join(", ") : `${shown.join(", ")} and ${count - shown.length} more`;
};

const permissionSetFacts = (change: Extract<Change, { kind: "permissionSet" }>): Fact[] => {
  if (change.action === "delete") return [];
  const { name } = change.after;
  const { direction, reasons, accounts = [], administratorAccounts = [] } = change.risk;
  const replaced: Fact[] =
    change.reason.code === "renamed"
      ? [
          {
            rank: 7,
            tone: "notice",
            before: `permission set ${change.reason.detail ?? ""} is replaced by ${name}: names of its IAM roles change, and what refers to them (resource policies, KMS keys, EKS) must follow`,
            accounts: [],
            after: "",
          },
        ]
      : [];
  const toWhom = holders(change.risk.principals ?? []);
  const where = accounts.length === 0 ? " (it is not assigned)" : " in ";
  const less: Fact = {
    rank: 6,
    tone: "loss",
    before: `permission set ${name} allows less${where}`,
    accounts,
    after: toWhom,
  };
  const notAdministrator: Fact = {
    ...less,
    rank: 4,
    before: `permission set ${name} no longer gives administrator access${where}`,
  };
  if (direction === "broadening") {
    const before = `permission set ${name} allows more${where}`;
    const more: Fact = { rank: 2, tone: "gain", before, accounts, after: `${toWhom}: ${textsOf(reasons)}` };
    const alsoLess: Fact = { ...less, before: `permission set ${name} also allows less${where}` };
    return [
      more,
      ...(reasons.includes("administrator-removed") ? [notAdministrator] : []),
      ...(reasons.includes("rights-removed") ? [alsoLess] : []),
      ...replaced,
    ];
  }
  if (direction !== "narrowing") return replaced;
  return [administratorAccounts.length > 0 ? notAdministrator : less, ...replaced];
};

const provisioningFacts = ({ permissionSet, risk }: Extract<Change, { kind: "provisioning" }>): Fact[] => {
  if (risk.direction !== "broadening") return [];
  const after = `, and nobody knows what it allowed there; now: ${textsOf(risk.reasons)}`;
  const before = `permission set ${permissionSet} replaces an older version in `;
  return [{ rank: 2, tone: "gain", before, accounts: risk.accounts ?? [], after }];
};

/** ` for group Developers, user jane.doe`. */
const holders = (principals: readonly string[]): string =>
  principals.length === 0 ? "" : `, for ${few(principals.map((principal) => principal.replace(":", " ")))}`;

const textsOf = (reasons: readonly RiskReason[]): string =>
  reasons
    .map((reason) => reasonTexts[reason])
    .filter((text) => text !== undefined)
    .join(", ");

const identityRights = "rights over identities (IAM, Organizations, STS, Identity Center)";

const reasonTexts: Partial<Readonly<Record<RiskReason, string>>> = {
  administrator: "administrator access",
  "boundary-changed": "another permissions boundary",
  "boundary-removed": "its permissions boundary goes",
  "customer-policy-unknown": "customer managed policies, which may allow anything",
  "deny-removed": "something is no longer denied",
  "identity-rights": identityRights,
  "management-account": "also in the management account",
  "policy-added": "policies or statements are added",
  "session-lengthened": "longer sessions",
  "wildcard-write": "whole services or groups of actions",
};
