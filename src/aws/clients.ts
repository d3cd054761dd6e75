import { setTimeout as delay } from "node:timers/promises";
import type { Identitystore } from "@aws-sdk/client-identitystore";
import type { Organizations } from "@aws-sdk/client-organizations";
import type { SSOAdmin } from "@aws-sdk/client-sso-admin";
import type { STS } from "@aws-sdk/client-sts";
import { AwsError, UsageError } from "../model/errors.ts";
import type { OnProgress } from "../model/progress.ts";
import { explicitNullPlace, sendExplicitNull } from "./explicit-null.ts";
import { checkReply, checkReplyPlace } from "./check-reply.ts";
import { createLimits, defaultRps } from "./limits.ts";
import { limiter, limiterPlace } from "./limiter.ts";
import { silenceTeller, silenceTellerPlace } from "./tell-silence.ts";
import { createRetryStrategy, maxAttempts, type RetryClock } from "./retry-strategy.ts";

/** The clients of one run, with one pace for all. Region, credentials and endpoints are the SDK's own to find. */
export interface AwsClients {
  readonly sso: SSOAdmin;
  readonly identityStore: Identitystore;
  readonly organizations: Organizations;
  readonly sts: STS;
  readonly region: string;
  readonly clock: AwsClock;
  readonly onProgress: OnProgress;
  /** Ends what is in flight or waits, so that the process can end; nothing can be sent afterwards. */
  readonly close: () => void;
}

export interface AwsOptions {
  /** Calls a second to sso-admin, and to each identity store operation. */
  readonly rps?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly clock?: AwsClock | undefined;
  /** Milliseconds after which a call without an answer counts as lost; 30 seconds unless given. */
  readonly answerTimeout?: number | undefined;
}

export type AwsClock = RetryClock;

/** Milliseconds for which one attempt of a call may be under way. */
export const longestAttempt = (options: AwsOptions): number => connectionTimeout + answerTimeoutOf(options);

const answerTimeoutOf = ({ answerTimeout = 30_000 }: AwsOptions): number => answerTimeout;

const connectionTimeout = 5000;

/** Throws UsageError where no Region is configured. The SDK is loaded here, and by nothing else. */
export const openClients = async (options: AwsOptions): Promise<AwsClients> => {
  // Node 20 works until the SDK says otherwise in a major version; its warning would only puzzle the user.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [ssoAdmin, identitystore, organizationsSdk, stsSdk] = await Promise.all([
    import("@aws-sdk/client-sso-admin"),
    import("@aws-sdk/client-identitystore"),
    import("@aws-sdk/client-organizations"),
    import("@aws-sdk/client-sts"),
  ]);
  const closing = new AbortController();
  const clock = options.clock ?? systemClock(closing.signal);
  const onProgress = options.onProgress ?? (() => {});
  const metering = {
    ...meteredLimits(options.rps ?? defaultRps, clock, onProgress),
    closed: closing.signal,
  };
  const answerTimeout = answerTimeoutOf(options);
  const common = {
    maxAttempts,
    retryStrategy: createRetryStrategy(clock),
    requestHandler: {
      connectionTimeout,
      requestTimeout: answerTimeout,
      throwOnRequestTimeout: true,
    },
  };

  const sso = new ssoAdmin.SSOAdmin(common);
  const region = await configuredRegion(() => sso.config.region());
  // One provider for all: signing in, assuming a role or asking the instance metadata happens once.
  const shared = { ...common, credentials: sso.config.credentials };
  const identityStore = new identitystore.Identitystore(shared);
  const organizations = new organizationsSdk.Organizations(shared);
  const sts = new stsSdk.STS(shared);

  sso.middlewareStack.addRelativeTo(limiter("sso", metering), limiterPlace);
  identityStore.middlewareStack.addRelativeTo(limiter("identitystore", metering), limiterPlace);
  organizations.middlewareStack.addRelativeTo(limiter("organizations", metering), limiterPlace);
  sts.middlewareStack.addRelativeTo(limiter("sts", metering), limiterPlace);
  const teller = silenceTeller({ now: clock.now, onProgress });
  sso.middlewareStack.addRelativeTo(teller("sso-admin"), silenceTellerPlace);
  identityStore.middlewareStack.addRelativeTo(teller("identitystore"), silenceTellerPlace);
  organizations.middlewareStack.addRelativeTo(teller("organizations"), silenceTellerPlace);
  sts.middlewareStack.addRelativeTo(teller("sts"), silenceTellerPlace);
  identityStore.middlewareStack.add(sendExplicitNull, explicitNullPlace);

  const limitsOfReplies = { answerTimeout };
  sso.middlewareStack.add(checkReply("json", limitsOfReplies), checkReplyPlace);
  identityStore.middlewareStack.add(checkReply("json", limitsOfReplies), checkReplyPlace);
  organizations.middlewareStack.add(checkReply("json", limitsOfReplies), checkReplyPlace);
  sts.middlewareStack.add(checkReply("xml", limitsOfReplies), checkReplyPlace);

  const all = [sso, identityStore, organizations, sts];
  const close = (): void => {
    closing.abort(new AwsError("closed", "The connections to AWS were closed"));
    for (const client of all) client.destroy();
  };
  return { sso, identityStore, organizations, sts, region, clock, onProgress, close };
};

const meteredLimits = (rps: number, { now, sleep }: AwsClock, onProgress: OnProgress) => {
  let done = 0;
  let waiting = 0;
  const report = (): void => onProgress({ type: "calls", done, waiting });
  const onWaiting = (change: 1 | -1): void => {
    waiting += change;
    report();
  };
  const onAnswered = (): void => {
    done += 1;
    report();
  };
  return { limits: createLimits({ rps, now, sleep, onWaiting }), onAnswered };
};

const configuredRegion = async (ask: () => Promise<string>): Promise<string> => {
  try {
    return await ask();
  } catch (error) {
    throw new UsageError("region-missing", "No AWS Region is configured", {
      hint: "Set AWS_REGION, or region in the profile, to the Region of your Identity Center instance",
      cause: error,
    });
  }
};

/** `closed`: whatever sleeps wakes then, and fails. */
const systemClock = (closed: AbortSignal): AwsClock => ({
  now: Date.now,
  sleep: async (milliseconds) => {
    await delay(milliseconds, undefined, { signal: closed });
  },
  random: Math.random,
});
