import { compareText } from "../model/address.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { LiveState } from "../model/live-state.ts";
import type { GuardCode, Plan } from "../plan/plan.ts";
import { findRenames, underNewNames } from "../plan/renames.ts";
import type { BuiltInRule } from "../plan/built-in-rules.ts";
import { compareFindings } from "./compare-findings.ts";
import { coverageOf } from "./coverage.ts";
import type { Drift, DriftCounts, DriftFinding } from "./drift.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { findingOf } from "./from-changes.ts";
import { findUndeclared } from "./undeclared.ts";

export interface DriftInput {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly live: LiveState;
  /** Known noise; they bind only what is not declared and what apply would leave alone. */
  readonly builtInRules: readonly BuiltInRule[];
  /** What is not declared, and hangs on nothing that is, is no drift. Default: it is. */
  readonly onlyDeclared?: boolean;
}

/** The plan, read as a report on what is live. Pure: the same input gives the same report, byte for byte. */
export const findDrift = ({ plan, desired, live, builtInRules, onlyDeclared = false }: DriftInput): Drift => {
  const { renames } = findRenames(desired, live);
  const renamed = underNewNames(live, renames.groups);
  const undeclared = findUndeclared(plan, desired, renamed, builtInRules, onlyDeclared);
  const findings = [...plan.changes.map((change) => findingOf(change, desired)), ...undeclared.findings].sort(
    compareFindings,
  );
  const { unchecked } = plan;
  const counts = count(findings, unchecked.length);
  return {
    formatVersion: 1,
    tool: plan.tool,
    manifest: plan.manifest,
    instance: plan.instance,
    result: findings.length > 0 ? "drift" : unchecked.length > 0 ? "unchecked" : "clean",
    counts,
    coverage: coverageOf(desired, renamed, unchecked),
    fingerprint: fingerprintOf(findings, unchecked),
    findings,
    unchecked,
    ignored: undeclared.ignored,
    skipped: plan.skipped,
    refusedBy: refusalsOf(plan),
  };
};

const refusalsOf = ({ guards }: Plan): GuardCode[] => {
  // What refuses now only says nothing about what was found.
  const against = guards.filter(({ verdict }) => verdict === "refused");
  return [...new Set(against.map(({ guard }) => guard))].sort(compareText);
};

const count = (findings: readonly DriftFinding[], unchecked: number): DriftCounts => {
  const counts = { changed: 0, missing: 0, unmanaged: 0 };
  for (const { bucket } of findings) counts[bucket] += 1;
  return { ...counts, unchecked };
};
