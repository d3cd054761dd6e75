import type { Guards, ManagedKind } from "../model/desired-state.ts";
import { globMatcher } from "../model/glob.ts";
import type { ChangeDraft, GuardCode, GuardVerdict } from "./plan.ts";

/**
 * Guards judge the finished plan, which is shown in any case. Each has a code, data for its sentence, and one override
 * that names how much is let through, so that a permission given for one plan does not fit a larger one.
 *
 * | guard          | refuses                                                                                        |
 * |----------------|------------------------------------------------------------------------------------------------|
 * | max-removals   | of one kind, more than `floor` objects and more than `percent` of the live ones would go. What |
 * |                | a renamed permission set leaves behind does not count: it has its replacement.                 |
 * | protected      | an object would go whose address a `protect` pattern matches.                                  |
 * | empty-manifest | mode exclusive would delete objects of a kind of which the manifest declares none, or a        |
 * |                | manifest that declares nothing at all would delete what carries its owner mark.                |
 */
export interface GuardInput {
  readonly changes: readonly ChangeDraft[];
  /** Live objects in the manifest's scope, by kind. */
  readonly populations: Readonly<Record<ManagedKind, number>>;
  /** Objects that the manifest declares, external ones included, by kind. */
  readonly declared: Readonly<Record<ManagedKind, number>>;
  readonly guards: Guards;
  /** By guard: how many it may let through, as in --allow max-removals=12. */
  readonly allow: ReadonlyMap<string, string>;
}

export const evaluateGuards = (input: GuardInput): readonly GuardVerdict[] => {
  const deletions = deletionsOf(input.changes);
  return judge(
    [
      ...tooManyRemovals(deletions, input),
      ...protectedRemovals(deletions, input),
      ...emptyManifest(deletions, input),
    ],
    input.allow,
  );
};

const judge = (refusals: readonly Refusal[], allow: ReadonlyMap<string, string>): readonly GuardVerdict[] => {
  // One allowance serves all refusals of a guard, so what is offered is enough for the largest.
  const largest = new Map<GuardCode, number>();
  for (const { guard, args } of refusals) {
    largest.set(guard, Math.max(largest.get(guard) ?? 0, Number(args.count)));
  }
  return refusals.map(({ guard, args }) => ({
    guard,
    verdict: Number(args.count) <= allowed(allow.get(guard)) ? "allowed" : "refused",
    args,
    override: `--allow ${guard}=${largest.get(guard)}`,
  }));
};

const allowed = (text: string | undefined): number =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;

type Deletions = Readonly<Record<ManagedKind, readonly ChangeDraft[]>>;
type Refusal = Pick<GuardVerdict, "guard" | "args">;

const kinds = ["users", "groups", "memberships", "permissionSets", "assignments"] as const;

const deletionsOf = (changes: readonly ChangeDraft[]): Deletions => {
  const deletions = { users: [], groups: [], memberships: [], permissionSets: [], assignments: [] } as Record<
    ManagedKind,
    ChangeDraft[]
  >;
  for (const change of changes) {
    if (change.kind !== "provisioning" && change.action === "delete") {
      deletions[`${change.kind}s`].push(change);
    }
  }
  return deletions;
};

const tooManyRemovals = (deletions: Deletions, { populations, guards }: GuardInput): Refusal[] => {
  const { percent, floor } = guards.maxRemovals;
  return kinds.flatMap((kind) => {
    const count = deletions[kind].filter(({ reason }) => reason.code !== "renamed").length;
    const population = populations[kind];
    if (count <= floor || count * 100 <= percent * population) return [];
    return [{ guard: "max-removals" as const, args: { kind, count, population, percent, floor } }];
  });
};

const protectedRemovals = (deletions: Deletions, { guards }: GuardInput): Refusal[] => {
  const matchers = guards.protect.map(globMatcher);
  if (matchers.length === 0) return [];
  const addresses = kinds
    .flatMap((kind) => deletions[kind])
    .map(({ address }) => address)
    .filter((address) => matchers.some((matches) => matches(address)));
  return addresses.length === 0
    ? []
    : [{ guard: "protected" as const, args: { count: addresses.length, addresses } }];
};

const emptyManifest = (deletions: Deletions, { declared, populations }: GuardInput): Refusal[] => {
  const declaresNothing = kinds.every((kind) => declared[kind] === 0);
  return kinds.flatMap((kind) => {
    if (declared[kind] > 0) return [];
    const count = deletions[kind].filter(
      ({ reason }) => reason.code === "exclusive" || (declaresNothing && reason.code === "owner-mark"),
    ).length;
    if (count === 0) return [];
    return [{ guard: "empty-manifest" as const, args: { kind, count, population: populations[kind] } }];
  });
};
