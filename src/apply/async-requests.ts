/**
 * Waits for AWS's asynchronous requests, with few calls: all share one quota with the writes.
 * - However many are outstanding, one bulk list a kind says which are still in progress.
 * - Those that left it are looked for among the failed ones, again with one list; only failures are described, for
 *   their reasons. A request that was seen in progress, left, and is not among the failed ones has succeeded; the
 *   read-back at the end of the apply confirms it. Where another change waits for it, or where a list cannot be
 *   trusted (too long, or the request was never seen in it), the request itself is asked for.
 * - The pause between two looks follows how long requests take here. One that hangs does not slow the others down.
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
  /** Never rejects. `confirm`: success is taken from AWS's word on this very request only. */
  settle(operation: AsyncOperation, started: AsyncStatus, options?: SettleOptions): Promise<Settled>;
}

interface SettleOptions {
  readonly confirm?: boolean;
}

/** AWS takes seconds for one account and minutes for hundreds. */
export const requestDeadlineMilliseconds = 10 * 60_000;

export const createAsyncRequests = (reader: InstanceReader, clock: Clock): AsyncRequests => {
  const pollers = new Map<AsyncOperation, Follow>();
  return {
    settle: async (operation, started, { confirm = false } = {}) => {
      if (started.status !== "IN_PROGRESS") return settledAs(started);
      const follow = pollers.get(operation) ?? createPoller(operation, reader, clock);
      pollers.set(operation, follow);
      return await follow(started.requestId, confirm);
    },
  };
};

type Follow = (requestId: string, confirm: boolean) => Promise<Settled>;

interface Followed {
  readonly requestId: string;
  readonly confirm: boolean;
  readonly since: number;
  /** Whether a list has shown it in progress. */
  seen: boolean;
  readonly resolve: (settled: Settled) => void;
}

const createPoller = (operation: AsyncOperation, reader: InstanceReader, clock: Clock): Follow => {
  const followed = new Map<string, Followed>();
  const pace = createPace();
  let polling = false;

  const settle = (request: Followed, settled: Settled): void => {
    followed.delete(request.requestId);
    pace.ended(clock.now() - request.since);
    request.resolve(settled);
  };
  const describe = async (request: Followed): Promise<void> => {
    const status = await reader.describeRequest(operation, request.requestId);
    if (status === null) settle(request, { status: "unknown", why: "AWS no longer knows the request" });
    else if (status.status !== "IN_PROGRESS") settle(request, settledAs(status));
  };
  const pollOnce = async (): Promise<void> => {
    // Whoever is added while the list is read may rightly not be in it.
    const asked = [...followed.values()];
    const inProgress = new Set(await reader.listRequests(operation, "IN_PROGRESS", mostPages));
    for (const request of asked) request.seen ||= inProgress.has(request.requestId);
    const left = asked.filter(({ requestId }) => !inProgress.has(requestId));
    const countable = left.filter(({ seen, confirm }) => seen && !confirm);
    // For a single one, asking for it is no dearer than the list.
    const failures = countable.length < 2 ? null : await reader.listRequests(operation, "FAILED", mostPages);
    const succeeded =
      failures === null ? [] : countable.filter(({ requestId }) => !failures.includes(requestId));
    for (const request of succeeded) settle(request, { status: "succeeded" });
    await Promise.all(left.filter(({ requestId }) => followed.has(requestId)).map(describe));
  };
  const poll = async (): Promise<void> => {
    let failures = 0;
    while (followed.size > 0) {
      await clock.sleep(pace.next());
      try {
        await pollOnce();
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures < readAttempts) continue;
        const why = `its state could not be read: ${error instanceof Error ? error.message : String(error)}`;
        for (const request of followed.values()) settle(request, { status: "unknown", why });
      }
      for (const request of followed.values()) {
        if (clock.now() - request.since > requestDeadlineMilliseconds)
          settle(request, { status: "unfinished" });
      }
    }
    polling = false;
  };

  return async (requestId, confirm) =>
    await new Promise((resolve) => {
      followed.set(requestId, { requestId, confirm, since: clock.now(), seen: false, resolve });
      if (polling) return;
      polling = true;
      void poll();
    });
};

const readAttempts = 4;

const mostPages = 5;

/**
 * Milliseconds between two looks: a fixed part of how long the last requests took (their median). Until that is known,
 * one look comes soon and the others every second.
 */
const createPace = () => {
  const durations: number[] = [];
  let looks = 0;
  let pause = shortest;
  return {
    /** Found ended after so long: in truth some time between the last look and this one. */
    ended: (milliseconds: number): void => {
      durations.push(Math.max(0, milliseconds - pause / 2));
      if (durations.length > remembered) durations.shift();
    },
    next: (): number => {
      looks += 1;
      const median = durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)];
      const wished = median === undefined ? (looks === 1 ? shortest : unknown) : median * partOfMedian;
      pause = Math.min(longest, Math.max(shortest, wished));
      return pause;
    },
  };
};

const shortest = 50;
const unknown = 1_000;
const longest = 5_000;
const remembered = 30;

/**
 * A request that has ended keeps its place among the outstanding ones until the next look, on average half of this
 * part of its time; every look costs up to two calls of the quota that the writes need.
 */
const partOfMedian = 0.6;

const settledAs = ({ status, failureReason }: AsyncStatus): Settled =>
  status === "FAILED"
    ? { status: "failed", reason: failureReason ?? "AWS gave no reason" }
    : { status: "succeeded" };
