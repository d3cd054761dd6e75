import { compareText } from "../model/address.ts";
import type { Change, RiskReason } from "../plan/plan.ts";
import { type AccountNames, accountsLabel, principalLabel } from "./labels.ts";

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
    case "user":
    case "group":
    case "provisioning":
      return [];
  }
};

const assignmentFacts = (change: Extract<Change, { kind: "assignment" }>): Fact[] => {
  const { reasons, accounts = [], administratorAccounts = [] } = change.risk;
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
  if (reasons.includes("last-access")) {
    const what = assignment.principalType === "GROUP" ? "its access to" : "direct access to";
    facts.push({ rank: 4, tone: "loss", before: `${who} loses ${what} `, accounts, after: "" });
  } else if (administratorAccounts.length > 0) {
    facts.push({
      rank: 4,
      tone: "loss",
      before: `${who} loses administrator access to `,
      accounts,
      after: through,
    });
  }
  if (reasons.includes("role-removed") && change.reason.code !== "renamed") {
    facts.push({
      rank: 6,
      tone: "notice",
      before: `the IAM role of ${assignment.permissionSet} goes with its last assignment in `,
      accounts: [assignment.accountId],
      after: "; a later one will have another name",
    });
  }
  return facts;
};

const membershipFacts = (change: Extract<Change, { kind: "membership" }>): Fact[] => {
  const { accounts = [], administratorAccounts = [] } = change.risk;
  const { user, group } = change.after ?? change.before;
  if (accounts.length === 0) return [];
  if (change.action === "create") {
    if (administratorAccounts.length === 0) return [];
    return [
      {
        rank: 1,
        tone: "gain",
        before: `user ${user} gets administrator access to `,
        accounts: administratorAccounts,
        after: ` as a member of ${group}`,
      },
    ];
  }
  return [
    { rank: 5, tone: "loss", before: `user ${user} loses what ${group} gives in `, accounts, after: "" },
  ];
};

const permissionSetFacts = (change: Extract<Change, { kind: "permissionSet" }>): Fact[] => {
  const { direction, reasons, accounts = [] } = change.risk;
  if (change.action === "create" && change.reason.code === "renamed") {
    const { name } = change.after;
    return [
      {
        rank: 6,
        tone: "notice",
        before: `permission set ${change.reason.detail ?? ""} is replaced by ${name}: names of its IAM roles change, and what refers to them (resource policies, KMS keys, EKS) must follow`,
        accounts: [],
        after: "",
      },
    ];
  }
  if (direction !== "broadening") return [];
  const what = reasons.map((reason) => reasonTexts[reason]).filter((text) => text !== undefined);
  const after = `: ${what.join(", ")}`;
  const name = (change.after ?? change.before)?.name ?? "";
  return accounts.length === 0
    ? [
        {
          rank: 2,
          tone: "gain",
          before: `permission set ${name} allows more (it is not assigned)`,
          accounts,
          after,
        },
      ]
    : [{ rank: 2, tone: "gain", before: `permission set ${name} allows more in `, accounts, after }];
};

const reasonTexts: Partial<Readonly<Record<RiskReason, string>>> = {
  administrator: "administrator access",
  "boundary-changed": "another permissions boundary",
  "boundary-removed": "its permissions boundary goes",
  "deny-removed": "something is no longer denied",
  "identity-rights": "rights over identities (IAM, Organizations, STS, Identity Center)",
  "management-account": "also in the management account",
  "policy-added": "policies or statements are added",
  "session-lengthened": "longer sessions",
  "wildcard-write": "whole services or groups of actions",
};
