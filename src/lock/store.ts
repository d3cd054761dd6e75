import type { LockRecord } from "./record.ts";
import type { LockTarget } from "./target.ts";

/**
 * One record in S3 or DynamoDB that is only ever written on the condition that it is still what was read. All that a
 * lock needs is built on these two operations, so that the two kinds of store can not behave differently.
 */
export interface LockStore {
  readonly target: LockTarget;
  readonly clock: LockClock;
  /** null: nothing is there. Rejects with AwsError; with UsageError where something is there that is not a lock. */
  readonly read: (signal?: AbortSignal) => Promise<StoredRecord | null>;
  /**
   * Writes where what is there still has this fence (null: where nothing is there). Resolves to the new fence, or to
   * null where the condition did not hold and nothing was written. After a rejection the write may have taken place.
   */
  readonly write: (
    record: LockRecord,
    expected: string | null,
    signal?: AbortSignal,
  ) => Promise<string | null>;
  /** Epoch milliseconds by the clock of the store, as of its last reply. */
  readonly serverTime: () => number;
  readonly close: () => void;
}

export interface StoredRecord {
  readonly record: LockRecord;
  /** S3: the ETag. DynamoDB: the attribute `fence`. Another one after each write. */
  readonly fence: string;
}

export interface LockClock {
  /** Epoch milliseconds of this machine. */
  readonly now: () => number;
  /** Rejects when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/**
 * Whether nobody else may take the lock. The tolerance is for the replies that tell the time: their seconds are whole,
 * and they travel.
 */
export const isHeld = ({ state, until }: LockRecord, serverTime: number): boolean =>
  state === "held" && serverTime <= until + tolerance;

const tolerance = 2000;
