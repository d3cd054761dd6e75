import { isPartial } from "../plan/partial.ts";
import type { Change, Plan } from "../plan/plan.ts";
import { isRefused } from "../plan/refused.ts";
import { shownOption } from "./guard-lines.ts";
import { counted } from "./labels.ts";

/** A plan in a few words and numbers, for headings and outputs. Nothing in it is escaped. */
export interface PlanSummary {
  /** What will happen, in one sentence without a full stop. */
  readonly headline: string;
  /** Kinds without changes are left out. */
  readonly totals: readonly KindTotal[];
  /** Whether apply would take it as it is. */
  readonly verdict: "nothing-to-do" | "refused" | "ready";
  /** What applies exactly this plan, but for the --only and --since options of a partial one. */
  readonly applyCommand: string;
  /** It leaves changes out (--only, --since). */
  readonly isPartial: boolean;
}

interface KindTotal {
  readonly kind: string;
  readonly counts: Readonly<Record<Change["action"], number>>;
}

export const summarisePlan = (plan: Plan): PlanSummary => ({
  headline: headline(plan),
  totals: totalsOf(plan),
  verdict: verdictOf(plan),
  applyCommand: applyCommand(plan),
  isPartial: isPartial(plan),
});

const headline = (plan: Plan): string => {
  const { manifest, changes, unchecked } = plan;
  const name = manifest.name === null ? "" : ` for ${manifest.name}`;
  const parts = [
    changes.length === 0 ? "no changes" : counted(changes.length, "change"),
    told(changes.filter(givesAdministrator).length, "gives", "give", "administrator access"),
    told(changes.filter(takesAccess).length, "takes", "take", "access away"),
    isPartial(plan) ? "other changes left out" : null,
    unchecked.length === 0 ? null : "not everything could be read",
  ];
  return `Access plan${name}: ${parts.filter((part) => part !== null).join(", ")}`;
};

const told = (count: number, one: string, many: string, what: string): string | null =>
  count === 0 ? null : `${count} ${count === 1 ? one : many} ${what}`;

const givesAdministrator = ({ risk }: Change): boolean =>
  risk.direction === "broadening" &&
  ((risk.administratorAccounts?.length ?? 0) > 0 || risk.reasons.includes("administrator"));

const takesAccess = ({ risk }: Change): boolean =>
  risk.direction === "narrowing" && (risk.accounts?.length ?? 0) > 0;

const kinds = [
  ["user", "Users"],
  ["group", "Groups"],
  ["membership", "Memberships"],
  ["permissionSet", "Permission sets"],
  ["provisioning", "Provisioning"],
  ["assignment", "Assignments"],
] as const;

const totalsOf = ({ changes }: Plan): KindTotal[] =>
  kinds
    .map(([kind, name]) => {
      const counts = { create: 0, update: 0, delete: 0, provision: 0 };
      for (const change of changes) if (change.kind === kind) counts[change.action] += 1;
      return { kind: name, counts };
    })
    .filter(({ counts }) => Object.values(counts).some((count) => count > 0));

const verdictOf = (plan: Plan): PlanSummary["verdict"] => {
  if (plan.changes.length === 0) return "nothing-to-do";
  return isRefused(plan) ? "refused" : "ready";
};

/** What the guards were allowed for this plan has to be allowed again. */
const applyCommand = ({ digest, guards }: Plan): string => {
  const allowed = guards
    .filter(({ verdict }) => verdict === "allowed")
    .map(({ override }) => shownOption(override));
  return ["reconcile apply", `--expect ${digest}`, ...new Set(allowed)].join(" ");
};
