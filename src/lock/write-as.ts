import { AwsError } from "../model/errors.ts";
import { type LockRecord, newId } from "./record.ts";
import type { LockStore } from "./store.ts";

/**
 * Writes `record` over what the holder with the same id has there. A condition that does not hold is no proof that
 * somebody else has the lock: the reply to an earlier write may have been lost, or the store may have seen two writes
 * at one moment. What is there decides, by its ids.
 */
export const writeAs = async (
  store: LockStore,
  record: Omit<LockRecord, "write">,
  expected: string,
  signal?: AbortSignal,
): Promise<Written> => {
  const ours = new Set<string>();
  let fence = expected;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const write = newId(store.clock.random);
    ours.add(write);
    const written = await store.write({ ...record, write }, fence, signal);
    if (written !== null) return { fence: written };
    const there = await store.read(signal);
    if (there !== null && ours.has(there.record.write)) return { fence: there.fence };
    if (there === null || !isHolder(there.record, record.id)) return { lostTo: there?.record ?? null };
    if (there.fence === fence) await pauseAfterConflict(store, signal);
    fence = there.fence;
  }
  throw busy(store);
};

/** `lostTo`: what is there instead, null where nothing is. */
export type Written = { readonly fence: string } | { readonly lostTo: LockRecord | null };

export const isHolder = ({ state, id }: LockRecord, ofTaking: string): boolean =>
  state === "held" && id === ofTaking;

/** Long enough for two that collided not to collide again. */
export const pauseAfterConflict = ({ clock }: LockStore, signal?: AbortSignal): Promise<void> =>
  clock.sleep(100 + clock.random() * 400, signal);

export const busy = ({ target }: LockStore): AwsError =>
  new AwsError("lock-busy", `${target.url} changed under each of ${mostAttempts} attempts to write it`, {
    hint: "Look at what else writes there, and try again",
  });

export const mostAttempts = 10;
