import { builtInRules } from "../../../src/plan/built-in-rules.ts";
import type { Drift } from "../../../src/drift/drift.ts";
import { findDrift } from "../../../src/drift/find-drift.ts";
import type { DesiredState } from "../../../src/model/desired-state.ts";
import type { LiveIds, LiveState } from "../../../src/model/live-state.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { type DesiredSketch, desired, live, type LiveSketch, plan } from "../plan/builders.ts";

/** What findDrift looks at, from the builders of the planner's tests. */
export const comparison = (
  wanted: DesiredSketch,
  there: LiveSketch,
  ids: Partial<LiveIds> = {},
): { readonly plan: Plan; readonly desired: DesiredState; readonly live: LiveState } => {
  const state = live(there);
  return {
    plan: plan(wanted, there),
    desired: desired(wanted),
    live: { ...state, ids: { ...state.ids, ...ids } },
  };
};

export const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

export const driftOf = (wanted: DesiredSketch, there: LiveSketch, rules = builtInRules): Drift =>
  findDrift({ ...comparison(wanted, there), builtInRules: rules });

/** Each finding in a few words, in the order of the report. */
export const told = ({ findings }: Drift): string[] =>
  findings.map(({ bucket, reason, address, repair }) => `${bucket} ${reason.code} ${address} -> ${repair}`);
