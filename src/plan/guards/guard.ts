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
}

export interface Guard {
  readonly code: GuardCode;
  /** Key in `guards` of the manifest; null: it has no setting. */
  readonly setting: keyof Guards | null;
  /** Whether its verdict depends on who runs. */
  readonly judgesCaller?: true;
  /** Speaks only where nobody sees the plan before it is applied; elsewhere it only asks to be seen. */
  readonly onlyUnseen?: true;
  /** Judges each kind by itself, and is let pass for each by itself. */
  readonly perKind?: true;
  /** What it has against the plan; [] where it has nothing. */
  readonly check: (input: GuardInput) => readonly GuardArgs[];
}
