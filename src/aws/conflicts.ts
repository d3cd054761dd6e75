import { AwsError } from "../model/errors.ts";
import type { AwsClients } from "./clients.ts";
import { fieldsOf } from "./error-names.ts";
import { afterOpenAttempt } from "./errors.ts";

// One name, two meanings: a ConflictException says that an earlier write has not settled yet, which passes, or that
// what was asked for can not be (the name is taken, the policy is attached), which does not. The SDK retries neither.
// sso-admin tells them apart by its text only, the identity store by Reason.

export interface ConflictOptions<T> {
  /** Whether the conflict passes by itself. */
  readonly passes: (error: unknown) => boolean;
  /** Looks whether the wanted state is there already, whoever made it; undefined: it is not. */
  readonly settled?: (error: unknown) => Promise<{ readonly value: T } | undefined>;
}

/**
 * Runs a write, and again while it meets a conflict that passes: at most 8 times, for at most a minute. What is thrown in
 * the end knows whether any of all the attempts stayed open.
 */
export const retryConflicts = async <T>(
  run: () => Promise<T>,
  { clock, onProgress }: Pick<AwsClients, "clock" | "onProgress">,
  { passes, settled }: ConflictOptions<T>,
): Promise<T> => {
  const start = clock.now();
  let open = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      open ||= error.afterOpenAttempt;
      const there = error.code === "conflict" ? await settled?.(error) : undefined;
      if (there !== undefined) return there.value;
      const wait = Math.min(longestWait, firstWait * 2 ** (attempt - 1)) * (0.5 + clock.random() / 2);
      const isLast = attempt >= mostAttempts || clock.now() + wait - start > longestTotal;
      if (error.code !== "conflict" || !passes(error) || isLast) throw open ? afterOpenAttempt(error) : error;
      onProgress({ type: "retry", what: error.message, reason: "conflict" });
      await clock.sleep(wait);
    }
  }
};

/** sso-admin: whatever its text does not call final. */
export const passesInSso = (error: unknown): boolean => !finalTexts.test(causeOf(error).message);

/** Identity store. */
export const passesInStore = (error: unknown): boolean => causeOf(error).reason === "CONCURRENT_MODIFICATION";

const finalTexts =
  /already (exists|attached|associated|assigned|has)|could not delete|cannot be deleted|in use/i;

const causeOf = (error: unknown) => fieldsOf(error instanceof Error ? error.cause : undefined);

const mostAttempts = 8;
/** Milliseconds. */
const firstWait = 500;
const longestWait = 15_000;
const longestTotal = 60_000;
