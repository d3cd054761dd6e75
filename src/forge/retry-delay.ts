import type { ForgeClock, ForgeReply } from "./exchange.ts";

/**
 * Milliseconds to wait before the next attempt; null: another one would not help. `reply` is null where none came.
 *
 * GitHub's rules for its limits: as long as Retry-After says; else until x-ratelimit-reset where nothing remains; else
 * a minute, and longer with each attempt. A 403 that is none of these is a refusal.
 */
export const retryDelay = (reply: ForgeReply | null, attempt: number, clock: ForgeClock): number | null => {
  const backoff = Math.min(longestBackoff, 500 * 2 ** (attempt - 1)) * (0.5 + clock.random() / 2);
  if (reply === null) return backoff;
  if (isRateLimit(reply)) return untilAllowed(reply, clock) ?? 60_000 * 2 ** (attempt - 1) + backoff;
  if (reply.status < 500 || reply.status === 501) return null;
  return Math.max(backoff, retryAfter(reply, clock) ?? 0);
};

/** Milliseconds. */
const longestBackoff = 15_000;

export const isRateLimit = ({ status, headers, text }: ForgeReply): boolean =>
  status === 429 ||
  (status === 403 &&
    (headers.has("retry-after") ||
      headers.get("x-ratelimit-remaining") === "0" ||
      /secondary rate limit|abuse detection|rate limit exceeded/i.test(text)));

/** Milliseconds until the forge wants to hear from us again; null where it does not say. */
export const untilAllowed = (reply: ForgeReply, clock: Pick<ForgeClock, "now">): number | null => {
  const asked = retryAfter(reply, clock);
  if (asked !== null) return asked;
  const { headers } = reply;
  if ((headers.get("x-ratelimit-remaining") ?? headers.get("ratelimit-remaining")) !== "0") return null;
  const reset = Number(headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset") ?? Number.NaN);
  // A second more, because both times are whole seconds.
  return Number.isFinite(reset) ? Math.max(1000, reset * 1000 - serverNow(headers, clock) + 1000) : null;
};

const retryAfter = ({ headers }: ForgeReply, clock: Pick<ForgeClock, "now">): number | null => {
  const value = headers.get("retry-after");
  if (value === null) return null;
  const milliseconds = /^\d+$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - serverNow(headers, clock);
  return Number.isFinite(milliseconds) ? Math.max(1000, milliseconds) : null;
};

/** By the forge's own clock, where it tells the time: a runner's may be wrong. */
const serverNow = (headers: Headers, clock: Pick<ForgeClock, "now">): number => {
  const told = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(told) ? clock.now() : told;
};
