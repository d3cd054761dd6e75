import { compareText } from "../model/address.ts";
import type { ManagedKind } from "../model/desired-state.ts";
import type { Plan } from "../plan/plan.ts";
import { changeSections, type Section } from "./change-sections.ts";
import { followUps } from "./follow-ups.ts";
import { guardLines } from "./guard-lines.ts";
import { type AccountNames, kindLabel } from "./labels.ts";
import type { Line } from "./lines.ts";
import { noteSections } from "./note-sections.ts";
import { type RiskLine, riskLines } from "./risk-lines.ts";

/** A plan in the order in which a reviewer reads it. Text and Markdown are made of this; nothing in it is escaped. */
export interface PlanView {
  /** What is compared with what. */
  readonly header: readonly string[];
  readonly risks: readonly RiskLine[];
  readonly changes: readonly Section[];
  readonly notes: readonly Section[];
  readonly warnings: readonly string[];
  readonly followUps: readonly string[];
  readonly guards: readonly Line[];
  /** Stable: `Plan: 3 to create, 1 to update, 2 to delete.` or `No changes.` */
  readonly lastLine: string;
}

export const viewPlan = (plan: Plan, names: AccountNames): PlanView => ({
  header: headerOf(plan),
  risks: riskLines(plan.changes, names),
  changes: changeSections(plan.changes, names),
  notes: noteSections(plan),
  warnings: plan.warnings.map(({ message, hint, position }) => {
    const place = position === undefined ? "" : `${position.file}:${position.line}:${position.column}: `;
    return `${place}${message}${hint === undefined ? "" : `. ${hint}`}`;
  }),
  followUps: followUps(plan),
  guards: guardLines(plan, names),
  lastLine: lastLine(plan),
});

/** Nothing found is not the same as nothing there: what could not be read is never told as unchanged. */
export const lastLine = ({ counts, unchecked }: Pick<Plan, "counts" | "unchecked">): string => {
  const { create, update, delete: deletions, provision } = counts;
  if (create + update + deletions + provision === 0) {
    return unchecked.length === 0 ? "No changes." : "No changes in what could be read.";
  }
  const parts = [`${create} to create`, `${update} to update`, `${deletions} to delete`];
  if (provision > 0) parts.push(`${provision} to provision`);
  return `Plan: ${parts.join(", ")}.`;
};

const headerOf = ({ instance, manifest, modes, digest, changes }: Plan): string[] => {
  const mode = modeText(modes);
  return [
    `Plan for Identity Center instance ${instance.name ?? instance.identityStoreId} in ${instance.region} (${instance.instanceArn})`,
    manifest.name === null
      ? `${mode.charAt(0).toUpperCase()}${mode.slice(1)}`
      : `Manifest ${manifest.name}, ${mode}`,
    ...(changes.length === 0 ? [] : [`Digest: ${digest}`]),
  ];
};

export const modeText = (modes: Plan["modes"]): string => {
  const entries = Object.entries(modes).sort(([a], [b]) => compareText(a, b));
  const different = new Set(entries.map(([, mode]) => mode));
  const [only] = different;
  if (different.size === 1 && only !== undefined) return `mode ${only}: ${modeMeaning[only]}`;
  return `modes: ${entries.map(([kind, mode]) => `${kindLabel(kind as ManagedKind)} ${mode}`).join(", ")}`;
};

const modeMeaning = {
  additive: "creates and updates, never deletes",
  declared: "what is declared is made exact, what is not declared is left alone",
  exclusive: "what is not declared is deleted",
} as const;
