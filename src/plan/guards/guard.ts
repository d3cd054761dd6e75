import type { ManagedKind } from "../../model/desired-state.ts";
import type { Guards } from "../../model/guards.ts";
import type { CallerIdentity } from "../../model/live-state.ts";
import type { Comparison } from "../difference.ts";
import type { Change, GuardArgs, GuardCode } from "../plan.ts";
import type { Sides } from "../sides.ts";

/** The finished plan, and what it was made from. */
export interface GuardInput {
  readonly comparison: Comparison;
  readonly changes: readonly Change[];
  readonly sides: Sides;
  readonly settings: Guards;
  /** Live objects in the manifest's scope, by kind. */
  readonly populations: Readonly<Record<ManagedKind, number>>;
  /** Who runs; null: not known, and guards that look at that are silent. */
  readonly caller: CallerIdentity | null;
  /** Epoch milliseconds; null: not known, and guards that look at that are silent. */
  readonly now: number | null;
}

export interface Guard {
  readonly code: GuardCode;
  /** Key in `guards` of the manifest; null: it has no setting. */
  readonly setting: keyof Guards | null;
  /** Whether its verdict depends on who runs, or when: then it is no part of what the plan is. */
  readonly judgesRun?: true;
  /** What it refuses can be applied at another time. */
  readonly passes?: true;
  /** Speaks only where nobody sees the plan before it is applied; elsewhere it only asks to be seen. */
  readonly onlyUnseen?: true;
  /** How its override is written; absent: as the number alone. */
  readonly allowance?: AllowanceForm;
  /** What it has against the plan; [] where it has nothing. */
  readonly check: (input: GuardInput) => readonly GuardArgs[];
}

/** An override that says what it is for, so that it fits nothing else. */
export interface AllowanceForm {
  /** What has to be allowed, each by itself: with a number (users:12), which may be exceeded, or as it is. */
  readonly parts: (args: GuardArgs) => readonly string[];
  readonly pattern: RegExp;
  /** What is expected of a part, with an example. */
  readonly words: string;
  readonly example: string;
}
