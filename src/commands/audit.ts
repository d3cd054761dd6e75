import { closeSync, fsyncSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { AuditRecord } from "../apply/result.ts";
import { ReconcileError, UsageError } from "../model/errors.ts";
import { jsonText } from "../model/json-text.ts";
import { requireAppendable } from "./appendable.ts";
import type { SentCall } from "./calls.ts";
import { createLineWriter } from "./line-writer.ts";

export const defaultAuditFile = ".reconcile/audit.jsonl";

/** Who applies, and from what. */
export interface AuditSubject {
  /** ARN of the caller. */
  readonly caller: string;
  readonly instanceArn: string;
  readonly manifestDigest: string;
  /** Git commit, where CI or Git tells; null otherwise. */
  readonly commit: string | null;
  /** When the run began that the lines are about, ISO 8601. */
  readonly runStartedAt: string;
  /** What guards were told to let pass, as given with --allow; absent in lines about a run that broke off. */
  readonly allowed?: readonly string[];
}

interface AuditLine extends AuditRecord {
  /** What was sent for the change, whatever became of it. */
  readonly calls: readonly SentCall[];
}

export interface Audit {
  /** Never throws: what cannot be written aborts `failed`. */
  readonly record: (line: AuditLine) => void;
  /** Aborted once a line could not be written: nothing more may be begun. */
  readonly failed: AbortSignal;
  /** Holds every line that is missing in the file, so that what was done is on record at least in the run's output. */
  readonly lost: () => ReconcileError | null;
  readonly close: () => void;
}

/**
 * Opens the audit trail, JSON lines that are only ever appended to. Each is on disk before the run goes on, so that a
 * crash loses none; one that a crash has cut stays a line of its own. Throws UsageError where the file cannot be opened:
 * nothing is applied without an audit trail.
 */
export const openAudit = (path: string, subject: AuditSubject, cwd: string): Audit => {
  requireAppendable(path, { what: "audit trail", option: "--audit", cwd });
  const file = resolve(cwd, path);
  const descriptor = open(file, path);
  const isFile = statSync(file).isFile();
  const write = createLineWriter(descriptor, !isFile || endsWhole(file));
  const failure = new AbortController();
  const lost: string[] = [];
  return {
    record: (entry) => {
      const line = jsonText({ ...entry, ...subject });
      try {
        write(line);
        // Devices take no fsync.
        if (isFile) fsyncSync(descriptor);
      } catch (error) {
        lost.push(line);
        failure.abort(error);
      }
    },
    failed: failure.signal,
    lost: () => (lost.length === 0 ? null : lostLines(path, lost, failure.signal.reason as Error)),
    close: () => closeSync(descriptor),
  };
};

const endsWhole = (file: string): boolean => {
  const { size } = statSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, last, 0, 1, size - 1);
  } finally {
    closeSync(descriptor);
  }
  return last.toString() === "\n";
};

const open = (file: string, shown: string): number => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, "a", 0o600);
  } catch (error) {
    throw new UsageError(
      "cannot-write",
      `Cannot write the audit trail ${shown}: ${(error as Error).message}`,
      {
        hint: "Give another place with --audit FILE",
        cause: error,
      },
    );
  }
};

const lostLines = (path: string, lines: readonly string[], cause: Error): ReconcileError => {
  const [what, it] =
    lines.length === 1 ? ["This line is", "it"] : [`These ${lines.length} lines are`, "them"];
  return new ReconcileError(
    "cannot-write",
    `Cannot write the audit trail ${path}: ${cause.message}\n${what} missing there:\n${lines.join("\n")}`,
    {
      hint: `Make room and add ${it}, or give another place with --audit FILE; then apply again: what is done is not done twice`,
      cause,
    },
  );
};
