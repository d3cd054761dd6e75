import type { Finding } from "../model/finding.ts";
import { globMatcher } from "../model/glob.ts";
import type { ChangeDraft } from "./plan.ts";

/**
 * The changes whose address matches one of the globs, with all that they depend on, in the order given. Everything was
 * read and compared all the same: a partial plan leaves changes out, it never sees less. null in place of the finding:
 * nothing was left out.
 */
export const only = (
  changes: readonly Ordered[],
  globs: readonly string[],
): { readonly kept: readonly Ordered[]; readonly finding: Finding | null } => {
  if (globs.length === 0) return { kept: changes, finding: null };
  const matchers = globs.map(globMatcher);
  const byAddress = new Map(changes.map((each) => [each.change.address, each]));
  const addresses = new Set<string>();
  const keep = (address: string): void => {
    const found = byAddress.get(address);
    if (found === undefined || addresses.has(address)) return;
    addresses.add(address);
    for (const needed of found.dependsOn) keep(needed);
  };
  for (const { address } of changes.map(({ change }) => change)) {
    if (matchers.some((matches) => matches(address))) keep(address);
  }
  const finding: Finding = {
    code: "partial-plan",
    severity: "warning",
    message: `This plan holds ${addresses.size} of ${changes.length} changes: those that match ${globs.join(" or ")}, and what they depend on`,
    hint: "Run without --only to see all of them",
  };
  return { kept: changes.filter(({ change }) => addresses.has(change.address)), finding };
};

interface Ordered {
  readonly change: ChangeDraft;
  readonly dependsOn: readonly string[];
}
