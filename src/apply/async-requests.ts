/**
 * Waits for AWS's asynchronous requests. However many are outstanding, one bulk list per kind says which are still in
 * progress; only those that left the list are described. The pause between two lists follows how long requests
 * take here: a quarter of their median age, from a twentieth of a second up to five seconds. One that hangs does not
 * slow the others down.
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
  /** Never rejects. */
  settle(operation: AsyncOperation, started: AsyncStatus): Promise<Settled>;
}

/** AWS takes seconds for one account and minutes for hundreds. */
export const requestDeadlineMilliseconds = 10 * 60_000;

export const createAsyncRequests = (reader: InstanceReader, clock: Clock): AsyncRequests => {
  const pollers = new Map<AsyncOperation, (requestId: string) => Promise<Settled>>();
  return {
    settle: async (operation, started) => {
      if (started.status !== "IN_PROGRESS") return settledAs(started);
      const follow = pollers.get(operation) ?? createPoller(operation, reader, clock);
      pollers.set(operation, follow);
      return await follow(started.requestId);
    },
  };
};

interface Followed {
  readonly requestId: string;
  readonly since: number;
  readonly resolve: (settled: Settled) => void;
}

const createPoller = (
  operation: AsyncOperation,
  reader: InstanceReader,
  clock: Clock,
): ((requestId: string) => Promise<Settled>) => {
  const followed = new Map<string, Followed>();
  let polling = false;

  const settle = (request: Followed, settled: Settled): void => {
    followed.delete(request.requestId);
    request.resolve(settled);
  };
  const pollOnce = async (): Promise<void> => {
    // Whoever is added while the list is read may rightly not be in it.
    const asked = [...followed.values()];
    const inProgress = new Set(await reader.listRequestsInProgress(operation));
    const left = asked.filter((request) => !inProgress.has(request.requestId));
    await Promise.all(
      left.map(async (request) => {
        const status = await reader.describeRequest(operation, request.requestId);
        if (status === null) settle(request, { status: "unknown", why: "AWS no longer knows the request" });
        else if (status.status !== "IN_PROGRESS") settle(request, settledAs(status));
      }),
    );
  };
  const poll = async (): Promise<void> => {
    let failures = 0;
    while (followed.size > 0) {
      await clock.sleep(pause([...followed.values()], clock.now()));
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

  return async (requestId) =>
    await new Promise((resolve) => {
      followed.set(requestId, { requestId, since: clock.now(), resolve });
      if (polling) return;
      polling = true;
      void poll();
    });
};

const readAttempts = 4;

const pause = (followed: readonly Followed[], now: number): number => {
  const ages = followed.map((request) => now - request.since).toSorted((a, b) => a - b);
  return Math.min(5_000, Math.max(50, (ages[Math.floor(ages.length / 2)] ?? 0) / 4));
};

const settledAs = ({ status, failureReason }: AsyncStatus): Settled =>
  status === "FAILED"
    ? { status: "failed", reason: failureReason ?? "AWS gave no reason" }
    : { status: "succeeded" };
