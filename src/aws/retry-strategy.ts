import type { SSOAdminClientConfig } from "@aws-sdk/client-sso-admin";
import { isOutstandingLimit, isUnanswered, retryAfterOf } from "./error-names.ts";

/**
 * Ten attempts, with exponential waits under full jitter, and no shorter than AWS asks in a header or, as the identity
 * store does, in the body. The SDK's own strategy has a purse that a run of failures empties, after which a single
 * throttled reply is final: a reader with a thousand calls then loses hundreds of them. Here the token bucket keeps
 * the pace, so that the number of attempts is bound enough. What only the caller can wait for, a place among the
 * outstanding requests, is left to the caller. An attempt to which no answer comes takes half a minute: of those there are
 * four, so that a call is given up after two minutes of silence.
 */
export const createRetryStrategy = ({ now, sleep, random }: RetryClock): RetryStrategy => ({
  acquireInitialRetryToken: async () => token(0, 0),
  refreshRetryTokenForRetry: async (previous, { error, errorType, retryAfterHint }) => {
    const count = previous.getRetryCount();
    const retryable = errorType === "THROTTLING" || (errorType === "TRANSIENT" && !isAnswer(error));
    const unanswered = unansweredBefore(previous) + (isUnanswered(error) ? 1 : 0);
    const most = isRefused(error) ? refusedAttempts : maxAttempts;
    if (!retryable || isOutstandingLimit(error) || count + 1 >= most || unanswered >= mostUnanswered)
      throw new Error("No retry.");
    const first = errorType === "THROTTLING" ? 500 : 100;
    const backoff = random() * Math.min(longestWait, first * 2 ** count);
    const hint = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - now();
    const wait = Math.min(longestWait, Math.max(backoff, hint, retryAfterOf(error)));
    if (wait > 0) await sleep(wait);
    return token(count + 1, unanswered);
  },
  recordSuccess: () => {},
});

export interface RetryClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

export const maxAttempts = 10;

/** Attempts of one call to which no answer comes. */
export const mostUnanswered = 4;

/** AWS is never down like that: nobody listens at a custom endpoint, and waiting half a minute would not help. */
const refusedAttempts = 3;

const isRefused = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === "ECONNREFUSED";

/**
 * Where this machine's clock is minutes off, the SDK marks whatever error comes next as one that its correction has
 * cured, and calls it transient: "not found" would be asked ten times. Only errors that are about the time are.
 */
const isAnswer = (error: unknown): boolean => {
  const { name, $fault, $metadata } = (error ?? {}) as { name?: string; $fault?: string; $metadata?: object };
  const isMarked = $metadata !== undefined && "clockSkewCorrected" in $metadata;
  return isMarked && $fault === "client" && !ofTheTime.has(name ?? "");
};

const ofTheTime: ReadonlySet<string> = new Set([
  "AuthFailure",
  "InvalidSignatureException",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
]);

/** Milliseconds. */
const longestWait = 20_000;

type Configured = NonNullable<SSOAdminClientConfig["retryStrategy"]>;
type RetryStrategy = Extract<Configured, { acquireInitialRetryToken: unknown }>;
type RetryToken = Awaited<ReturnType<RetryStrategy["acquireInitialRetryToken"]>>;

/** The wait is over when the token is handed out. */
const token = (count: number, unanswered: number): Counted => ({
  getRetryCount: () => count,
  getRetryDelay: () => 0,
  unanswered,
});

interface Counted extends RetryToken {
  readonly unanswered: number;
}

/** The SDK hands back what it was given. */
const unansweredBefore = (previous: RetryToken | Counted): number =>
  "unanswered" in previous ? previous.unanswered : 0;
