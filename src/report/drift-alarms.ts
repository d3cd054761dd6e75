import type { DriftFinding } from "../drift/drift.ts";
import { compareText } from "../model/address.ts";
import type { RiskReason } from "../plan/plan.ts";
import { type AccountNames, accountsLabel, principalLabel } from "./labels.ts";
import type { RiskLine } from "./risk-lines.ts";

/**
 * What to look at first: who has access that nobody declared, who lacks access that is declared. Findings that differ
 * in nothing but the account become one line; the order is theirs, worst first.
 */
export const driftAlarms = (findings: readonly DriftFinding[], names: AccountNames): RiskLine[] => {
  const merged = new Map<string, Alarm & { readonly all: Set<string> }>();
  for (const finding of findings) {
    const alarm = alarmOf(finding);
    if (alarm === null) continue;
    const key = `${alarm.before}\u0000${alarm.after}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...alarm, all: new Set(alarm.accounts) });
    else for (const account of alarm.accounts) known.all.add(account);
  }
  return [...merged.values()].map(({ tone, before, all, after }) => {
    const where = all.size === 0 ? "" : accountsLabel([...all].sort(compareText), names);
    return { tone, text: `${before}${where}${after}` };
  });
};

/** A sentence with a hole for accounts. */
interface Alarm {
  readonly tone: RiskLine["tone"];
  readonly before: string;
  readonly accounts: readonly string[];
  readonly after: string;
}

const alarmOf = (finding: DriftFinding): Alarm | null => {
  const { risk } = finding;
  if (risk.access === "none") return null;
  const tone = risk.access === "gained" ? "gain" : "loss";
  const sentence = sentenceOf(finding);
  return sentence === null ? null : { tone, accounts: risk.accounts, ...sentence };
};

const sentenceOf = (finding: DriftFinding): Pick<Alarm, "before" | "after"> | null => {
  const { access, administratorAccounts, reasons } = finding.risk;
  const gained = access === "gained";
  const kindOfAccess = administratorAccounts.length > 0 ? "administrator access" : "access";
  switch (finding.kind) {
    case "assignment": {
      const assignment = finding.live ?? finding.declared;
      if (assignment === null) return null;
      const who = principalLabel(assignment);
      const through = ` through ${assignment.permissionSet}`;
      if (!gained) return { before: `${who} lacks its declared ${kindOfAccess} to `, after: through };
      const why =
        finding.reason.code === "expired"
          ? `which ${expiry(finding.reason.detail)}`
          : "which is not declared";
      return { before: `${who} has ${kindOfAccess} to `, after: `${through}, ${why}` };
    }
    case "membership": {
      const membership = finding.live ?? finding.declared;
      if (membership === null) return null;
      const { user, group } = membership;
      return gained
        ? { before: `user ${user} has ${kindOfAccess} to `, after: ` as an undeclared member of ${group}` }
        : {
            before: `user ${user} lacks ${kindOfAccess} to `,
            after: `, no longer being a member of ${group}`,
          };
    }
    case "permissionSet": {
      const name = (finding.live ?? finding.declared)?.name ?? "";
      if (!gained) return { before: `permission set ${name} allows less than is declared in `, after: "" };
      const what = reasons.map((reason) => reasonTexts[reason]).filter((text) => text !== undefined);
      const where = finding.risk.accounts.length === 0 ? " (it is not assigned)" : " in ";
      const after = what.length === 0 ? "" : `: ${what.join(", ")}`;
      return { before: `permission set ${name} allows more than is declared${where}`, after };
    }
    case "user": {
      const user = finding.live ?? finding.declared;
      if (!gained || user === null) return null;
      const email = user.attributes["email.value"];
      return {
        before: `the sign-in e-mail of user ${user.userName}, who has ${kindOfAccess} to `,
        after: `, was changed to ${typeof email === "string" ? email : "none"}: whoever reads that mailbox can set the password`,
      };
    }
    case "group":
    case "provisioning":
      return null;
  }
};

const expiry = (time: string | undefined): string => (time === undefined ? "has expired" : `expired ${time}`);

const reasonTexts: Partial<Readonly<Record<RiskReason, string>>> = {
  administrator: "administrator access",
  "boundary-changed": "another permissions boundary",
  "boundary-removed": "no permissions boundary",
  "customer-policy-removed": "customer managed policies are missing, which may have denied anything",
  "customer-policy-unknown": "customer managed policies, which may allow anything",
  "deny-removed": "something is no longer denied",
  "identity-rights": "rights over identities (IAM, Organizations, STS, Identity Center)",
  "management-account": "also in the management account",
  "policy-added": "policies or statements were added",
  "session-lengthened": "longer sessions",
  "wildcard-write": "whole services or groups of actions",
};
