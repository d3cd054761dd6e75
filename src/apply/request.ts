/**
 * One asynchronous request from its start to its end, started again where that can help: while AWS has too many in
 * work, and after failures that pass by themselves. Everything else is final.
 */
import type { AsyncOperation, AsyncStatus } from "../model/ports.ts";
import { requestDeadlineMilliseconds } from "./async-requests.ts";
import type { Ending, Settled } from "./async-requests.ts";
import { backoff } from "./clock.ts";
import type { ChangeRun } from "./context.ts";
import { NotStarted } from "./failure.ts";
import type { Lane } from "./lanes.ts";
import type { Patience } from "./retry.ts";
import { askUntil, lagging, retry } from "./retry.ts";

export interface Request {
  /** What has to have room for as long as the request is in progress. */
  readonly lanes: readonly Lane[];
  readonly start: () => Promise<AsyncStatus>;
  /** The account concerned; absent where it is all of them. */
  readonly accountId?: string;
  /** Reads whether that which was asked for stands there; absent where no read can tell. */
  readonly isInPlace?: () => Promise<boolean>;
}

/** null: done. Otherwise why not: AWS's own words, or ours where AWS has none. Rejects where it was not started. */
export const runRequest = async (
  run: ChangeRun,
  operation: AsyncOperation,
  request: Request,
): Promise<string | null> => {
  let lastReason: string | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const sent = await send(run, operation, request, attempt === 1).catch((error: unknown) => {
      if (error instanceof NotStarted && lastReason !== null) return null;
      throw error;
    });
    // An interruption came between two attempts: the last one stands.
    if (sent === null) return lastReason;
    const settled = await sent.ending.settled;
    if (sent.requestId !== "") {
      run.journal.note({ event: "settled", requestId: sent.requestId, status: settled.status });
    }
    if (settled.status === "succeeded") return null;
    if (settled.status === "unfinished") return unfinished(sent.requestId);
    if (mayStandThere(operation, settled) && (await standsThere(request, run))) return null;
    lastReason = settled.status === "unknown" ? `The request has no result: ${settled.why}` : settled.reason;
    if (attempt >= attempts || !isPassing(settled, run, request.accountId)) return lastReason;
    run.retrying(lastReason);
    await run.clock.sleep(backoff(run.clock, attempt, { first: 250, longest: 10_000 }));
  }
};

interface Sent {
  readonly requestId: string;
  readonly ending: Ending;
}

/** Sends it, and resolves when it is in progress no more and its lanes are free. */
const send = (run: ChangeRun, operation: AsyncOperation, request: Request, isFirst: boolean): Promise<Sent> =>
  run.begin(request.lanes, async () => {
    const started = await start(run, request, isFirst);
    // Without an id there was nothing to do.
    if (started.requestId !== "") run.requested(started.requestId);
    const ending = run.requests.follow(operation, started, { confirm: run.isAwaited });
    await ending.left;
    return { requestId: started.requestId, ending };
  });

/** What to do about a failure, by AWS's own words; undefined where they say it all or nobody knows. */
export const requestHint = (reason: string): string | undefined =>
  hints.find(([pattern]) => pattern.test(reason))?.[1];

const attempts = 4;

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /taking longer than usual/i,
    "Identity Center cannot enter the account: check that it is active, then run apply again",
  ],
  [
    /assignee .*was not found in directory/i,
    "The user or group is gone: remove the assignment in the console, or leave it",
  ],
  [
    /not supported policy|policy .*(not found|does not exist)/i,
    "Create the customer managed policy in that account, or take it out of the permission set",
  ],
  [
    /access denied/i,
    "Changes in the management account need IAM permissions of the caller: see the README's write role",
  ],
  [/internal service exception|did not finish/i, "Run apply again; what is done is not done twice"],
];

/** An interruption calls off a request that AWS does not take, unless an earlier one for the same has gone out. */
const start = async (run: ChangeRun, request: Request, isFirst: boolean): Promise<AsyncStatus> =>
  await retry(request.start, startPatience, run.clock, (error) => {
    if (isFirst) run.stopIfInterrupted();
    run.retrying(error.message);
  });

/** Conflicts are not here: the writer itself rides them out, for a minute, whatever it writes. */
const startPatience: Patience = { ...lagging, "outstanding-limit": requestDeadlineMilliseconds };

/** Whether the object may be as asked for although the request did not succeed. */
const mayStandThere = (operation: AsyncOperation, settled: Settled): boolean =>
  settled.status === "unknown" ||
  (operation === "delete-assignment" && settled.status === "failed" && /not found|404/i.test(settled.reason));

const standsThere = async ({ isInPlace }: Request, { clock }: ChangeRun): Promise<boolean> =>
  isInPlace !== undefined &&
  (await askUntil(isInPlace, (answer) => answer, { clock, forMilliseconds: 10_000 }));

const isPassing = (settled: Settled, run: ChangeRun, accountId: string | undefined): boolean => {
  if (settled.status !== "failed") return settled.status === "unknown";
  if (/internal service exception|conflicting operation|concurrent/i.test(settled.reason)) return true;
  // From a suspended account it never comes back; an active one was only slow.
  return (
    /longer than usual/i.test(settled.reason) &&
    accountId !== undefined &&
    run.live.organization.accounts.get(accountId)?.state === "ACTIVE"
  );
};

const unfinished = (requestId: string): string =>
  `The request ${requestId} did not finish in ${requestDeadlineMilliseconds / 60_000} minutes; AWS may still complete it`;
