import { hostname, userInfo } from "node:os";
import { InvalidArgumentError, Option } from "commander";
import { acquireLock } from "../lock/acquire.ts";
import { describeHolder } from "../lock/holder.ts";
import { runIdentity } from "../lock/run-identity.ts";
import { openLock } from "../lock/open-lock.ts";
import type { LockRecord } from "../lock/record.ts";
import type { LockStore } from "../lock/store.ts";
import { parseLockUrl } from "../lock/target.ts";
import { parseWait } from "../lock/wait.ts";
import { type ReconcileError, UsageError } from "../model/errors.ts";
import { escapeTerminal } from "../report/escape.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { Interrupted } from "./interruption.ts";
import { tellError } from "./tell-error.ts";

export interface LockOptions {
  /** s3://BUCKET/KEY or dynamodb://TABLE/KEY. */
  readonly lock?: string;
  /** Milliseconds. */
  readonly lockWait: number;
}

export const lockOptions = (): readonly Option[] => [
  new Option("--lock <url>", "let one apply in at a time: s3://BUCKET/KEY or dynamodb://TABLE/KEY"),
  new Option("--lock-wait <time>", "how long to wait for another run to end, such as 10m")
    .argParser((text: string) => {
      const wait = parseWait(text);
      if (wait === null) throw new InvalidArgumentError("Expected a time such as 30s, 10m or 1h.");
      return wait;
    })
    .default(0, "refuse at once"),
];

/**
 * Runs `work` while this run alone holds the lock; without --lock, simply runs it. `work` gets a signal that also
 * aborts when the lock is lost: then nothing new may be started. An unreachable lock rejects before anything is done.
 */
export const withLock = async (
  { lock, lockWait, planDigest }: LockOptions & { readonly planDigest: string | null },
  context: CommandContext,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> => {
  if (lock === undefined) {
    if (lockWait > 0) {
      throw new UsageError("lock-missing", "--lock-wait waits for a lock, and there is none", {
        hint: "Give --lock URL, the same for every run",
      });
    }
    return work(context.signal);
  }
  const store = await openLock(parseLockUrl(lock), context);
  try {
    const held = await acquireLock(store, {
      ...runIdentity(context.env, { user: userInfo().username, host: hostname() }),
      planDigest,
      wait: lockWait,
      signal: context.signal,
      onWaiting: (holder) => tell("Waiting for the lock, which another run holds", holder, store, context),
    });
    if (held.takenOverFrom !== null) {
      tell(
        "Took the lock over from a run that ended without giving it back",
        held.takenOverFrom,
        store,
        context,
      );
    }
    try {
      const exitCode = await work(AbortSignal.any([context.signal, held.lost])).catch((error: unknown) => {
        // Reading was broken off, and not by the user.
        if (held.lost.aborted && error instanceof Interrupted) return exitCodes.interrupted;
        throw error;
      });
      if (held.lost.aborted) tellError(held.lost.reason as ReconcileError, context.stderr);
      return exitCode;
    } finally {
      await held.release().catch((error: unknown) => {
        const why = escapeTerminal((error as Error).message);
        context.stderr.write(
          `warning: The lock could not be given back (${why}). Its lease runs out by itself.\n`,
        );
      });
    }
  } finally {
    store.close();
  }
};

const tell = (what: string, holder: LockRecord, store: LockStore, { stderr }: CommandContext): void => {
  stderr.write(`${what}:\n`);
  for (const line of describeHolder(holder, store.serverTime())) stderr.write(`  ${escapeTerminal(line)}\n`);
};
