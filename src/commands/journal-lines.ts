import type { LeftInFlight } from "../apply/adopt.ts";
import type { JournalEntry, RequestEntry, WriteEntry } from "../apply/journal.ts";
import { asyncCalls } from "../apply/journaled-writer.ts";
import { type CallLog, createCallLog, mayStand } from "./calls.ts";

/** What a run writes first. */
export interface JournalHead {
  readonly event: "begin";
  readonly formatVersion: 1;
  /** ARN. */
  readonly instanceArn: string;
  readonly planDigest: string;
  /** ARN of who applies. */
  readonly caller: string;
}

type JournalLine = { readonly time: string } & (
  | JournalHead
  | JournalEntry
  /** A later run has waited for everything above. */
  | { readonly event: "adopted" }
);

/** What the journal of a run that broke off says. */
export interface LeftOver extends LeftInFlight {
  readonly instanceArn: string;
  readonly planDigest: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** How many changes were done before it broke off. */
  readonly done: number;
  /** Changes in the middle of which it broke off. */
  readonly brokenOff: readonly BrokenOff[];
  /** What it had sent for them. */
  readonly calls: CallLog;
  /** What it and the runs before it had done, without the changes in the middle of which it broke off. */
  readonly traces: readonly Trace[];
}

export interface BrokenOff {
  readonly address: string;
  readonly action: WriteEntry["action"];
  readonly requestIds: readonly string[];
}

/** That a run carried out a change, or something of it. */
export interface Trace {
  readonly instanceArn: string;
  readonly planDigest: string;
  /** ISO 8601. */
  readonly runStartedAt: string;
  readonly address: string;
  /** begun: something of it was sent and may have taken effect. */
  readonly extent: "done" | "begun";
}

export class JournalProblem extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** null: there is nothing in it. `length`: bytes up to the last whole line; a crash may have cut the one after it. */
export const parseJournal = (text: string): { readonly left: LeftOver; readonly length: number } | null => {
  const end = text.lastIndexOf("\n") + 1;
  const lines = text.slice(0, end).split("\n").slice(0, -1).map(parseLine);
  const [head] = lines;
  if (head === undefined) return null;
  if (head.event !== "begin") throw new JournalProblem(1, "it does not begin with the begin of a run");
  return { left: leftOver(head, lines), length: Buffer.byteLength(text.slice(0, end)) };
};

const parseLine = (text: string, index: number): JournalLine => {
  const line = index + 1;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JournalProblem(line, "it is not JSON");
  }
  if (!isObject(value)) throw new JournalProblem(line, "it is no event");
  const { event, formatVersion } = value;
  const fields = typeof event === "string" && Object.hasOwn(events, event) ? events[event] : undefined;
  if (fields === undefined) throw new JournalProblem(line, `its event is not known: ${shown(event)}`);
  for (const [name, [isGood, what]] of Object.entries(fields)) {
    if (!isGood(value[name])) throw new JournalProblem(line, `${name} should be ${what}`);
  }
  if (event === "begin" && formatVersion !== 1) {
    throw new JournalProblem(line, `its format is version ${shown(formatVersion)}, this reads 1`);
  }
  return value as unknown as JournalLine;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const shown = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing")).slice(0, 100);

type Check = readonly [isGood: (value: unknown) => boolean, what: string];

const text: Check = [(value) => typeof value === "string", "text"];
const number: Check = [(value) => typeof value === "number", "a number"];
const oneOf = (...known: readonly string[]): Check => [
  (value) => known.some((each) => each === value),
  `one of ${known.join(", ")}`,
];
const optional = ([isGood, what]: Check): Check => [(value) => value === undefined || isGood(value), what];
const target: Check = [
  (value) =>
    isObject(value) &&
    (value.accountId === null || typeof value.accountId === "string") &&
    typeof value.permissionSetArn === "string" &&
    optional(oneOf("USER", "GROUP"))[0](value.principalType) &&
    optional(text)[0](value.principalId),
  "the target of a request",
];

/** The fields that picking up relies on: the file may have been edited, or be another. */
const events: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  begin: { time: text, formatVersion: number, instanceArn: text, planDigest: text },
  write: { id: number, address: text, action: oneOf("create", "update", "delete", "provision"), call: text },
  answer: { id: number, error: optional(text) },
  request: {
    id: number,
    address: text,
    operation: oneOf(...Object.values(asyncCalls)),
    requestId: text,
    target,
  },
  settled: { requestId: text, status: oneOf("succeeded", "failed", "unknown", "unfinished") },
  change: { address: text, outcome: text },
  adopted: {},
};

const leftOver = (head: JournalHead & { time: string }, lines: readonly JournalLine[]): LeftOver => {
  const requests = new Map<string, RequestEntry>();
  const requestIds = new Map<string, readonly string[]>();
  const traces: Trace[] = [];
  let [latest, done, calls] = [head, 0, createCallLog()];
  let actions = new Map<string, WriteEntry["action"]>();
  const trace = (address: string, extent: Trace["extent"]): void => {
    const { instanceArn, planDigest, time } = latest;
    traces.push({ instanceArn, planDigest, runStartedAt: time, address, extent });
  };
  const traceIfSent = (address: string): void => {
    if (mayStand(calls.of(address))) trace(address, "begun");
  };
  const pickedUp = (): void => {
    calls.open().forEach(traceIfSent);
    [calls, actions] = [createCallLog(), new Map()];
  };
  for (const line of lines) {
    switch (line.event) {
      case "begin":
        pickedUp();
        [latest, done] = [line, 0];
        break;
      case "adopted":
        pickedUp();
        break;
      case "write":
        actions.set(line.address, line.action);
        break;
      case "request":
        requests.set(line.requestId, line);
        requestIds.set(line.address, [...(requestIds.get(line.address) ?? []), line.requestId]);
        break;
      case "settled":
        if (line.status !== "unfinished") requests.delete(line.requestId);
        break;
      case "change":
        if (line.outcome === "done") {
          done += 1;
          trace(line.address, "done");
        } else traceIfSent(line.address);
        break;
      case "answer":
        break;
    }
    if (line.event !== "begin" && line.event !== "adopted") calls.take(line);
  }
  const { instanceArn, planDigest, time } = latest;
  const open = calls.open();
  const unanswered = open.flatMap((address) =>
    calls.of(address).filter(({ answer }) => answer === "unknown"),
  );
  return {
    instanceArn,
    planDigest,
    startedAt: time,
    done,
    requests: [...requests.values()],
    unanswered: unanswered.flatMap(({ call }) =>
      Object.hasOwn(asyncCalls, call) ? (asyncCalls[call] ?? []) : [],
    ),
    brokenOff: open.map((address) => ({
      address,
      action: actions.get(address) ?? "update",
      requestIds: requestIds.get(address) ?? [],
    })),
    calls,
    traces,
  };
};
