import { ReconcileError } from "../model/errors.ts";
import { describeHolder } from "./holder.ts";
import type { LockRecord } from "./record.ts";
import type { LockStore } from "./store.ts";
import { writeAs } from "./write-as.ts";

/**
 * A lock that is held is a lease that is renewed three times before it runs out. The holder gives up before it does:
 * when four fifths of it have passed without a renewal, `lost` is aborted. What changes something asks `outlasts` each
 * time, and begins nothing that may be under way when the lease has run out and somebody else may start. Time is read
 * every second and not left to one timer, because a machine that was suspended wakes up with its timers where they were.
 */
export interface HeldLock {
  readonly record: LockRecord;
  /** S3: the ETag. DynamoDB: the attribute `fence`. Another one after each renewal. */
  readonly fence: string;
  /** The holder whose lease had run out when this run took the lock; null: it was free. */
  readonly takenOverFrom: LockRecord | null;
  /** Aborted, with a ReconcileError as the reason, when the lock is somebody else's or could not be renewed in time. */
  readonly lost: AbortSignal;
  /**
   * Resolves when the lease lasts for so many milliseconds yet: at once, or with the next renewal. Rejects with the
   * reason of `lost`.
   */
  readonly outlasts: (milliseconds: number) => Promise<void>;
  /**
   * Asks the store whether nobody else has had the lock so far: null, or why that is not certain. Takes as long as the
   * lease lasts where the store can not be reached.
   */
  readonly confirm: () => Promise<ReconcileError | null>;
  /**
   * Ends the renewals and gives the lock back, unless it is somebody else's by now: null, or how it was lost. To be
   * called when nothing is in flight any more. Rejects with AwsError where the store can not be reached: the lease then
   * runs out by itself. Calling it again does nothing more.
   */
  readonly release: () => Promise<ReconcileError | null>;
}

export interface Taken {
  readonly record: LockRecord;
  readonly fence: string;
  /** Epoch milliseconds of this machine, from before the lock was taken. */
  readonly sentAt: number;
  readonly leaseMilliseconds: number;
  readonly takenOverFrom: LockRecord | null;
}

export const hold = (store: LockStore, taken: Taken): HeldLock => {
  const { clock } = store;
  const { leaseMilliseconds: lease, takenOverFrom } = taken;
  const stop = new AbortController();
  const lost = new AbortController();
  const ended = AbortSignal.any([stop.signal, lost.signal]);
  let { record, fence } = taken;
  let renewedAt = taken.sentAt;
  let trouble: unknown;

  const sleep = async (milliseconds: number): Promise<void> => {
    // Aborted is what the loops look at.
    await clock.sleep(milliseconds, ended).catch(() => {});
  };
  /** Whether it is renewed. */
  const renewOnce = async (): Promise<boolean> => {
    if (ended.aborted) return false;
    const sentAt = clock.now();
    const next = { ...record, until: store.serverTime() + lease };
    try {
      const written = await writeAs(store, next, fence, ended);
      if ("lostTo" in written) {
        lost.abort(takenAway(store, written.lostTo));
        return false;
      }
      fence = written.fence;
      record = next;
      trouble = undefined;
      renewedAt = sentAt;
      return true;
    } catch (error) {
      // The lease still runs: there is time to try again, until the watch says otherwise.
      trouble = error;
      return false;
    }
  };
  let renewing = Promise.resolve(true);
  /** One after the other: two at once would each find the other's fence. */
  const renew = (): Promise<boolean> => (renewing = renewing.then(renewOnce));
  const beat = async (): Promise<void> => {
    let pause = lease / 3;
    for (;;) {
      await sleep(pause);
      if (ended.aborted) return;
      pause = (await renew()) ? lease / 3 : lease / 12;
    }
  };
  /** Milliseconds until it is too late. */
  const giveUpWhenLate = (): number => {
    const left = renewedAt + lease * 0.8 - clock.now();
    if (left <= 0) lost.abort(notRenewed(store, trouble));
    return left;
  };
  const watch = async (): Promise<void> => {
    for (;;) {
      const left = giveUpWhenLate();
      if (ended.aborted) return;
      await sleep(Math.min(left, 1000));
    }
  };
  const running = Promise.all([beat(), watch()]);

  const outlasts = async (milliseconds: number): Promise<void> => {
    for (;;) {
      giveUpWhenLate();
      ended.throwIfAborted();
      if (clock.now() + milliseconds <= renewedAt + lease) return;
      await sleep(1000);
    }
  };
  const whyLost = (): ReconcileError | null => (lost.signal.aborted ? lost.signal.reason : null);
  const confirm = async (): Promise<ReconcileError | null> => {
    while (!(await renew())) {
      if (ended.aborted) break;
      await sleep(lease / 12);
    }
    return whyLost();
  };
  const giveBack = async (): Promise<ReconcileError | null> => {
    stop.abort();
    await running;
    const written = await writeAs(store, { ...record, state: "released", until: store.serverTime() }, fence);
    return whyLost() ?? ("lostTo" in written ? takenAway(store, written.lostTo) : null);
  };
  let released: Promise<ReconcileError | null> | undefined;
  return {
    get record() {
      return record;
    },
    get fence() {
      return fence;
    },
    takenOverFrom,
    lost: lost.signal,
    outlasts,
    confirm,
    release: () => (released ??= giveBack()),
  };
};

const takenAway = (store: LockStore, by: LockRecord | null): ReconcileError => {
  const { url } = store.target;
  const what =
    by === null || by.state === "released"
      ? `The lock ${url} was unlocked by somebody else`
      : [`Another run took the lock ${url}`, ...describeHolder(by, store.serverTime())].join("\n");
  return new ReconcileError("lock-lost", what, { hint });
};

const notRenewed = ({ target }: LockStore, trouble: unknown): ReconcileError => {
  const why = trouble instanceof Error ? `: ${trouble.message}` : "; this machine may have been asleep";
  return new ReconcileError("lock-lost", `The lock ${target.url} could not be renewed in time${why}`, {
    hint,
  });
};

const hint = "Look at what else runs, then plan again: what this run had not done yet is in the next plan";
