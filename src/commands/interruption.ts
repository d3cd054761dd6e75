import { ReconcileError } from "../model/errors.ts";

/** A signal came while nothing but reading was going on. */
export class Interrupted extends ReconcileError {
  constructor() {
    super("interrupted", "Interrupted. Nothing was changed.");
  }
}

/** The answer of `work`, or Interrupted as soon as the signal comes; `work` is then left to itself. */
export const unlessInterrupted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const stop = () => reject(new Interrupted());
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
