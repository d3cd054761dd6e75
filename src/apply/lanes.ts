import { NotStarted } from "./failure.ts";

/**
 * How much may run side by side. Work that waits never holds up other work that could run: whenever something ends,
 * the waiting piece starts whose lanes all have room and behind which the longest queue stands (a busy account would
 * otherwise be what everything waits for in the end); among equals, in the order of the plan.
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

const capacityOf = (lane: Lane): number => capacities[lane] ?? 1;

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
  const queued = new Map<Lane, number>();
  let queue: Waiting[] = [];

  const hasRoom = (lane: Lane): boolean => (taken.get(lane) ?? 0) < capacityOf(lane);
  const shift = (counts: Map<Lane, number>, lanes: readonly Lane[], by: 1 | -1): void => {
    for (const lane of lanes) counts.set(lane, (counts.get(lane) ?? 0) + by);
  };
  /** How many wait for the same; a lane with room for one is what limits them. */
  const crowd = ({ lanes }: Waiting): number =>
    Math.max(0, ...lanes.filter((lane) => capacityOf(lane) === 1).map((lane) => queued.get(lane) ?? 0));
  const next = (): Waiting | undefined => {
    let best: Waiting | undefined;
    for (const waiting of queue) {
      if (waiting.lanes.every(hasRoom) && (best === undefined || crowd(waiting) > crowd(best)))
        best = waiting;
    }
    return best;
  };
  const startWhatCan = (): void => {
    for (let waiting = next(); waiting !== undefined; waiting = next()) {
      queue.splice(queue.indexOf(waiting), 1);
      shift(queued, waiting.lanes, -1);
      shift(taken, waiting.lanes, 1);
      waiting.start();
    }
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
        shift(queued, lanes, 1);
        queue.splice(position < 0 ? queue.length : position, 0, { lanes, order, start, reject });
        startWhatCan();
      });
      try {
        return await work();
      } finally {
        shift(taken, lanes, -1);
        startWhatCan();
      }
    },
  };
};
