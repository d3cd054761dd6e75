import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { AuditRecord } from "../apply/result.ts";
import { ReconcileError, UsageError } from "../model/errors.ts";
import { jsonText } from "../model/json-text.ts";
import { requireAppendable } from "./appendable.ts";
import type { SentCall } from "./calls.ts";

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
  /** Aborted, with the error as its reason, once a line could not be written: nothing more may be begun. */
  readonly failed: AbortSignal;
  readonly close: () => void;
}

/**
 * Opens the audit trail, JSON lines that are only ever appended to. Each is on disk before the run goes on, so that a
 * crash loses none. Throws UsageError where the file cannot be opened: nothing is applied without an audit trail.
 */
export const openAudit = (path: string, subject: AuditSubject, cwd: string): Audit => {
  requireAppendable(path, { what: "audit trail", option: "--audit", cwd });
  const descriptor = open(resolve(cwd, path), path);
  const failure = new AbortController();
  return {
    record: (entry) => {
      const line = jsonText({ ...entry, ...subject });
      try {
        writeSync(descriptor, `${line}\n`);
        if (isFile(path)) fsyncSync(descriptor);
      } catch (error) {
        failure.abort(lost(path, line, error));
      }
    },
    failed: failure.signal,
    close: () => closeSync(descriptor),
  };
};

/** Devices and pipes take no fsync. */
const isFile = (path: string): boolean => !path.startsWith("/dev/");

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

/** What was done must be on record somewhere: at least in the output of the run. */
const lost = (path: string, line: string, error: unknown): ReconcileError =>
  new ReconcileError(
    "cannot-write",
    `Cannot write the audit trail ${path}: ${(error as Error).message}\nThis line is missing there:\n${line}`,
    {
      hint: "Make room and add the line, or give another place with --audit FILE; then apply again: what is done is not done twice",
      cause: error,
    },
  );
