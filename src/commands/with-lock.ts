import { hostname, userInfo } from "node:os";
import { InvalidArgumentError, Option } from "commander";
import { acquireLock } from "../lock/acquire.ts";
import type { HeldLock } from "../lock/hold.ts";
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

/** How far a piece of work may be sure that nobody else is at work. */
export interface Alone {
  /** Aborted by the user, or because the lock is lost: then nothing new may be started. */
  readonly signal: AbortSignal;
  /** Asks whether this run has been the only one so far; else why that is not certain, to be told in a sentence. */
  readonly whyNotAlone: () => Promise<string | null>;
  /** Resolves when a write that takes so many milliseconds would end before another run can begin; rejects when the lock is lost. */
  readonly mayWrite: (milliseconds: number) => Promise<void>;
}

/**
 * Runs `work` while this run alone holds the lock; without --lock, simply runs it. An unreachable lock rejects before
 * anything is done. A lock that was lost before `work` has asked whether it is alone is told, and never ends in exit
 * code 0: another run may have changed what this one has seen.
 */
export const withLock = async (
  { lock, lockWait, planDigest }: LockOptions & { readonly planDigest: string | null },
  context: CommandContext,
  work: (alone: Alone) => Promise<number>,
): Promise<number> => {
  if (lock === undefined) {
    if (lockWait > 0) {
      throw new UsageError("lock-missing", "--lock-wait waits for a lock, and there is none", {
        hint: "Give --lock URL, the same for every run",
      });
    }
    return work({
      signal: context.signal,
      whyNotAlone: () => Promise.resolve(null),
      mayWrite: () => Promise.resolve(),
    });
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
    return await workUnder(held, context, work);
  } finally {
    store.close();
  }
};

const workUnder = async (
  held: HeldLock,
  { signal, stderr }: CommandContext,
  work: (alone: Alone) => Promise<number>,
): Promise<number> => {
  let isConfirmed = false;
  const whyNotAlone = async (): Promise<string | null> => {
    const lost = await held.confirm();
    isConfirmed = lost === null;
    return lost?.message ?? null;
  };
  let lost: ReconcileError | null = null;
  const giveBack = async (): Promise<void> => {
    lost = await held.release().catch((error: unknown) => {
      const why = escapeTerminal((error as Error).message);
      stderr.write(`warning: The lock could not be given back (${why}). Its lease runs out by itself.\n`);
      return held.lost.aborted ? (held.lost.reason as ReconcileError) : null;
    });
    if (lost === null) return;
    if (!isConfirmed) tellError(lost, stderr);
    else stderr.write(`note: ${toldAfterwards(lost)}\n`);
  };
  let exitCode: number;
  try {
    exitCode = await work({
      signal: AbortSignal.any([signal, held.lost]),
      whyNotAlone,
      mayWrite: held.outlasts,
    });
  } catch (error) {
    await giveBack();
    // Reading was broken off, and not by the user.
    if (held.lost.aborted && error instanceof Interrupted) return exitCodes.interrupted;
    throw error;
  }
  await giveBack();
  const isInDoubt = lost !== null && !isConfirmed;
  return isInDoubt && exitCode === exitCodes.ok ? exitCodes.interrupted : exitCode;
};

/** Everything had been done and read back by then. */
const toldAfterwards = ({ message }: ReconcileError): string => {
  const [first = ""] = message.split("\n");
  return `${escapeTerminal(first)}, after everything was read back: what this run did stands as it says.`;
};

const tell = (what: string, holder: LockRecord, store: LockStore, { stderr }: CommandContext): void => {
  stderr.write(`${what}:\n`);
  for (const line of describeHolder(holder, store.serverTime())) stderr.write(`  ${escapeTerminal(line)}\n`);
};
