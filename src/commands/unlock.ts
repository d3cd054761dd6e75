import { describeHolder } from "../lock/holder.ts";
import { openLock } from "../lock/open-lock.ts";
import type { LockRecord } from "../lock/record.ts";
import { isHeld, type LockStore } from "../lock/store.ts";
import { parseLockUrl } from "../lock/target.ts";
import { unlock } from "../lock/unlock.ts";
import { UsageError } from "../model/errors.ts";
import { escapeTerminal } from "../report/escape.ts";
import { askYes, canAsk } from "./ask.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { DefineCommand } from "./program.ts";

interface UnlockOptions {
  readonly forceUnlock?: string;
}

export const defineUnlock: DefineCommand = (command, context, done) => {
  command
    .argument("<URL>", "s3://BUCKET/KEY or dynamodb://TABLE/KEY")
    .option("--force-unlock <id>", "without asking, if the lock still has this id; apply prints it")
    .action(async (url: string, options: UnlockOptions) => {
      const store = await openLock(parseLockUrl(url), context);
      try {
        done(await run(store, options, context));
      } finally {
        store.close();
      }
    });
};

const run = async (store: LockStore, options: UnlockOptions, context: CommandContext): Promise<number> => {
  const { url } = store.target;
  const there = await store.read(context.signal);
  if (there === null || there.record.state === "released") {
    context.stdout.write(`Nobody holds ${url}.\n`);
    return exitCodes.ok;
  }
  showHolder(store, there.record, context);
  if (!(await isConfirmed(there.record, options, context))) {
    context.stderr.write("Not confirmed. The lock is as it was.\n");
    return context.signal.aborted ? exitCodes.interrupted : exitCodes.refused;
  }
  const isOurs = await unlock(store, there);
  context.stdout.write(
    isOurs ? `Unlocked ${url}.\n` : `That run no longer holds ${url}. The lock is as it was.\n`,
  );
  return exitCodes.ok;
};

const showHolder = (store: LockStore, holder: LockRecord, { stdout }: CommandContext): void => {
  const serverTime = store.serverTime();
  const state = isHeld(holder, serverTime)
    ? "The run may still be at work: it stops when it finds the lock gone, within the time of its lease."
    : "Its lease has run out: the next apply takes the lock by itself.";
  stdout.write(`${store.target.url} is held\n`);
  for (const line of describeHolder(holder, serverTime)) stdout.write(`  ${escapeTerminal(line)}\n`);
  stdout.write(`${state}\n`);
};

/** Only the word yes is a yes; an interruption is a no. */
const isConfirmed = async (
  { id }: LockRecord,
  { forceUnlock }: UnlockOptions,
  context: CommandContext,
): Promise<boolean> => {
  if (forceUnlock !== undefined) {
    if (forceUnlock === id) return true;
    throw new UsageError("lock-id-mismatch", `The lock has the id ${id}, not ${forceUnlock}`, {
      hint: "Look at who holds it now, and give that id if it is still the one to take the lock from",
    });
  }
  if (!canAsk(context)) {
    throw new UsageError("no-confirmation", "unlock needs a yes, and there is no terminal to ask on", {
      hint: `Give --force-unlock ${id} if no run is at work any more`,
    });
  }
  return askYes("Type yes to take the lock from it:", context);
};
