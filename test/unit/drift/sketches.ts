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
