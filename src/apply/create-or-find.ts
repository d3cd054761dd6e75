import { AwsError } from "../model/errors.ts";
import type { ChangeRun } from "./context.ts";
import { hasCode } from "./failure.ts";
import { askUntil } from "./retry.ts";

export interface Creation {
  readonly create: () => Promise<string>;
  /** The id of the object; null: there is none. */
  readonly find: () => Promise<string | null>;
  /** Whether the object is as our own creation would have left it. */
  readonly isFresh: (id: string) => Promise<boolean>;
}

/**
 * Creates an object whose creation has no idempotency token. An error does not say that nothing was made: the reply
 * may have been lost on the way, and the next attempt then meets its own object. So it is looked up. One that is
 * already in use is not ours but somebody else's, made since the plan.
 */
export const createOrFind = async (run: ChangeRun, { create, find, isFresh }: Creation): Promise<string> => {
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Where AWS says that it exists, a read that does not show it only lags behind.
    const patience = hasCode(error, "conflict") ? 5_000 : 0;
    const found = await askUntil(
      () => find().catch(() => null),
      (id) => id !== null,
      { clock: run.clock, forMilliseconds: patience },
    );
    if (found === null) throw error;
    if (await isFresh(found)) return found;
    throw new AwsError("appeared", `${run.change.address} appeared since the plan was made`, {
      hint: "Plan again and review what stands there now",
      cause: error,
    });
  }
};
