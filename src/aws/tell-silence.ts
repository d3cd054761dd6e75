import type { OnProgress } from "../model/progress.ts";
import { isUnanswered } from "./error-names.ts";
import { mostUnanswered } from "./retry-strategy.ts";

export interface Watching {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onProgress: OnProgress;
}

/**
 * Middleware for the place where an attempt is sent: tells of one that no answer came to, since half a minute of nothing
 * on the screen looks like a tool that hangs. Calls that are sent together fall silent together: that is told once.
 */
export const silenceTeller = ({ now, onProgress }: Watching) => {
  const unanswered = new WeakMap<object, number>();
  let toldAt = Number.NEGATIVE_INFINITY;
  return (service: string) =>
    <Args, Result>(next: (args: Args) => Promise<Result>, context: { readonly commandName?: string }) =>
    async (args: Args): Promise<Result> => {
      const sentAt = now();
      try {
        return await next(args);
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        const count = (unanswered.get(context) ?? 0) + 1;
        unanswered.set(context, count);
        if (count < mostUnanswered && now() - toldAt >= together) {
          toldAt = now();
          const call = `${service} ${(context.commandName ?? "").replace(/Command$/, "")}`;
          const milliseconds = now() - sentAt;
          onProgress({ type: "no-reply", call, milliseconds, attempt: count + 1, of: mostUnanswered });
        }
        throw error;
      }
    };
};

/** After the tokens are taken: waiting for the quota is no silence of AWS. */
export const silenceTellerPlace = {
  relation: "after",
  toMiddleware: "limiter",
  name: "silenceTeller",
} as const;

/** Milliseconds. */
const together = 5000;
