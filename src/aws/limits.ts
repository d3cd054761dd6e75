import { createTokenBucket, type TokenBucket, type TokenBucketOptions } from "./token-bucket.ts";

// The quotas of AWS, less a margin for whoever else uses them. sso-admin counts all its operations together, the
// identity store each operation for itself, Organizations has a rate for each operation. STS is called once.

export type Service = "sso" | "identitystore" | "organizations" | "sts" | "cloudtrail";

export interface Limits {
  /** The bucket that a call of `operation` (ListUsers) takes its token from. */
  bucket(service: Service, operation: string): TokenBucket;
}

export interface LimitsOptions extends Omit<TokenBucketOptions, "rate" | "burst"> {
  /** Calls a second to sso-admin, and to each identity store operation; AWS allows 20. */
  readonly rps: number;
}

export const defaultRps = 18;

export const createLimits = (options: LimitsOptions): Limits => {
  const buckets = new Map<string, TokenBucket>();
  const { now, sleep, onWaiting } = options;
  return {
    bucket: (service, operation) => {
      const key = service === "sso" ? service : `${service}:${operation}`;
      const known = buckets.get(key);
      if (known !== undefined) return known;
      const made = createTokenBucket({
        rate: rateOf(service, operation, options.rps),
        burst,
        now,
        sleep,
        ...(onWaiting === undefined ? {} : { onWaiting }),
      });
      buckets.set(key, made);
      return made;
    },
  };
};

/** Enough to make up for late timers, and with the default rate still no more than 20 calls in any one second. */
const burst = 2;

const rateOf = (service: Service, operation: string, rps: number): number => {
  if (service === "organizations") return (organizationsRates[operation] ?? 1) * organizationsMargin;
  return rps;
};

const organizationsMargin = 0.9;

/** Calls a second that AWS allows one account. */
const organizationsRates: Readonly<Record<string, number>> = {
  ListAccounts: 8,
  ListAccountsForParent: 5,
  ListOrganizationalUnitsForParent: 5,
  ListRoots: 1,
  ListTagsForResource: 10,
};
