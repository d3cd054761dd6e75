import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { AuditRecord } from "../apply/result.ts";
import { UsageError } from "../model/errors.ts";

export const defaultAuditFile = ".reconcile/audit.jsonl";

/** Who applies, and from what. */
export interface AuditSubject {
  /** ARN of the caller. */
  readonly caller: string;
  readonly instanceArn: string;
  readonly manifestDigest: string;
  /** Git commit, where CI or Git tells; null otherwise. */
  readonly commit: string | null;
}

export interface Audit {
  readonly record: (record: AuditRecord) => void;
  readonly close: () => void;
}

/**
 * Opens the audit trail, JSON lines that are only ever appended to. Each is on disk before the run goes on, so that a
 * crash loses none. Throws UsageError where the file cannot be written: nothing is applied without an audit trail.
 */
export const openAudit = (path: string, subject: AuditSubject, cwd: string): Audit => {
  const file = resolve(cwd, path);
  const descriptor = open(file, path);
  return {
    record: (record) => {
      writeSync(descriptor, `${JSON.stringify({ ...record, ...subject })}\n`);
      fsyncSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
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
