import type { LiveState } from "../model/live-state.ts";
import type { InstanceReader, InstanceWriter } from "../model/ports.ts";
import type { Change } from "../plan/plan.ts";
import type { AsyncRequests } from "./async-requests.ts";
import type { Clock } from "./clock.ts";
import type { Ids } from "./ids.ts";
import type { Journal } from "./journal.ts";
import type { Lane } from "./lanes.ts";

/** What every step of an apply works with. */
export interface ApplyContext {
  readonly reader: InstanceReader;
  readonly writer: InstanceWriter;
  readonly live: LiveState;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly requests: AsyncRequests;
  readonly journal: Journal;
  /** Rejects with a ReconcileError when no write may be sent any more, of whatever change. */
  readonly mayWrite: () => Promise<void>;
  /** emptied-pairs.ts */
  readonly emptied: ReadonlySet<string>;
}

/** What the step for one change gets besides: its place in the run. */
export interface ChangeRun extends ApplyContext {
  readonly change: Change;
  /** Whether another change waits for this one. */
  readonly isAwaited: boolean;
  /** Runs a part of the change when its lanes have room. Rejects with NotStarted where an interruption came first. */
  begin<T>(lanes: readonly Lane[], work: () => Promise<T>): Promise<T>;
  /** To be called before trying again what has had no effect yet: throws NotStarted after an interruption. */
  readonly stopIfInterrupted: () => void;
  readonly retrying: (reason: string) => void;
  /** Called with every id of an asynchronous request before its end is awaited. */
  readonly requested: (requestId: string) => void;
}

/** What a step has to tell when it is done: one sentence, or nothing. */
export type Step<C extends Change = Change> = (change: C, run: ChangeRun) => Promise<string | undefined>;

export type ChangeOfKind<K extends Change["kind"]> = Extract<Change, { kind: K }>;
