/**
 * What a run leaves behind when it breaks off: enough for the next one to pick up what was in flight. A write is noted
 * before it is sent, and the id of an asynchronous request before anything waits for it. Nothing secret is in it:
 * addresses, ARNs and ids.
 */
import type { PrincipalType } from "../model/access-state.ts";
import type { AsyncOperation } from "../model/ports.ts";
import type { AuditRecord } from "./result.ts";

export interface Journal {
  /** Resolves when the entry is on disk. Where it rejects, nothing may be sent. */
  record(entry: JournalEntry): Promise<void>;
  /** The same without waiting: for what only saves work to whoever picks up. */
  note(entry: JournalEntry): void;
}

export type JournalEntry =
  | WriteEntry
  /** `error`: code of an AwsError. */
  | { readonly event: "answer"; readonly id: number; readonly error?: string }
  | RequestEntry
  | {
      readonly event: "settled";
      readonly requestId: string;
      readonly status: "succeeded" | "failed" | "unknown" | "unfinished";
    }
  /** It has ended, and the audit trail says how. */
  | { readonly event: "change"; readonly address: string; readonly outcome: AuditRecord["outcome"] };

/** About to be sent. */
export interface WriteEntry {
  readonly event: "write";
  /** The answer carries the same; unique in a run. */
  readonly id: number;
  readonly address: string;
  readonly action: AuditRecord["action"];
  /** Name of the API call, such as createGroup. */
  readonly call: string;
}

/** AWS has taken an asynchronous request: the answer to a write. */
export interface RequestEntry {
  readonly event: "request";
  readonly id: number;
  readonly address: string;
  readonly operation: AsyncOperation;
  readonly requestId: string;
  readonly target: RequestTarget;
}

export interface RequestTarget {
  /** null: every account where the set is provisioned. */
  readonly accountId: string | null;
  readonly permissionSet: string;
  readonly permissionSetArn: string;
  /** Absent for provisionings. */
  readonly principalType?: PrincipalType;
  readonly principalId?: string;
}

/** For whoever keeps no journal. */
export const noJournal: Journal = { record: async () => {}, note: () => {} };
