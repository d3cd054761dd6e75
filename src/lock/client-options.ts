import { UsageError } from "../model/errors.ts";
import type { LockTarget } from "./target.ts";

/** Shorter than the SDK's own: a lease is a minute, and a call that hangs must leave time for another. */
export const clientOptions = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true },
} as const;

/** Throws UsageError where no Region is configured. */
export const requireRegion = async (ask: () => Promise<string>, target: LockTarget): Promise<void> => {
  try {
    await ask();
  } catch (error) {
    throw new UsageError("region-missing", `No AWS Region is configured, so that ${target.url} is nowhere`, {
      hint: `Set AWS_REGION, or region in the profile, to the Region of the ${target.kind === "s3" ? "bucket" : "table"}`,
      cause: error,
    });
  }
};
