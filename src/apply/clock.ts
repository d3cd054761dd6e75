/** Time and chance, injected so that tests run without waiting and the same way every time. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Exponential backoff with jitter: between half and all of first × 2^attempt, at most `longest`. In milliseconds. */
export const backoff = (
  clock: Clock,
  attempt: number,
  { first, longest }: { first: number; longest: number },
): number => Math.min(longest, first * 2 ** Math.min(attempt, 30)) * (0.5 + clock.random() / 2);
