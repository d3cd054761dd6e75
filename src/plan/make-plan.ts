import { compareText } from "../model/address.ts";
import type { DesiredState } from "../model/desired-state.ts";
import { type Finding, hasErrors } from "../model/finding.ts";
import type { CallerIdentity, LiveState } from "../model/live-state.ts";
import { builtInRules, knownNoise } from "./built-in-rules.ts";
import { diff } from "./diff.ts";
import type { Comparison, Difference } from "./difference.ts";
import { planDigest } from "./digest.ts";
import { administratorFindings } from "./guards/administrators.ts";
import { checkAllowances, evaluateGuards } from "./guards/evaluate.ts";
import type { GuardInput } from "./guards/guard.ts";
import { makeIgnore } from "./ignore.ts";
import { type Asked, only } from "./only.ts";
import { order } from "./order.ts";
import { changesOfOtherOwners } from "./owners.ts";
import type { Change, Counts, Plan } from "./plan.ts";
import { checkReferences } from "./references.ts";
import { findRenames, underNewNames } from "./renames.ts";
import { makeJudge } from "./risk.ts";
import { sidesOf } from "./sides.ts";
import { allIsNew, comesSince, type Since } from "./since.ts";
import { findUnreadGains } from "./unread-gains.ts";
import { makeUnreadScopes } from "./unread.ts";
import { planWarnings } from "./warnings.ts";

export interface PlanOptions {
  readonly toolVersion: string;
  /** By guard: what it may let through. */
  readonly allow?: ReadonlyMap<string, string>;
  /** Address globs: the plan holds only what matches, with what that depends on. Absent or empty: everything. */
  readonly only?: readonly string[];
  /** The plan holds only what the declarations there would not change as well, with what that depends on. */
  readonly since?: Since;
  /** Who runs. Absent: guards that look at that are silent. */
  readonly caller?: CallerIdentity;
  /** Epoch milliseconds. Absent: guards that look at that are silent. */
  readonly now?: number;
  /** Nobody sees this plan before it is applied. */
  readonly unattended?: boolean;
}

/**
 * What has to change so that what is live becomes what is declared. Pure: the same input gives the same plan, byte for
 * byte, in whatever order the maps hold it. The plan is null where there is an error among the findings.
 */
export const makePlan = (
  desired: DesiredState,
  live: LiveState,
  options: PlanOptions,
): { readonly plan: Plan | null; readonly findings: readonly Finding[] } => {
  const { comparison, findings: renameFindings } = compare(desired, live);
  const renamed = comparison.live;
  const allow = options.allow ?? new Map<string, string>();
  const problems = sortFindings([
    ...checkAllowances(allow),
    ...renameFindings,
    ...checkReferences(desired, renamed, comparison),
  ]);
  if (hasErrors(problems)) return { plan: null, findings: problems };

  const difference = diff(comparison);
  const { since } = options;
  const asked = { globs: options.only ?? [], since: since === undefined ? null : sinceThen(since, live) };
  const { kept, finding: partial } = only(order(difference.changes, comparison), asked);
  // Judged by what is carried out: what is left out neither gives nor takes anything.
  const judge = makeJudge(
    comparison,
    kept.map(({ change }) => change),
  );
  const changes = kept.map(({ change, dependsOn }) => ({ ...change, risk: judge(change), dependsOn }));
  const finished: GuardInput = {
    comparison,
    changes,
    sides: sidesOf(renamed, changes),
    settings: desired.scope.guards,
    populations: difference.populations,
    caller: options.caller ?? null,
    now: options.now ?? null,
  };
  const guards = evaluateGuards(finished, allow, options.unattended === true);
  const warnings = sortFindings([
    ...(partial === null ? [] : [partial]),
    ...(since?.desired === null ? [allIsNew(since)] : []),
    ...planWarnings(comparison, difference),
    ...administratorFindings(finished),
    ...changesOfOtherOwners(desired, renamed, changes),
  ]);
  if (hasErrors(warnings)) return { plan: null, findings: warnings };
  const manifest = { name: desired.manifest.name, digest: desired.manifest.digest };
  const plan: Plan = {
    formatVersion: 1,
    tool: { name: "identity-center-reconciler", version: options.toolVersion },
    manifest,
    modes: desired.scope.modes,
    instance: live.instance,
    digest: planDigest({ instance: live.instance, manifest, changes, guards }),
    counts: countChanges(changes),
    changes,
    ...sortedNotes(desired, difference),
    warnings: sortFindings([...desired.findings, ...warnings]),
    guards,
  };
  return { plan, findings: warnings };
};

/** The earlier declarations may be at odds with what is live by now: what they would come to counts all the same. */
const sinceThen = ({ desired, label }: Since, live: LiveState): Asked["since"] => ({
  comes: comesSince(desired === null ? [] : diff(compare(desired, live).comparison).changes),
  label,
});

const compare = (
  desired: DesiredState,
  live: LiveState,
): { readonly comparison: Comparison; readonly findings: readonly Finding[] } => {
  const { renames, findings } = findRenames(desired, live);
  const renamed = underNewNames(live, renames.groups);
  const ignore = makeIgnore(desired.scope.ignore, live.organization);
  const unread = makeUnreadScopes(renamed.coverage.unread);
  const comparison: Comparison = {
    desired,
    live: renamed,
    renames,
    ignore,
    unread,
    noise: knownNoise(desired.scope.builtInRules ? builtInRules : [], renamed),
    unreadGains: findUnreadGains(desired, renamed, unread, ignore),
  };
  return { comparison, findings };
};

const countChanges = (changes: readonly Change[]): Counts => {
  const counts = { create: 0, update: 0, delete: 0, provision: 0 };
  for (const { action } of changes) counts[action] += 1;
  return counts;
};

const sortedNotes = (
  desired: DesiredState,
  difference: Difference,
): Pick<Plan, "unmanaged" | "ignored" | "withheld" | "unchecked" | "skipped"> => {
  // An expired assignment that is still there is a deletion, and no longer something that was left out.
  const changed = new Set(
    desired.skipped.length === 0 ? [] : difference.changes.map(({ address }) => address),
  );
  const left = desired.skipped.filter(({ subject }) => !changed.has(subject));
  return {
    unmanaged: sortBy(difference.unmanaged, ({ address, reason }) => [address, reason]),
    ignored: sortBy(difference.ignored, ({ address, reason }) => [address, reason]),
    withheld: sortBy(difference.withheld, ({ address, reason }) => [address, reason]),
    unchecked: sortBy(difference.unchecked, ({ scope, reason }) => [scope, reason]),
    skipped: sortBy([...difference.skipped, ...left], ({ subject, reason }) => [subject, reason]),
  };
};

/** Sorted, and each said once. */
const sortBy = <T>(items: readonly T[], keys: (item: T) => readonly [string, string]): T[] => {
  const sorted = [...items].sort((a, b) => compareKeys(keys(a), keys(b)));
  return sorted.filter((item, index) => {
    const previous = sorted[index - 1];
    return previous === undefined || compareKeys(keys(previous), keys(item)) !== 0;
  });
};

const compareKeys = (a: readonly [string, string], b: readonly [string, string]): number =>
  compareText(a[0], b[0]) || compareText(a[1], b[1]);

const sortFindings = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort(
    (a, b) =>
      compareText(a.position?.file ?? "", b.position?.file ?? "") ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  );
