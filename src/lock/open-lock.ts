import type { LockClock, LockStore } from "./store.ts";
import type { LockTarget } from "./target.ts";

/**
 * Opens the place of the lock, without a call yet. Loads only the SDK client that it needs; Region, credentials and
 * endpoints are the SDK's own to find. Throws UsageError where no Region is configured.
 */
export const openLock = async (target: LockTarget, clock: LockClock): Promise<LockStore> => {
  // Node 20 works until the SDK says otherwise in a major version; its warning would only puzzle the user.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  if (target.kind === "s3") {
    const { openS3Store } = await import("./s3-store.ts");
    return openS3Store(target, clock);
  }
  const { openDynamoDbStore } = await import("./dynamodb-store.ts");
  return openDynamoDbStore(target, clock);
};
