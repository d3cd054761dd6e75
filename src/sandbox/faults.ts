// Faults by chance that repeat. Whether a fault strikes is drawn from (seed, kind, operation, body, how often that
// very call was made), and not from one running sequence: concurrent callers arrive in any order, and a test that
// fails must fail again.
import { fractionOf } from "./ids.ts";
import { SandboxUsageError } from "./usage-error.ts";

/**
 * throttle, error, denied, conflict: the call is refused. reset: the connection breaks; hang: it stays open without an
 * answer; either way nothing was done. lost-reply: it was done, and the connection breaks. async-failed, async-stuck:
 * asynchronous work that was started fails, or never ends.
 */
const faultKinds = [
  "throttle",
  "error",
  "denied",
  "conflict",
  "reset",
  "hang",
  "lost-reply",
  "async-failed",
  "async-stuck",
] as const;
type FaultKind = (typeof faultKinds)[number];

export interface Faults {
  /** Rates from 0 to 1; one with an operation wins over one without. */
  readonly rates: readonly { readonly kind: FaultKind; readonly operation?: string; readonly rate: number }[];
  /** Milliseconds for which reads still answer what was true before a write. */
  readonly staleReadMilliseconds: number;
  /** Milliseconds that all asynchronous work takes; null: as the speed has it. */
  readonly asyncMilliseconds: number | null;
  /** Milliseconds by which the sandbox's clock is ahead of the client's. */
  readonly clockAheadMilliseconds: number;
  /** Pages, counted from 1, that fail however often they are asked for. */
  readonly failingPages: readonly { readonly operation: string; readonly page: number }[];
  readonly seed: number;
}

export const noFaults: Faults = {
  rates: [],
  staleReadMilliseconds: 0,
  asyncMilliseconds: null,
  clockAheadMilliseconds: 0,
  failingPages: [],
  seed: 1,
};

/**
 * Reads `throttle=0.3,error=0.05,reset=0.02,lost-reply=0.02,async-failed=0.05,conflict=0.1,stale-read=500ms,seed=42`.
 * `throttle@ListUsers=1` pins a rate to one operation. `page@ListUsers=3` lets the third page fail, `async-time=3s` sets
 * how long asynchronous work takes, `clock-ahead=10m` sets the sandbox's clock.
 */
export function parseFaults(text: string): Faults {
  const rates: { kind: FaultKind; operation?: string; rate: number }[] = [];
  const failingPages: { operation: string; page: number }[] = [];
  const times = { ...noFaults };
  for (const part of text.split(",").map((item) => item.trim())) {
    if (part === "") continue;
    const [, name = "", operation, value = ""] = /^([^@=]*)(?:@([^=]*))?=(.*)$/.exec(part) ?? fail(part);
    const kind = faultKinds.find((known) => known === name);
    if (kind) rates.push({ kind, rate: parseRate(part, value), ...(operation ? { operation } : {}) });
    else if (name === "page" && operation) failingPages.push({ operation, page: parseCount(part, value) });
    else if (name === "stale-read") times.staleReadMilliseconds = parseMilliseconds(part, value);
    else if (name === "async-time") times.asyncMilliseconds = parseMilliseconds(part, value);
    else if (name === "clock-ahead") times.clockAheadMilliseconds = parseMilliseconds(part, value);
    else if (name === "seed") times.seed = parseCount(part, value);
    else fail(part);
  }
  return { ...times, rates, failingPages };
}

/** Decides, for one call after the other, which faults strike. */
export interface FaultDice {
  /** A function that says for each kind of fault whether it strikes this call. */
  readonly roll: (operation: string, body: string) => (kind: FaultKind) => boolean;
}

export function createFaultDice(faults: Faults): FaultDice {
  const calls = new Map<string, number>();
  return {
    roll: (operation, body) => {
      if (faults.rates.length === 0) return () => false;
      const call = `${operation} ${body}`;
      const count = (calls.get(call) ?? 0) + 1;
      calls.set(call, count);
      return (kind) => {
        const rate = rateOf(faults, kind, operation);
        return rate > 0 && fractionOf(`${faults.seed} ${kind} ${count} ${call}`) < rate;
      };
    },
  };
}

function rateOf(faults: Faults, kind: FaultKind, operation: string): number {
  const ofKind = faults.rates.filter((entry) => entry.kind === kind);
  const pinned = ofKind.findLast((entry) => entry.operation === operation);
  return (pinned ?? ofKind.findLast((entry) => entry.operation === undefined))?.rate ?? 0;
}

function parseRate(part: string, value: string): number {
  const rate = value.trim() === "" ? Number.NaN : Number(value);
  if (rate >= 0 && rate <= 1) return rate;
  throw new SandboxUsageError(`Fault "${part}": the rate must be a number from 0 to 1.`);
}

function parseMilliseconds(part: string, value: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(value) ?? [];
  if (amount !== undefined) return Number(amount) * (units[unit] ?? 1);
  throw new SandboxUsageError(`Fault "${part}": the time must be written like 500ms, 2s or 10m.`);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function parseCount(part: string, value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new SandboxUsageError(`Fault "${part}": it must be a whole number.`);
}

function fail(part: string): never {
  throw new SandboxUsageError(
    `Fault "${part}" is not known. Known are ${faultKinds.map((kind) => `${kind}=RATE`).join(", ")} ` +
      "(each also as KIND@OPERATION=RATE), page@OPERATION=NUMBER, stale-read=TIME, async-time=TIME, " +
      "clock-ahead=TIME and seed=NUMBER.",
  );
}
