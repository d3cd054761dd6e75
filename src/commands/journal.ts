/**
 * The journal of an apply: JSON lines, only appended to, on disk before the run goes on. It is there while an apply runs
 * and after one that broke off; a run that ends with nothing in flight takes it away. The next apply to the same
 * instance picks up from it.
 */
import { readFileSync, statSync } from "node:fs";
import { type FileHandle, mkdir, open, rm, truncate } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Journal, JournalEntry } from "../apply/journal.ts";
import { ReconcileError, UsageError } from "../model/errors.ts";
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
  /** Takes the file away, unless something is still in flight. To be called however the run ended, if it ended. */
  end(): Promise<void>;
}

/** Reads what is there; nothing is written yet. Throws UsageError where the file is none of ours or damaged. */
export const openJournal = (
  path: string,
  { cwd, now }: { readonly cwd: string; readonly now: () => number },
): JournalFile => {
  const file = resolve(cwd, path);
  const found = read(file, path);
  const failed = new AbortController();
  let isAdopted = found === null;
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
    end: async () => {
      await appender.close();
      if (isAdopted && inFlight.size === 0) await rm(file, { force: true });
    },
  };
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

const cannotWrite = (path: string, error: unknown): ReconcileError =>
  new ReconcileError("cannot-write", `Cannot write the journal ${path}: ${(error as Error).message}`, {
    hint: "Make room or give another place with --journal FILE, then apply again: what is done is not done twice",
    cause: error,
  });
