import type { Finding } from "../model/finding.ts";
import { globMatcher } from "../model/glob.ts";
import type { Change } from "./plan.ts";

/**
 * The changes whose address matches one of the globs, with all that they depend on, in the order given. Everything was
 * read and compared all the same: a partial plan leaves changes out, it never sees less. null in place of the finding:
 * nothing was left out.
 */
export const only = (
  changes: readonly Change[],
  globs: readonly string[],
): { readonly changes: readonly Change[]; readonly finding: Finding | null } => {
  if (globs.length === 0) return { changes, finding: null };
  const matchers = globs.map(globMatcher);
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const kept = new Set<string>();
  const keep = (address: string): void => {
    const change = byAddress.get(address);
    if (change === undefined || kept.has(address)) return;
    kept.add(address);
    for (const needed of change.dependsOn) keep(needed);
  };
  for (const { address } of changes) if (matchers.some((matches) => matches(address))) keep(address);
  const finding: Finding = {
    code: "partial-plan",
    severity: "warning",
    message: `This plan holds ${kept.size} of ${changes.length} changes: those that match ${globs.join(" or ")}, and what they depend on`,
    hint: "Run without --only to see all of them",
  };
  return { changes: changes.filter(({ address }) => kept.has(address)), finding };
};
