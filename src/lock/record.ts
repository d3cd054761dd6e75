import { UsageError } from "../model/errors.ts";
import { parseTimestamp } from "../model/timestamp.ts";
import type { LockTarget } from "./target.ts";

/** What a lock's object or item says. Times are epoch milliseconds by the clock of the store. */
export interface LockRecord {
  readonly state: "held" | "released";
  /** Of one taking; what `reconcile unlock --force-unlock` wants. */
  readonly id: string;
  /** Another one with each write, so that no two writes ever look alike. */
  readonly write: string;
  readonly owner: string;
  readonly host: string;
  readonly runUrl: string | null;
  readonly planDigest: string | null;
  readonly since: number;
  /** Held: when the lease runs out unless it is renewed. Released: when that was. */
  readonly until: number;
}

/** Indented, for the person who opens the object in a console. */
export const writeRecord = ({ since, until, ...rest }: LockRecord): string =>
  JSON.stringify(
    { reconcileLock: 1, ...rest, since: new Date(since).toISOString(), until: new Date(until).toISOString() },
    null,
    2,
  );

/** Throws UsageError where the text is not a lock: somebody's file that happens to be there is never overwritten. */
export const readRecord = (text: string, target: LockTarget): LockRecord => {
  const fields = parseObject(text);
  const version = fields.reconcileLock;
  if (typeof version === "number" && version > 1) {
    throw new UsageError("lock-version", `${target.url} was written by a later version of reconcile`, {
      hint: "Use the same version everywhere that shares the lock",
    });
  }
  const { state, id, write, owner, host, runUrl, planDigest } = fields;
  const since = timeOf(fields.since);
  const until = timeOf(fields.until);
  if (
    version !== 1 ||
    (state !== "held" && state !== "released") ||
    !isText(id) ||
    !isText(write) ||
    !isText(owner) ||
    !isText(host) ||
    !isTextOrNull(runUrl) ||
    !isTextOrNull(planDigest) ||
    since === null ||
    until === null
  ) {
    throw notALock(target);
  }
  return { state, id, write, owner, host, runUrl, planDigest, since, until };
};

export const notALock = ({ url, kind }: LockTarget): UsageError =>
  new UsageError("not-a-lock", `${url} exists, and is not a lock of reconcile`, {
    hint: `Choose a key that nothing else uses; ${kind === "s3" ? "the object" : "the item"} was left as it is`,
  });

/** Larger is no lock. In bytes. */
export const largestRecord = 65_536;

/** 64 random bits, as 16 hex digits. `random` answers from 0 up to, not including, 1. */
export const newId = (random: () => number): string =>
  Array.from({ length: 4 }, () =>
    Math.floor(random() * 0x1_0000)
      .toString(16)
      .padStart(4, "0"),
  ).join("");

const parseObject = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

const isText = (value: unknown): value is string => typeof value === "string";

const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);

const timeOf = (value: unknown): number | null => (isText(value) ? parseTimestamp(value) : null);
