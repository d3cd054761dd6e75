import type { ManagedKind } from "../model/desired-state.ts";
import type { DesiredState } from "../model/desired-state.ts";
import type { LiveState, Unread } from "../model/live-state.ts";
import type { KnownNoise } from "./built-in-rules.ts";
import type { Doomed } from "./doomed.ts";
import type { Ignore } from "./ignore.ts";
import type { ChangeDraft, Note, SkippedSubject } from "./plan.ts";
import type { Renames } from "./renames.ts";
import type { UnreadGains } from "./unread-gains.ts";
import type { UnreadScopes } from "./unread.ts";

/** What the stages of the comparison look at. `live` already has groups under their new names. */
export interface Comparison {
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly renames: Renames;
  readonly ignore: Ignore;
  readonly unread: UnreadScopes;
  readonly unreadGains: UnreadGains;
  readonly noise: KnownNoise;
}

export interface ComparisonWithDeletions extends Comparison {
  readonly doomed: Doomed;
}

/** What they find, in no order. Every live object is equal to what is declared, or in exactly one of these lists. */
export interface Difference {
  readonly changes: ChangeDraft[];
  readonly unmanaged: Note[];
  readonly ignored: Note[];
  readonly withheld: Note[];
  readonly unchecked: Unread[];
  readonly skipped: SkippedSubject[];
  /** Live objects that this manifest has a say in: not ignored, not unmanaged. What removals are a share of. */
  readonly populations: Record<ManagedKind, number>;
}

export const emptyDifference = (): Difference => ({
  changes: [],
  unmanaged: [],
  ignored: [],
  withheld: [],
  unchecked: [],
  skipped: [],
  populations: { users: 0, groups: 0, memberships: 0, permissionSets: 0, assignments: 0 },
});
