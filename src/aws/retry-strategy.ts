import type { SSOAdminClientConfig } from "@aws-sdk/client-sso-admin";
import { isOutstandingLimit, retryAfterOf } from "./error-names.ts";

/**
 * Ten attempts, with exponential waits under full jitter. The SDK's own strategy has a purse that a run of failures
 * empties, after which a single throttled reply is final: a reader with a thousand calls then loses hundreds of them.
 * Here the token bucket keeps the pace, so that the number of attempts is bound enough. It also heeds the
 * RetryAfterSeconds that the identity store puts into bodies, and leaves to the caller what only the caller can wait
 * for: a place among the outstanding requests.
 */
export const createRetryStrategy = (random: () => number): RetryStrategy => ({
  acquireInitialRetryToken: async () => token(0, 0),
  refreshRetryTokenForRetry: async (previous, { error, errorType, retryAfterHint }) => {
    const count = previous.getRetryCount();
    const retryable = errorType === "THROTTLING" || errorType === "TRANSIENT";
    if (!retryable || isOutstandingLimit(error) || count + 1 >= maxAttempts) throw new Error("No retry.");
    const first = errorType === "THROTTLING" ? 500 : 100;
    const backoff = random() * Math.min(longestWait, first * 2 ** count);
    const hint = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - Date.now();
    return token(count + 1, Math.min(longestWait, Math.max(backoff, hint, retryAfterOf(error))));
  },
  recordSuccess: () => {},
});

export const maxAttempts = 10;

/** Milliseconds. */
const longestWait = 20_000;

type Configured = NonNullable<SSOAdminClientConfig["retryStrategy"]>;
type RetryStrategy = Extract<Configured, { acquireInitialRetryToken: unknown }>;
type RetryToken = Awaited<ReturnType<RetryStrategy["acquireInitialRetryToken"]>>;

const token = (count: number, delay: number): RetryToken => ({
  getRetryCount: () => count,
  getRetryDelay: () => delay,
});
