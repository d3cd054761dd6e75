// Faults by chance that repeat. Whether a fault strikes is drawn from (seed, kind, operation, body, how often that
// very call was made), and not from one running sequence: concurrent callers arrive in any order, and a test that
// fails must fail again.
import { fractionOf } from "./ids.ts";
import { SandboxUsageError } from "./usage-error.ts";

const faultKinds = ["throttle", "error", "reset", "lost-reply", "async-failed", "conflict"] as const;
type FaultKind = (typeof faultKinds)[number];

export interface Faults {
  /** Rates from 0 to 1; one with an operation wins over one without. */
  readonly rates: readonly { readonly kind: FaultKind; readonly operation?: string; readonly rate: number }[];
  /** Milliseconds for which reads still answer what was true before a write. */
  readonly staleReadMilliseconds: number;
  readonly seed: number;
}

export const noFaults: Faults = { rates: [], staleReadMilliseconds: 0, seed: 1 };

/**
 * Reads `throttle=0.3,error=0.05,reset=0.02,lost-reply=0.02,async-failed=0.05,conflict=0.1,stale-read=500ms,seed=42`.
 * `throttle@ListUsers=1` pins a rate to one operation.
 */
export function parseFaults(text: string): Faults {
  const rates: { kind: FaultKind; operation?: string; rate: number }[] = [];
  let { staleReadMilliseconds, seed } = noFaults;
  for (const part of text.split(",").map((item) => item.trim())) {
    if (part === "") continue;
    const [, name = "", operation, value = ""] = /^([^@=]*)(?:@([^=]*))?=(.*)$/.exec(part) ?? fail(part);
    const kind = faultKinds.find((known) => known === name);
    if (kind) rates.push({ kind, rate: parseRate(part, value), ...(operation ? { operation } : {}) });
    else if (name === "stale-read") staleReadMilliseconds = parseMilliseconds(part, value);
    else if (name === "seed") seed = parseSeed(part, value);
    else fail(part);
  }
  return { rates, staleReadMilliseconds, seed };
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
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(value) ?? [];
  if (amount !== undefined) return Number(amount) * (unit === "s" ? 1000 : 1);
  throw new SandboxUsageError(`Fault "${part}": the time must be written like 500ms or 2s.`);
}

function parseSeed(part: string, value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new SandboxUsageError(`Fault "${part}": the seed must be a whole number.`);
}

function fail(part: string): never {
  throw new SandboxUsageError(
    `Fault "${part}" is not known. Known are ${faultKinds.map((kind) => `${kind}=RATE`).join(", ")} ` +
      "(each also as KIND@OPERATION=RATE), stale-read=TIME and seed=NUMBER.",
  );
}
