import { closeSync, openSync, writeSync } from "node:fs";
import { inProgress } from "./sso-admin/settle.ts";
import type { SandboxState } from "./state.ts";
import { SandboxUsageError } from "./usage-error.ts";

/** Asynchronous work under way, over all instances. */
export interface InFlight {
  /** Account assignments that are being created or deleted; AWS allows 15. */
  readonly outstandingAssignments: number;
  /** Provisionings of permission sets; AWS allows 3. */
  readonly provisionings: number;
  /** The largest number of requests, waiting ones included, that name one and the same account. */
  readonly perAccountMaximum: number;
}

export interface RequestEntry extends InFlight {
  readonly event: "request";
  /** ISO 8601. */
  readonly time: string;
  /** How long the sandbox took to answer. */
  readonly milliseconds: number;
  /** unknown where the request names no service of the sandbox. */
  readonly service: string;
  /** For an unknown service, whatever the request names. */
  readonly operation: string;
  /** ok, throttled, reset, hang, lost-reply, or the code of the error. */
  readonly outcome: string;
  /** HTTP status; 0 where the connection was cut. */
  readonly status: number;
  /** Which attempt of the SDK this was, from 1. */
  readonly attempt: number;
  /** Of whoever signed it; absent where it is not known. */
  readonly accessKeyId?: string;
  readonly message?: string;
  /** On a call that started asynchronous work. */
  readonly requestId?: string;
  readonly accountId?: string;
  readonly permissionSetArn?: string;
}

interface AsyncEndEntry extends InFlight {
  readonly event: "async-end";
  /** When the work ended, which may be before the call that found it ended. */
  readonly time: string;
  readonly kind: string;
  readonly outcome: "SUCCEEDED" | "FAILED";
  readonly requestId: string;
  readonly permissionSetArn: string;
  readonly accountId?: string;
  readonly message?: string;
}

export type LogEntry = RequestEntry | AsyncEndEntry;

export interface Log {
  readonly write: (entry: LogEntry) => void;
  readonly close: () => void;
}

/** A log that appends JSON lines to a file, hands entries to a function, or drops them. */
export function openLog(target: string | ((entry: LogEntry) => void) | undefined): Log {
  if (target === undefined) return { write: () => {}, close: () => {} };
  if (typeof target === "function") return { write: target, close: () => {} };
  const descriptor = openForAppend(target);
  return {
    write: (entry) => {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
    },
    close: () => closeSync(descriptor),
  };
}

export function countInFlight(state: SandboxState): InFlight {
  const requests = state.instances.flatMap(inProgress);
  const provisionings = requests.filter((request) => request.kind === "provision").length;
  const perAccount = new Map<string, number>();
  for (const { AccountId } of requests) {
    if (AccountId !== undefined) perAccount.set(AccountId, (perAccount.get(AccountId) ?? 0) + 1);
  }
  return {
    outstandingAssignments: requests.length - provisionings,
    provisionings,
    perAccountMaximum: Math.max(0, ...perAccount.values()),
  };
}

function openForAppend(path: string): number {
  try {
    return openSync(path, "a");
  } catch (error) {
    throw new SandboxUsageError(`The log file can not be written: ${String(error)}`, { cause: error });
  }
}
