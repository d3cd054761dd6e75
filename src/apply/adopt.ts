/**
 * Picks up what an earlier run left in flight: waits for its requests before anything is read, so that the plan is made
 * from what stands there when they have ended. Nothing is written.
 */
import { AwsError } from "../model/errors.ts";
import type { AsyncOperation, InstanceReader } from "../model/ports.ts";
import type { OnProgress } from "../model/progress.ts";
import { isAssigned } from "./assignments.ts";
import { createAsyncRequests, requestDeadlineMilliseconds } from "./async-requests.ts";
import type { Settled } from "./async-requests.ts";
import type { Clock } from "./clock.ts";
import type { Journal, RequestEntry, RequestTarget } from "./journal.ts";
import { askUntil } from "./retry.ts";

/** What a journal shows that was begun and has no end. */
export interface LeftInFlight {
  readonly requests: readonly RequestEntry[];
  /** Kinds of requests that may have been started without that their ids became known. */
  readonly unanswered: readonly AsyncOperation[];
}

export interface Adopted {
  /** null: AWS says only that somebody's request was in progress when this run began. */
  readonly address: string | null;
  readonly operation: AsyncOperation;
  readonly requestId: string;
  readonly settled: Settled;
}

/** Rejects with AwsError where AWS cannot be asked which requests are in progress, or tells of too many for ten minutes. */
export const adoptRequests = async (
  { requests, unanswered }: LeftInFlight,
  reader: InstanceReader,
  { journal, onProgress, ...clock }: Clock & { readonly journal: Journal; readonly onProgress: OnProgress },
): Promise<readonly Adopted[]> => {
  const known: readonly Open[] = requests.map(({ address, ...request }) => ({ address, ...request }));
  const all = [...known, ...(await unknownOnes(known, unanswered, reader, clock))];
  if (all.length > 0) onProgress({ type: "phase", name: "Waiting for what an earlier run left in flight" });
  const following = createAsyncRequests(reader, clock);
  return await Promise.all(
    all.map(async ({ address, operation, requestId, target }) => {
      const started = { requestId, status: "IN_PROGRESS" as const, failureReason: null };
      const settled = await following.follow(operation, started, { confirm: true }).settled;
      journal.note({ event: "settled", requestId, status: settled.status });
      if (settled.status === "succeeded" && target !== null)
        await becomeVisible(operation, target, reader, clock);
      return { address, operation, requestId, settled };
    }),
  );
};

interface Open extends Pick<RequestEntry, "operation" | "requestId"> {
  readonly address: string | null;
  readonly target: RequestTarget | null;
}

/** Lists say no targets, so that all that are in progress are waited for: at worst for one of somebody else. */
const unknownOnes = async (
  known: readonly Open[],
  operations: readonly AsyncOperation[],
  reader: InstanceReader,
  clock: Clock,
): Promise<readonly Open[]> => {
  const ids = new Set(known.map(({ requestId }) => requestId));
  const lists = await Promise.all(
    [...new Set(operations)].map(async (operation) => {
      const listed = await askUntil(
        () => reader.listRequests(operation, "IN_PROGRESS", mostPages),
        (list) => list !== null,
        { clock, forMilliseconds: requestDeadlineMilliseconds },
      );
      if (listed === null) throw tooMany(operation);
      return listed
        .filter((requestId) => !ids.has(requestId))
        .map((requestId) => ({ address: null, operation, requestId, target: null }));
    }),
  );
  return lists.flat();
};

const mostPages = 10;

const tooMany = (operation: AsyncOperation): AwsError =>
  new AwsError(
    "too-many-requests",
    `More than ${mostPages * 100} requests (${operation}) are in progress in this instance, so that it cannot be told which of them an earlier run has left`,
    { hint: "Look at what else is at work in IAM Identity Center, wait until it has ended, and apply again" },
  );

/** Reads lag behind: the plan must not ask again for what has just been done. */
const becomeVisible = async (
  operation: AsyncOperation,
  { accountId, permissionSetArn, principalType, principalId }: RequestTarget,
  reader: InstanceReader,
  clock: Clock,
): Promise<void> => {
  if (accountId === null || principalType === undefined || principalId === undefined) return;
  const wanted = operation === "create-assignment";
  await askUntil(
    () => isAssigned(reader, permissionSetArn, { accountId, principalType, principalId }).catch(() => wanted),
    (answer) => answer === wanted,
    { clock, forMilliseconds: 15_000 },
  );
};
