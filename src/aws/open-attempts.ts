import { fieldsOf, isThrottling } from "./error-names.ts";

const argsOfOpen = new WeakSet<object>();
const errorsAfterOpen = new WeakSet<object>();

/**
 * Middleware for the place right after the SDK's retry middleware: remembers of each call whether an attempt stayed
 * open, so that the error of a later one tells. An attempt that broke off, or that AWS failed at, may have taken effect;
 * one that was throttled or refused, or that nobody listened to, has not.
 */
export const openAttempts =
  <Args extends object, Result>(next: (args: Args) => Promise<Result>) =>
  async (args: Args): Promise<Result> => {
    try {
      return await next(args);
    } catch (error) {
      // The SDK hands the same arguments to each attempt of one call.
      if (argsOfOpen.has(args) && error instanceof Error) errorsAfterOpen.add(error);
      if (isOpen(error)) argsOfOpen.add(args);
      throw error;
    }
  };

export const openAttemptsPlace = {
  relation: "after",
  toMiddleware: "retryMiddleware",
  name: "openAttempts",
} as const;

/** Whether an attempt before the one that ended with this error may have taken effect. */
export const isAfterOpenAttempt = (error: unknown): boolean =>
  error instanceof Error && errorsAfterOpen.has(error);

const isOpen = (error: unknown): boolean => {
  if (isThrottling(error) || fieldsOf(error).code === "ECONNREFUSED") return false;
  const isRefusal = error instanceof Error && "$fault" in error && error.$fault === "client";
  return !isRefusal;
};
