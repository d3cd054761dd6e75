import { NotStarted } from "./failure.ts";

/**
 * How much may run side by side. Work that waits never holds up other work that could run: whenever something ends,
 * the first waiting piece whose lanes all have room starts, in the order of the plan.
 * - AWS takes 15 outstanding assignment requests. Deletions are counted with creations, because their limit is not
 *   stated.
 * - In one account it updates one role at a time: assignments and single-account provisionings share that lane.
 * - It takes three provisionings at a time.
 * - Writes to different permission sets have been seen to conflict when many run in parallel.
 */
export type Lane =
  | "identity-store"
  | "permission-sets"
  | "provisionings"
  | "assignments"
  | `account:${string}`;

const capacities: Readonly<Record<string, number>> = {
  "identity-store": 8,
  "permission-sets": 4,
  provisionings: 3,
  assignments: 15,
};

export interface Lanes {
  /**
   * Runs `work` as soon as every lane has room; lower `order`, the place in the plan, goes first. Rejects with
   * NotStarted where an interruption came before.
   */
  run<T>(lanes: readonly Lane[], order: number, work: () => Promise<T>): Promise<T>;
}

interface Waiting {
  readonly lanes: readonly Lane[];
  readonly order: number;
  readonly start: () => void;
  readonly reject: (error: Error) => void;
}

export const createLanes = (signal?: AbortSignal): Lanes => {
  const taken = new Map<Lane, number>();
  let queue: Waiting[] = [];

  const hasRoom = (lane: Lane): boolean => (taken.get(lane) ?? 0) < (capacities[lane] ?? 1);
  const shift = (lanes: readonly Lane[], by: 1 | -1): void => {
    for (const lane of lanes) taken.set(lane, (taken.get(lane) ?? 0) + by);
  };
  const startWhatCan = (): void => {
    queue = queue.filter((waiting) => {
      if (!waiting.lanes.every(hasRoom)) return true;
      shift(waiting.lanes, 1);
      waiting.start();
      return false;
    });
  };
  const interrupt = (): void => {
    const interrupted = queue;
    queue = [];
    for (const waiting of interrupted) waiting.reject(new NotStarted());
  };
  signal?.addEventListener("abort", interrupt, { once: true });

  return {
    run: async (lanes, order, work) => {
      if (signal?.aborted) throw new NotStarted();
      await new Promise<void>((start, reject) => {
        const position = queue.findIndex((other) => other.order > order);
        queue.splice(position < 0 ? queue.length : position, 0, { lanes, order, start, reject });
        startWhatCan();
      });
      try {
        return await work();
      } finally {
        shift(lanes, -1);
        startWhatCan();
      }
    },
  };
};
