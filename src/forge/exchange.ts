import { ForgeError } from "./errors.ts";
import { retryDelay } from "./retry-delay.ts";

/**
 * One request, with as many attempts as it takes, within bounds: each attempt has a time limit, and all failed
 * attempts and waits of one exchange share a budget, so that a job never hangs on a forge that is down.
 *
 * A request that may not be repeated (a POST: the lost reply may hide a comment that was made) is sent again only
 * where it was surely not carried out: after a rate limit, or when no connection came about. Otherwise the caller gets
 * an uncertain error, and looks.
 */
export interface ExchangeOptions {
  /** Such as "GitHub": the subject of error messages. */
  readonly service: string;
  readonly clock: ForgeClock;
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
  /** Milliseconds for one attempt. Default: 20 s. */
  readonly attemptTimeout?: number;
  /** Milliseconds that failed attempts and waits may take together. Default: 3 minutes. */
  readonly patience?: number;
}

export interface ForgeClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

interface ForgeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether doing it twice is the same as doing it once. */
  readonly repeatable: boolean;
}

export interface ForgeReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Resolves to the last reply, whatever its status; rejects with ForgeError (unreachable) where none came. */
export type Exchange = (request: ForgeRequest) => Promise<ForgeReply>;

export const createExchange = (options: ExchangeOptions): Exchange => {
  const { clock, signal, service, patience = 180_000 } = options;
  let spent = 0;
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const startedAt = clock.now();
      const outcome = await attemptOnce(request, options);
      const repeatable = request.repeatable || outcome.undone;
      const delay = attempt < maxAttempts && repeatable ? retryDelay(outcome.reply, attempt, clock) : null;
      spent += delay === null ? 0 : clock.now() - startedAt + delay;
      if (delay !== null && spent <= patience) {
        await clock.sleep(delay, signal);
        continue;
      }
      if (outcome.reply !== null) return outcome.reply;
      throw new ForgeError("unreachable", `${service} did not answer: ${outcome.why}`, {
        hint: "Look whether this machine may reach it (network, proxy, certificate), then run again",
        uncertain: !outcome.undone,
      });
    }
  };
};

const maxAttempts = 6;

interface Outcome {
  readonly reply: ForgeReply | null;
  /** Why there is no reply. */
  readonly why: string;
  /** Surely not carried out. */
  readonly undone: boolean;
}

const attemptOnce = async (request: ForgeRequest, options: ExchangeOptions): Promise<Outcome> => {
  const { signal, attemptTimeout = 20_000, fetch: send = fetch } = options;
  const timeout = AbortSignal.timeout(attemptTimeout);
  try {
    const response = await send(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      // A redirect could carry the token to another host.
      redirect: "manual",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const { status, headers } = response;
    return { reply: { status, headers, text: await response.text() }, why: "", undone: isLimited(status) };
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted)
      return { reply: null, why: `no reply within ${attemptTimeout / 1000} s`, undone: false };
    const code = networkCode(error);
    return { reply: null, why: code, undone: neverSent.has(code) };
  }
};

/** retryDelay tells a limit from a refusal; neither of them was carried out. */
const isLimited = (status: number): boolean => status === 403 || status === 429;

/** The code alone: messages of the network may quote a URL or a header. */
const networkCode = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : "the connection failed";
};

const neverSent: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
