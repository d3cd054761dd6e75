/**
 * Waits for AWS's asynchronous requests, with few calls: all share one quota with the writes.
 * - However many are outstanding, one bulk list a kind says which are still in progress. Whoever left it has made room
 *   for the next, however it ended. One of them is asked for, as a witness: where it is in progress, the list is stale.
 * - How those ended that nothing waits for is asked every few seconds, again with one list: the failed ones. Only they
 *   are described, for their reasons. A request that was seen in progress, left, and is not among the failed ones has
 *   succeeded; the read-back at the end of the apply confirms it.
 * - Where another change waits for it, or a list cannot be trusted (too long, or the request was never seen in it), the
 *   request itself is asked for. What it says counts: one that a list had left out is followed on, to the same deadline.
 * The pause between two looks follows how long requests take here. One that hangs does not slow the others down.
 */
import type { AsyncOperation, AsyncStatus, InstanceReader } from "../model/ports.ts";
import type { Clock } from "./clock.ts";

export type Settled =
  | { readonly status: "succeeded" }
  /** AWS's own words. */
  | { readonly status: "failed"; readonly reason: string }
  /** AWS no longer knows the request, or its state could not be read: only what it should have done tells. */
  | { readonly status: "unknown"; readonly why: string }
  | { readonly status: "unfinished" };

export interface AsyncRequests {
  /** `confirm`: success is taken from AWS's word on this very request only. */
  follow(operation: AsyncOperation, started: AsyncStatus, options?: { readonly confirm?: boolean }): Ending;
}

/** Neither promise ever rejects. */
export interface Ending {
  /** The request is not in progress any more: others may take its place. */
  readonly left: Promise<void>;
  readonly settled: Promise<Settled>;
}

/** AWS takes seconds for one account and minutes for hundreds. */
export const requestDeadlineMilliseconds = 10 * 60_000;

export const createAsyncRequests = (reader: InstanceReader, clock: Clock): AsyncRequests => {
  const pollers = new Map<AsyncOperation, Follow>();
  return {
    follow: (operation, started, { confirm = false } = {}) => {
      if (started.status !== "IN_PROGRESS") {
        return { left: Promise.resolve(), settled: Promise.resolve(settledAs(started)) };
      }
      const follow = pollers.get(operation) ?? createPoller(operation, reader, clock);
      pollers.set(operation, follow);
      return follow(started.requestId, confirm);
    },
  };
};

type Follow = (requestId: string, confirm: boolean) => Ending;

interface Followed {
  readonly requestId: string;
  readonly confirm: boolean;
  readonly since: number;
  /** Whether a list has shown it in progress. */
  seen: boolean;
  /** Epoch milliseconds, and milliseconds; they mean something only when it has left. */
  leftAt: number;
  took: number;
  readonly leave: () => void;
  readonly settle: (settled: Settled) => void;
}

const createPoller = (operation: AsyncOperation, reader: InstanceReader, clock: Clock): Follow => {
  const inProgress = new Set<Followed>();
  /** Not in progress any more, while it is not known how they ended. */
  const ended = new Set<Followed>();
  const pace = createPace();
  let polling = false;

  const leave = (request: Followed): void => {
    if (!inProgress.delete(request)) return;
    ended.add(request);
    request.leftAt = clock.now();
    request.took = pace.ended(request.leftAt - request.since);
    request.leave();
  };
  /** It was missing in a list, and is in progress all the same. Its place may be taken; AWS then refuses what is too much. */
  const comeBack = (request: Followed): void => {
    if (!ended.delete(request)) return;
    pace.forget(request.took);
    inProgress.add(request);
    request.seen = false;
  };
  const settle = (request: Followed, settled: Settled): void => {
    leave(request);
    ended.delete(request);
    request.settle(settled);
  };
  const describe = async (request: Followed): Promise<void> => {
    const status = await reader.describeRequest(operation, request.requestId);
    if (status === null) settle(request, { status: "unknown", why: "AWS no longer knows the request" });
    else if (status.status !== "IN_PROGRESS") settle(request, settledAs(status));
    else comeBack(request);
  };
  const look = async (): Promise<void> => {
    if (inProgress.size === 0) return;
    // Whoever is added while the list is read may rightly not be in it.
    const asked = [...inProgress];
    const list = await reader.listRequests(operation, "IN_PROGRESS", mostPages);
    const listed = new Set(list);
    for (const request of inProgress) request.seen ||= listed.has(request.requestId);
    const gone = asked.filter(({ requestId }) => !listed.has(requestId));
    const isToldByList = ({ seen, confirm }: Followed): boolean => list !== null && seen && !confirm;
    const told = gone.filter(isToldByList);
    // A list that lags behind lacks the youngest first.
    const witness = told.at(-1);
    if (witness !== undefined) await describe(witness);
    if (witness === undefined || !inProgress.has(witness)) told.forEach(leave);
    const open = gone.filter((request) => request !== witness && inProgress.has(request));
    await Promise.all(open.map(describe));
  };
  const askHowTheyEnded = async (): Promise<void> => {
    const asked = [...ended];
    const isTime = inProgress.size === 0 || asked.some(({ leftAt }) => clock.now() - leftAt >= longestUntold);
    if (!isTime) return;
    // For a single one, asking for it is no dearer than the list.
    const failed = asked.length > 1 ? await reader.listRequests(operation, "FAILED", mostPages) : null;
    for (const request of asked) {
      if (failed?.includes(request.requestId) === false) settle(request, { status: "succeeded" });
    }
    await Promise.all(asked.filter((request) => ended.has(request)).map(describe));
  };
  const poll = async (): Promise<void> => {
    let failures = 0;
    while (inProgress.size + ended.size > 0) {
      await clock.sleep(pace.next());
      try {
        await look();
        await askHowTheyEnded();
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures < readAttempts) continue;
        const why = `its state could not be read: ${error instanceof Error ? error.message : String(error)}`;
        for (const request of [...inProgress, ...ended]) settle(request, { status: "unknown", why });
      }
      for (const request of [...inProgress, ...ended]) {
        if (clock.now() - request.since > requestDeadlineMilliseconds)
          settle(request, { status: "unfinished" });
      }
    }
    polling = false;
  };

  return (requestId, confirm) => {
    const [left, leaveNow] = promise<void>();
    const [settled, settleNow] = promise<Settled>();
    const since = clock.now();
    const request = { requestId, confirm, since, leftAt: since, took: 0, seen: false };
    inProgress.add({ ...request, leave: leaveNow, settle: settleNow });
    if (!polling) {
      polling = true;
      void poll();
    }
    return { left, settled };
  };
};

const promise = <T>(): readonly [Promise<T>, (value: T) => void] => {
  let resolve: (value: T) => void = () => {};
  return [
    new Promise<T>((done) => {
      resolve = done;
    }),
    (value) => resolve(value),
  ];
};

/** Milliseconds for which it may stay open how a request ended that nothing waits for. */
const longestUntold = 15_000;

const readAttempts = 4;

const mostPages = 5;

/**
 * Milliseconds between two looks: a fixed part of how long the last requests took (their median). Until that is known,
 * one look comes soon, and each later one after twice the pause of the one before, up to two seconds.
 */
const createPace = () => {
  const durations: number[] = [];
  let looks = 0;
  let pause = shortest;
  return {
    /** Found ended after so long: in truth some time between the last look and this one. Answers what it is taken for. */
    ended: (milliseconds: number): number => {
      const took = Math.max(0, milliseconds - pause / 2);
      durations.push(took);
      if (durations.length > remembered) durations.shift();
      return took;
    },
    /** One that has not ended. */
    forget: (took: number): void => {
      const at = durations.lastIndexOf(took);
      if (at >= 0) durations.splice(at, 1);
    },
    next: (): number => {
      looks += 1;
      const median = durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)];
      const guess = looks === 1 ? shortest : Math.min(2_000, 250 * 2 ** (looks - 1));
      const wished = median === undefined ? guess : median * partOfMedian;
      pause = Math.min(longest, Math.max(shortest, wished));
      return pause;
    },
  };
};

const shortest = 50;
const longest = 5_000;
const remembered = 30;

/**
 * A request that has ended keeps its place among the outstanding ones until the next look. With 15 outstanding, a half
 * means that about seven have ended at each look. More looks win time and cost calls: at a third, an eighth less time
 * and a quarter more looks.
 */
const partOfMedian = 0.5;

const settledAs = ({ status, failureReason }: AsyncStatus): Settled =>
  status === "FAILED"
    ? { status: "failed", reason: failureReason ?? "AWS gave no reason" }
    : { status: "succeeded" };
