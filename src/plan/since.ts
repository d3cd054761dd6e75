import { canonicalJson } from "../model/canonical-json.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { Finding } from "../model/finding.ts";
import type { ChangeDraft } from "./plan.ts";

/** What was declared before, resolved against the same organization. */
export interface Since {
  /** null: nothing was. */
  readonly desired: DesiredState | null;
  /** Which commit that was, for messages: `origin/main (1a2b3c4d5e6f)`. */
  readonly label: string;
}

/**
 * Whether a change comes from what is declared differently now: the earlier declarations, compared with the same live
 * state, would not make just this change. So selectors, defaults, modes, policies, `removed`, `previously` and what a
 * declaration does to others count by what they come to, and drift that stands there for both does not.
 */
export const comesSince = (earlier: readonly ChangeDraft[]): ((change: ChangeDraft) => boolean) => {
  const byAddress = new Map(earlier.map((change) => [change.address, change]));
  return (change) => {
    const before = byAddress.get(change.address);
    return before === undefined || !isSameChange(before, change);
  };
};

/** Said where nothing is left out because there was nothing to compare with. */
export const allIsNew = ({ label }: Since): Finding => ({
  code: "since-no-manifest",
  severity: "warning",
  message: `There is no manifest at ${label}: every change counts as one of this branch`,
});

const isSameChange = (a: ChangeDraft, b: ChangeDraft): boolean => {
  if (a.action !== b.action || a.id !== b.id) return false;
  // The address says all that an assignment or a membership is.
  return a.kind === "assignment" || a.kind === "membership" || valuesOf(a) === valuesOf(b);
};

const valuesOf = (change: ChangeDraft): string =>
  canonicalJson(change.kind === "provisioning" ? change.accounts : [change.before, change.after]);
