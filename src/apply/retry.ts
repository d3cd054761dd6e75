import { AwsError } from "../model/errors.ts";
import type { Clock } from "./clock.ts";
import { backoff } from "./clock.ts";

/**
 * Milliseconds for which trying again makes sense, by the code of the error. The writer itself rides out what passes
 * in seconds; here is what takes longer, or what only the order of an apply makes likely.
 */
export type Patience = Readonly<Record<string, number>>;

/** Objects that were made a moment ago are not known everywhere at once. */
export const lagging: Patience = { "not-found": 15_000 };

/** Runs `work` again while its error asks for patience; then the last error is thrown. */
export const retry = async <T>(
  work: () => Promise<T>,
  patience: Patience,
  clock: Clock,
  /** Called before each wait; what it throws ends the retrying. */
  beforeRetry?: (error: AwsError) => void,
): Promise<T> => {
  const start = clock.now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const wait = backoff(clock, attempt, waits);
      if (!(error instanceof AwsError)) throw error;
      if (clock.now() + wait - start > (patience[error.code] ?? Number.NEGATIVE_INFINITY)) throw error;
      beforeRetry?.(error);
      await clock.sleep(wait);
    }
  }
};

/** Asks until the answer is good; the last answer is returned either way. For reads that lag behind writes. */
export const askUntil = async <T>(
  ask: () => Promise<T>,
  isGood: (answer: T) => boolean,
  { clock, forMilliseconds }: { clock: Clock; forMilliseconds: number },
): Promise<T> => {
  const start = clock.now();
  for (let attempt = 0; ; attempt += 1) {
    const answer = await ask();
    const wait = backoff(clock, attempt, waits);
    if (isGood(answer) || clock.now() + wait - start > forMilliseconds) return answer;
    await clock.sleep(wait);
  }
};

const waits = { first: 100, longest: 10_000 };
