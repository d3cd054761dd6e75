import pLimit from "p-limit";
import { AwsError } from "../model/errors.ts";

/**
 * Runs the many calls of a reading side by side, and keeps apart two kinds of failure. What AWS refused or failed for
 * one object leaves that object unread, and the rest goes on: unreadable is not absent, and the plan says so. What
 * will fail everywhere (no credentials, no network, a reply that is not from AWS) ends the reading at once, and
 * whatever has not been started is not started any more.
 */
export interface Reading {
  /** A call whose failure leaves one object unread. */
  attempt<T>(call: () => Promise<T>): Promise<Attempt<T>>;
  /** A call that everything else depends on: any failure ends the reading. */
  must<T>(call: () => Promise<T>): Promise<T>;
}

export type Attempt<T> = { readonly read: T } | { readonly failed: AwsError };

/** `concurrency`: calls in flight; the pace is kept elsewhere. */
export const createReading = (concurrency: number): Reading => {
  const limit = pLimit(concurrency);
  let ended: { readonly by: unknown } | null = null;

  const run = <T>(call: () => Promise<T>, isEnd: (error: unknown) => boolean): Promise<T> =>
    limit(async () => {
      if (ended !== null) throw ended.by;
      try {
        return await call();
      } catch (error) {
        if (isEnd(error)) ended ??= { by: error };
        throw error;
      }
    });

  return {
    must: (call) => run(call, () => true),
    attempt: async (call) => {
      try {
        return { read: await run(call, (error) => !concernsOneObject(error)) };
      } catch (error) {
        if (error instanceof AwsError && concernsOneObject(error)) return { failed: error };
        throw error;
      }
    },
  };
};

export const isNotFound = (error: AwsError): boolean => error.code === "not-found";

/**
 * Rejects where nothing could be read and AWS denied each: then a permission is missing, and a plan of unknowns would
 * only hide that.
 */
export const unlessAllDenied = <T>(attempts: readonly Attempt<T>[]): readonly Attempt<T>[] => {
  const [first] = attempts;
  const denied = attempts.every((attempt) => "failed" in attempt && isDenied(attempt.failed));
  if (first !== undefined && "failed" in first && denied) throw first.failed;
  return attempts;
};

const isDenied = ({ code }: AwsError): boolean => code === "access-denied" || code === "kms";

const concernsOneObject = (error: unknown): boolean =>
  error instanceof AwsError && ofOneObject.has(error.code);

const ofOneObject: ReadonlySet<string> = new Set([
  "access-denied",
  "aws-error",
  "invalid-request",
  "kms",
  "not-found",
  "service-error",
  "throttled",
]);
