// The request rates of AWS's quota pages, as token buckets that start full. sso-admin has one bucket for all its
// operations, identitystore one per operation, Organizations its own rate and burst per operation.
import type { Service } from "./service.ts";

export interface Throttle {
  /** Takes a token; false: the call is over its quota. */
  readonly admit: (service: Service["name"], operation: string, now: number) => boolean;
}

export function createThrottle(): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    admit: (service, operation, now) => {
      const quota = quotaOf(service, operation);
      if (!quota) return true;
      const bucket = buckets.get(quota.bucket) ?? { tokens: quota.burst, at: now };
      const refill = (Math.max(0, now - bucket.at) / 1000) * quota.perSecond;
      const tokens = Math.min(quota.burst, bucket.tokens + refill);
      const admitted = tokens >= 1;
      buckets.set(quota.bucket, { tokens: admitted ? tokens - 1 : tokens, at: now });
      return admitted;
    },
  };
}

interface Quota {
  readonly bucket: string;
  readonly perSecond: number;
  readonly burst: number;
}

function quotaOf(service: Service["name"], operation: string): Quota | undefined {
  switch (service) {
    case "sso-admin":
      return { bucket: service, perSecond: 20, burst: 20 };
    case "identitystore":
      return { bucket: `${service} ${operation}`, perSecond: 20, burst: 20 };
    case "organizations": {
      const [perSecond, burst] = organizationsRates[operation] ?? [1, 2];
      return { bucket: `${service} ${operation}`, perSecond, burst };
    }
    case "cloudtrail":
      return { bucket: `${service} ${operation}`, perSecond: 2, burst: 2 };
    case "sts":
      return undefined;
  }
}

/** Requests a second and burst, per account. */
const organizationsRates: Readonly<Record<string, readonly [number, number]>> = {
  ListAccounts: [8, 12],
  ListAccountsForParent: [5, 8],
  ListOrganizationalUnitsForParent: [5, 8],
  ListParents: [5, 8],
  ListChildren: [6, 10],
  ListRoots: [1, 2],
  ListTagsForResource: [10, 15],
  DescribeOrganization: [1, 2],
  DescribeOrganizationalUnit: [2, 2],
  DescribeAccount: [20, 30],
  ListDelegatedAdministrators: [5, 8],
};
