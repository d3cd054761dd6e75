import { AwsError } from "../model/errors.ts";
import { type HeldLock, hold } from "./hold.ts";
import { LockHeldError } from "./holder.ts";
import { type LockRecord, newId } from "./record.ts";
import { isHeld, type LockStore, type StoredRecord } from "./store.ts";
import { busy, isHolder, mostAttempts, pauseAfterConflict } from "./write-as.ts";

export interface AcquireOptions {
  /** Who runs this, on which machine, and where to look at the run: what everybody else is shown. */
  readonly owner: string;
  readonly host: string;
  readonly runUrl: string | null;
  /** Of the reviewed plan, where there is one already. */
  readonly planDigest: string | null;
  /** Milliseconds to wait for another run; 0: none. */
  readonly wait: number;
  /** How long the lock outlives a holder that died. Default: a minute. */
  readonly leaseMilliseconds?: number;
  /** Ends the waiting. A lock that was taken at that moment is released again. */
  readonly signal: AbortSignal;
  /** Called once for each holder that is waited for. */
  readonly onWaiting: (holder: LockRecord) => void;
}

/**
 * Takes the lock: at once where it is free, was released or has expired, else as soon as it is while waiting.
 * Rejects with LockHeldError where somebody else keeps it, with AwsError where the store can not be reached or
 * refuses, with UsageError where something else is in its place, with the signal's reason where that came.
 */
export const acquireLock = async (store: LockStore, options: AcquireOptions): Promise<HeldLock> => {
  const { clock } = store;
  const { signal } = options;
  const id = newId(clock.random);
  const giveUpAt = clock.now() + options.wait;
  let waitingFor: string | undefined;
  let conflicts = 0;
  for (;;) {
    signal.throwIfAborted();
    const there = await store.read(signal);
    if (there !== null && isHeld(there.record, store.serverTime())) {
      if (clock.now() >= giveUpAt) throw new LockHeldError(store.target, there.record, store.serverTime());
      if (waitingFor !== there.record.id) options.onWaiting(there.record);
      waitingFor = there.record.id;
      conflicts = 0;
      await orAborted(clock.sleep(Math.min(pollPause(clock.random), giveUpAt - clock.now()), signal), signal);
      continue;
    }
    const held = await take(store, id, there, options);
    if (held !== null) return held;
    conflicts += 1;
    if (conflicts >= mostAttempts) throw busy(store);
    await orAborted(pauseAfterConflict(store, signal), signal);
  }
};

/** A timer that is aborted says so with an error of its own, and not with the reason. */
const orAborted = async (pause: Promise<void>, signal: AbortSignal): Promise<void> => {
  try {
    await pause;
  } finally {
    signal.throwIfAborted();
  }
};

/** null: somebody else was faster. */
const take = async (
  store: LockStore,
  id: string,
  there: StoredRecord | null,
  options: AcquireOptions,
): Promise<HeldLock | null> => {
  const { clock } = store;
  const { owner, host, runUrl, planDigest, leaseMilliseconds = defaultLease } = options;
  const sentAt = clock.now();
  const since = store.serverTime();
  const record: LockRecord = {
    state: "held",
    id,
    write: newId(clock.random),
    owner,
    host,
    runUrl,
    planDigest,
    since,
    until: since + leaseMilliseconds,
  };
  const fence = await writeOrFind(store, record, there?.fence ?? null);
  if (fence === null) return null;
  const takenOverFrom = there?.record.state === "held" ? there.record : null;
  const held = hold(store, { record, fence, sentAt, leaseMilliseconds, takenOverFrom });
  if (!options.signal.aborted) return held;
  await held.release();
  throw options.signal.reason;
};

/**
 * Without the signal: a write that is broken off may still take place, and leave a lock that nobody holds. Neither
 * a refusal nor an error proves that it did not, so what is there is looked at before either is believed.
 */
const writeOrFind = async (
  store: LockStore,
  record: LockRecord,
  expected: string | null,
): Promise<string | null> => {
  let failure: AwsError | undefined;
  try {
    const fence = await store.write(record, expected);
    if (fence !== null) return fence;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    failure = error;
  }
  const there = await store.read().catch((error: unknown) => {
    throw failure ?? error;
  });
  if (there !== null && isHolder(there.record, record.id)) return there.fence;
  if (failure !== undefined) throw failure;
  return null;
};

/** Milliseconds, half and all of five seconds apart, so that many that wait do not ask in step. */
const pollPause = (random: () => number): number => 5000 * (0.5 + random() / 2);

const defaultLease = 60_000;
