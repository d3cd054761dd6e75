import type { LockStore, StoredRecord } from "./store.ts";
import { writeAs } from "./write-as.ts";

/**
 * Takes the lock from the holder that was seen, however often that one has renewed it since, and from nobody else.
 * Whether it was still there to be taken. A holder that still runs finds out at its next renewal, and stops.
 */
export const unlock = async (store: LockStore, { record, fence }: StoredRecord): Promise<boolean> => {
  const written = await writeAs(store, { ...record, state: "released", until: store.serverTime() }, fence);
  return "fence" in written;
};
