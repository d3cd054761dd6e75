/**
 * A pace for calls to one quota of AWS: first come, first served, `rate` tokens a second, at most `burst` saved up.
 * Where AWS throttles all the same (others share the quota), the rate is halved and then grows back, a tenth of the
 * full rate every second.
 */
export interface TokenBucket {
  /** Resolves when the caller may send one request. */
  take(): Promise<void>;
  /** AWS throttled a request. */
  throttled(): void;
  /** Callers that wait now. */
  readonly waiting: number;
}

export interface TokenBucketOptions {
  /** Tokens a second. */
  readonly rate: number;
  readonly burst: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Where it rejects, nobody is held back any more. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Called when a caller starts or stops waiting. */
  readonly onWaiting?: (change: 1 | -1) => void;
}

export const createTokenBucket = (options: TokenBucketOptions): TokenBucket => {
  const { now, sleep, burst, onWaiting } = options;
  const queue: (() => void)[] = [];
  let rate = options.rate;
  let tokens = burst;
  let refilledAt = now();
  let halvedAt = Number.NEGATIVE_INFINITY;
  let running = false;

  const refill = (): void => {
    const seconds = Math.max(0, now() - refilledAt) / 1000;
    refilledAt = now();
    tokens = Math.min(burst, tokens + seconds * rate);
    rate = Math.min(options.rate, rate + seconds * options.rate * recovery);
  };

  const untilNext = (): number => {
    refill();
    return tokens >= 1 ? 0 : ((1 - tokens) / rate) * 1000;
  };

  /** The clients were closed: whoever waits finds that out itself. */
  const letGo = (): void => {
    for (const next of queue.splice(0)) next();
  };

  const serve = async (): Promise<void> => {
    running = true;
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const wait = untilNext();
      // Timers count whole milliseconds; one that is early costs another round.
      if (wait > 0) await sleep(Math.ceil(wait)).catch(letGo);
      else {
        tokens -= 1;
        queue.shift();
        next();
      }
    }
    running = false;
  };

  return {
    take: async () => {
      if (queue.length === 0 && untilNext() <= 0) {
        tokens -= 1;
        return;
      }
      onWaiting?.(1);
      const turn = new Promise<void>((resolve) => queue.push(resolve));
      if (!running) void serve();
      await turn;
      onWaiting?.(-1);
    },
    throttled: () => {
      refill();
      // Requests that were sent together are throttled together: that is one sign, not many.
      if (now() - halvedAt < oneSign) return;
      halvedAt = now();
      rate = Math.max(options.rate * leastRate, rate / 2);
      tokens = Math.min(tokens, 0);
    },
    get waiting() {
      return queue.length;
    },
  };
};

/** Part of the full rate that comes back every second. */
const recovery = 0.1;
/** Part of the full rate that is kept whatever happens: the quota is 20 for all, and somebody has to get through. */
const leastRate = 0.25;
/** Milliseconds. */
const oneSign = 1000;
