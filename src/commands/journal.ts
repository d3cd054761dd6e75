/**
 * The journal of an apply: JSON lines, only appended to, on disk before the run goes on. It is there while an apply runs
 * and after one that broke off; a run that ends with nothing in flight takes it away. The next apply to the same
 * instance picks up from it.
 */
import { readFileSync, statSync } from "node:fs";
import { type FileHandle, mkdir, open, rm, truncate } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Journal, JournalEntry } from "../apply/journal.ts";
import { holdOnMachine } from "../lock/hold-on-machine.ts";
import { ReconcileError, UsageError } from "../model/errors.ts";
import { requireAppendable } from "./appendable.ts";
import { type JournalHead, JournalProblem, type LeftOver, parseJournal } from "./journal-lines.ts";

export const defaultJournalFile = ".reconcile/journal.jsonl";

export interface JournalFile extends Journal {
  /** As given on the command line. */
  readonly path: string;
  /** What an earlier run left; null: it ended as it should. */
  readonly left: LeftOver | null;
  /** All that was left has been waited for. */
  adopted(): Promise<void>;
  isAdopted(): boolean;
  /** Aborted when it cannot be written any more; the reason says why. Then nothing new may be started. */
  readonly failed: AbortSignal;
  begin(head: Omit<JournalHead, "event" | "formatVersion">): Promise<void>;
  /** What it says stands nowhere else: `end` leaves the file. */
  keep(): void;
  /**
   * Takes the file away, unless something is still in flight, and lets other runs have it. To be called however the run
   * ended, if it ended.
   */
  end(): Promise<void>;
}

/**
 * Reads what is there; nothing is written yet, but the folder is there. Rejects with UsageError where the file is none
 * of ours, damaged or no regular file, with ReconcileError (journal-in-use) where another run of this machine is at work with it.
 */
export const openJournal = async (
  path: string,
  { cwd, now }: { readonly cwd: string; readonly now: () => number },
): Promise<JournalFile> => {
  requireAppendable(path, { what: "journal", option: "--journal", cwd });
  const file = resolve(cwd, path);
  const hold = await holdOnMachine(file);
  if ("heldBy" in hold) throw inUse(path, hold.heldBy);
  const found = readOrRelease(file, path, hold.release);
  const failed = new AbortController();
  let isAdopted = found === null;
  let isKept = false;
  const inFlight = new Set(found?.left.requests.map(({ requestId }) => requestId));
  const appender = createAppender(file, found?.length ?? 0, (error) =>
    failed.abort(cannotWrite(path, error)),
  );
  const append = async (line: JournalEntry | JournalHead | { readonly event: "adopted" }): Promise<void> => {
    const time = new Date(now()).toISOString();
    await appender.append(`${JSON.stringify({ time, ...line })}\n`).catch(() => {
      throw failed.signal.reason;
    });
  };
  const record = async (entry: JournalEntry): Promise<void> => {
    if (entry.event === "request") inFlight.add(entry.requestId);
    if (entry.event === "settled" && entry.status !== "unfinished") inFlight.delete(entry.requestId);
    await append(entry);
  };
  return {
    path,
    left: found?.left ?? null,
    record,
    // A failure has been told by then, and stops the run before its next write.
    note: (entry) => void record(entry).catch(() => {}),
    adopted: async () => {
      await append({ event: "adopted" });
      isAdopted = true;
    },
    isAdopted: () => isAdopted,
    failed: failed.signal,
    begin: (head) => append({ event: "begin", formatVersion: 1, ...head }),
    keep: () => {
      isKept = true;
    },
    end: async () => {
      try {
        await appender.close();
        if (isAdopted && !isKept && inFlight.size === 0) await rm(file, { force: true });
      } finally {
        hold.release();
      }
    },
  };
};

const readOrRelease = (file: string, path: string, release: () => void) => {
  try {
    return read(file, path);
  } catch (error) {
    release();
    throw error;
  }
};

const read = (file: string, path: string) => {
  try {
    // A device or a pipe may never end.
    if (!statSync(file).isFile()) throw new Error("it is not a file");
    return parseJournal(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    const hint =
      "It tells what an earlier apply left in flight. See in the IAM Identity Center console that nothing is in progress, move the file away, and apply again: what stands there is read in any case";
    if (error instanceof JournalProblem) {
      const message = `${path}:${error.line}: The journal cannot be read: ${error.message}`;
      throw new UsageError("journal-damaged", message, { hint, cause: error });
    }
    const message = `Cannot read the journal ${path}: ${(error as Error).message}`;
    throw new UsageError("cannot-read", message, { hint: "Give another place with --journal FILE" });
  }
};

interface Appender {
  /** Resolves when the text is on disk. */
  readonly append: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Whatever comes while the disk is busy goes to it together. Opened at the first text, with the first `length` bytes
 * of what is there; `onFailure` answers the error that every text gets from then on.
 */
const createAppender = (file: string, length: number, onFailure: (error: unknown) => void): Appender => {
  let handle: FileHandle | null = null;
  let failure: { readonly error: unknown } | null = null;
  let waiting: { text: string; done: () => void; reject: (error: unknown) => void }[] = [];
  let writing: Promise<void> | null = null;

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        handle ??= await openAt(file, length);
        await handle.appendFile(batch.map(({ text }) => text).join(""));
        await handle.datasync();
        for (const { done } of batch) done();
      } catch (error) {
        if (failure === null) onFailure(error);
        failure = { error };
        for (const { reject } of batch) reject(error);
      }
    }
    writing = null;
  };
  return {
    append: (text) =>
      new Promise((done, reject) => {
        if (failure !== null) return reject(failure.error);
        waiting.push({ text, done, reject });
        writing ??= writeAll();
      }),
    close: async () => {
      await writing;
      await handle?.close();
    },
  };
};

/** A line that a crash has cut is cut off. */
const openAt = async (file: string, length: number): Promise<FileHandle> => {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, "a", 0o600);
  await truncate(file, length);
  return handle;
};

const inUse = (path: string, pid: string | null): ReconcileError => {
  const who = pid === null ? "Another apply" : `Another apply (process ${pid})`;
  return new ReconcileError("journal-in-use", `${who} on this machine is at work with the journal ${path}`, {
    hint: "Wait until it has ended, and apply again; with --lock URL --lock-wait 10m runs wait for each other by themselves",
  });
};

const cannotWrite = (path: string, error: unknown): ReconcileError =>
  new ReconcileError("cannot-write", `Cannot write the journal ${path}: ${(error as Error).message}`, {
    hint: "Make room or give another place with --journal FILE, then apply again: what is done is not done twice",
    cause: error,
  });
