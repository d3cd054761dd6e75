import { isOutstandingLimit, isThrottling } from "./error-names.ts";
import type { Limits, Service } from "./limits.ts";

export interface Metering {
  readonly limits: Limits;
  readonly onAnswered: () => void;
  /** Aborted when the clients are closed: then nothing is sent any more. */
  readonly closed: AbortSignal;
}

/**
 * Middleware for the place right after the SDK's retry middleware: every attempt takes a token, so that retries,
 * pages and polls count as AWS counts them.
 */
export const limiter =
  (service: Service, { limits, onAnswered, closed }: Metering) =>
  <Args, Result>(next: (args: Args) => Promise<Result>, context: { readonly commandName?: string }) =>
  async (args: Args): Promise<Result> => {
    const bucket = limits.bucket(service, (context.commandName ?? "").replace(/Command$/, ""));
    await bucket.take();
    closed.throwIfAborted();
    try {
      return await next(args);
    } catch (error) {
      if (isThrottling(error) && !isOutstandingLimit(error)) bucket.throttled();
      throw error;
    } finally {
      onAnswered();
    }
  };

export const limiterPlace = {
  relation: "after",
  toMiddleware: "retryMiddleware",
  name: "limiter",
} as const;
