import type { Finding } from "../model/finding.ts";
import { globMatcher } from "../model/glob.ts";
import type { ChangeDraft } from "./plan.ts";

/** Which changes are asked for; both: those that are in each. */
export interface Asked {
  /** Their address matches one of these; empty: all. */
  readonly globs: readonly string[];
  /** They come from what has been declared since; null: all. */
  readonly since: {
    readonly comes: (change: ChangeDraft) => boolean;
    readonly label: string;
  } | null;
}

/**
 * The changes that are asked for, with all that they need, in the order given. Everything was read
 * and compared all the same: a partial plan leaves changes out, it never sees less, so that what it deletes was looked
 * at like the rest (a deletion that matches is one that was asked for). What they need:
 * - what they wait for, such as the replacement of what goes; but what is given brings no deletion along that nobody
 *   asked for, and then does not wait for it: its risk tells who gets it.
 * - the rename of their group, which is known by its new name only afterwards.
 *
 * null in place of the finding: nothing was left out.
 */
export const only = (
  changes: readonly Ordered[],
  { globs, since }: Asked,
): { readonly kept: readonly Ordered[]; readonly finding: Finding | null } => {
  if (globs.length === 0 && since === null) return { kept: changes, finding: null };
  const matchers = globs.map(globMatcher);
  const isAsked = (change: ChangeDraft): boolean =>
    (matchers.length === 0 || matchers.some((matches) => matches(change.address))) &&
    (since === null || since.comes(change));
  const byAddress = new Map(changes.map((each) => [each.change.address, each]));
  const renames = renamesByGroup(changes);
  const addresses = new Set<string>();
  const keep = (asked: Ordered): void => {
    const open = [asked];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (addresses.has(next.change.address)) continue;
      addresses.add(next.change.address);
      for (const address of [...next.dependsOn, ...(renames.get(groupOf(next.change) ?? "") ?? [])]) {
        const needed = byAddress.get(address);
        if (needed === undefined) continue;
        if (needed.change.action !== "delete" || next.change.action === "delete") open.push(needed);
      }
    }
  };
  for (const each of changes) if (isAsked(each.change)) keep(each);
  if (globs.length === 0 && addresses.size === changes.length) return { kept: changes, finding: null };
  const kept = changes
    .filter(({ change }) => addresses.has(change.address))
    .map(({ change, dependsOn }) => ({
      change,
      dependsOn: dependsOn.filter((address) => addresses.has(address)),
    }));
  return { kept, finding: partialPlan(addresses.size, changes.length, { globs, since }) };
};

const partialPlan = (kept: number, all: number, { globs, since }: Asked): Finding => {
  const match = globs.length === 0 ? "" : ` that match ${globs.join(" or ")}`;
  const which = since === null ? `those${match}` : `those of this branch${match}`;
  const rest = all - kept;
  const others =
    since === null || globs.length > 0
      ? ""
      : `; the other ${rest} ${rest === 1 ? "is" : "are"} not of this branch: the manifest at ${since.label} would make ${rest === 1 ? "it" : "them"} as well`;
  if (kept === 0 && since !== null && globs.length === 0) {
    return {
      code: "partial-plan",
      severity: "warning",
      message: `There are no changes of this branch: all ${all} are left out, because the manifest at ${since.label} would make them as well`,
      hint: "Run without --since to see all of them",
    };
  }
  const options = [...(globs.length === 0 ? [] : ["--only"]), ...(since === null ? [] : ["--since"])];
  return {
    code: "partial-plan",
    severity: "warning",
    message: `This plan holds ${kept} of ${all} changes: ${which}, and what they depend on${others}`,
    hint: `Run without ${options.join(" and ")} to see all of them`,
  };
};

interface Ordered {
  readonly change: ChangeDraft;
  readonly dependsOn: readonly string[];
}

/** By new name, the address of the change that gives it. */
const renamesByGroup = (changes: readonly Ordered[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    changes.flatMap(({ change }) =>
      change.kind === "group" &&
      change.action === "update" &&
      change.before.displayName !== change.after.displayName
        ? [[change.after.displayName, [change.address]] as const]
        : [],
    ),
  );

const groupOf = (change: ChangeDraft): string | null => {
  if (change.kind === "membership") return (change.after ?? change.before).group;
  if (change.kind !== "assignment") return null;
  const { principalType, principal } = change.after ?? change.before;
  return principalType === "GROUP" ? principal : null;
};
