import { AwsError } from "../model/errors.ts";
import type { ChangeRun } from "./context.ts";
import { hasCode, mayHaveTakenEffect } from "./failure.ts";
import { askUntil } from "./retry.ts";

export interface Creation {
  readonly create: () => Promise<string>;
  /** The id of the object; null: there is none. */
  readonly find: () => Promise<string | null>;
  /** Whether the object is as our own creation would have left it; absent: it has nothing that could differ. */
  readonly isFresh?: (id: string) => Promise<boolean>;
}

/**
 * Creates an object whose creation has no idempotency token. An error does not say that nothing was made: the reply
 * may have been lost on the way, and the next attempt then meets its own object. So it is looked up. Where no attempt
 * can have made it, or it is in use or has other attributes, it is somebody else's, made since the plan: to go on
 * would give to its members, or with its policies, what nobody has reviewed.
 */
export const createOrFind = async (run: ChangeRun, { create, find, isFresh }: Creation): Promise<string> => {
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const mayBeOurs = mayHaveTakenEffect(error);
    const exists = hasCode(error, "conflict");
    if (!mayBeOurs && !exists) throw error;
    // Where AWS says that it exists, a read that does not show it only lags behind.
    const patience = exists ? 5_000 : 0;
    const found = await askUntil(
      () => find().catch(() => null),
      (id) => id !== null,
      { clock: run.clock, forMilliseconds: patience },
    );
    if (found === null) throw error;
    if (isFresh === undefined) return found;
    if (mayBeOurs && (await isFresh(found).catch(cannotTell(run)))) return found;
    throw new AwsError("appeared", `${run.change.address} appeared since the plan was made`, {
      hint: "Plan again and review what stands there now",
      cause: error,
    });
  }
};

/** Nobody knows whose it is: it is left, and the next plan sees it as it is. */
const cannotTell =
  (run: ChangeRun) =>
  (error: unknown): never => {
    const why = error instanceof Error ? error.message : String(error);
    throw new AwsError(
      "appeared",
      `${run.change.address} stands there, and it could not be read whether this run made it: ${why}`,
      { hint: "Plan again and review what stands there now", cause: error },
    );
  };
