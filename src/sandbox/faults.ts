// Faults by chance that repeat. Whether a fault strikes is drawn from (seed, kind, operation, body, how often that
// very call was made), and not from one running sequence: concurrent callers arrive in any order, and a test that
// fails must fail again.
import { fractionOf } from "./ids.ts";
import { SandboxUsageError } from "./usage-error.ts";

/** Each strikes by chance, a rate from 0 to 1, in all operations or in one. */
const faultKinds = {
  throttle: "the call is refused: too many requests",
  error: "the call fails on AWS's side (HTTP 500)",
  denied: "the call is refused: no permission",
  conflict: "the call is refused: another write is not settled yet",
  reset: "the connection breaks, and nothing was done",
  hang: "the connection stays open without an answer, and nothing was done",
  "lost-reply": "it was done, and the connection breaks",
  "async-failed": "an asynchronous request was taken, and fails",
  "async-stuck": "an asynchronous request was taken, and never ends",
} as const;
type FaultKind = keyof typeof faultKinds;
const kinds = Object.keys(faultKinds) as readonly FaultKind[];

const timeSettings = {
  "stale-read": ["staleReadMilliseconds", "reads answer for so long what was true before a write"],
  "async-time": ["asyncMilliseconds", "asynchronous requests take so long"],
  "clock-ahead": ["clockAheadMilliseconds", "the sandbox's clock is so much ahead of yours"],
} as const;
const timeNames = Object.keys(timeSettings) as readonly (keyof typeof timeSettings)[];

/** All that may stand in a specification of faults, and what it does: for help texts. */
export const faultForms: readonly (readonly [form: string, what: string])[] = [
  ...kinds.map((kind) => [`${kind}=RATE`, faultKinds[kind]] as const),
  ["KIND@OPERATION=RATE", "one of the above in one operation only: throttle@ListUsers=1"],
  ["page@OPERATION=NUMBER", "this page of a list fails, counted from 1: page@ListUsers=3"],
  ...timeNames.map((name) => [`${name}=TIME`, timeSettings[name][1]] as const),
  ["seed=NUMBER", "other faults by chance; the same seed gives the same ones"],
];

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

/** Reads a list of faultForms: `throttle=0.3,lost-reply@CreateGroup=0.5,stale-read=500ms,seed=42`. */
export function parseFaults(text: string): Faults {
  const rates: { kind: FaultKind; operation?: string; rate: number }[] = [];
  const failingPages: { operation: string; page: number }[] = [];
  const times = { ...noFaults };
  for (const part of text.split(",").map((item) => item.trim())) {
    if (part === "") continue;
    const [, name = "", operation, value = ""] = /^([^@=]*)(?:@([^=]*))?=(.*)$/.exec(part) ?? fail(part);
    const kind = kinds.find((known) => known === name);
    const time = timeNames.find((known) => known === name);
    if (kind) rates.push({ kind, rate: parseRate(part, value), ...(operation ? { operation } : {}) });
    else if (name === "page" && operation) failingPages.push({ operation, page: parseCount(part, value) });
    else if (time) times[timeSettings[time][0]] = parseMilliseconds(part, value);
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
    `Fault "${part}" is not known. Known are ${faultForms.map(([form]) => form).join(", ")}.`,
  );
}
