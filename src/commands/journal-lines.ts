import type { LeftInFlight } from "../apply/adopt.ts";
import type { JournalEntry, RequestEntry, WriteEntry } from "../apply/journal.ts";
import { asyncCalls } from "../apply/journaled-writer.ts";

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
}

export interface BrokenOff {
  readonly address: string;
  readonly action: WriteEntry["action"];
  /** Names of API calls, in their order. */
  readonly answered: readonly string[];
  /** Sent, or about to be. */
  readonly unanswered: readonly string[];
  readonly requestIds: readonly string[];
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
  const fields = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const needed = neededFields[String(fields.event)];
  if (needed === undefined) throw new JournalProblem(line, `its event is not known: ${String(fields.event)}`);
  for (const [name, type] of Object.entries(needed)) {
    if (typeof fields[name] !== type) throw new JournalProblem(line, `${name} should be a ${type}`);
  }
  if (fields.event === "begin" && fields.formatVersion !== 1) {
    throw new JournalProblem(line, `its format is version ${String(fields.formatVersion)}, this reads 1`);
  }
  return value as JournalLine;
};

/** The fields that picking up relies on. Own keys only: the names come from a file. */
const neededFields: Readonly<Record<string, Readonly<Record<string, "string" | "number" | "object">>>> =
  Object.assign(Object.create(null), {
    begin: { time: "string", formatVersion: "number", instanceArn: "string", planDigest: "string" },
    write: { id: "number", address: "string", action: "string", call: "string" },
    answer: { id: "number" },
    request: { id: "number", address: "string", operation: "string", requestId: "string", target: "object" },
    settled: { requestId: "string", status: "string" },
    change: { address: "string", outcome: "string" },
    adopted: {},
  });

const leftOver = (head: JournalHead & { time: string }, lines: readonly JournalLine[]): LeftOver => {
  const requests = new Map<string, RequestEntry>();
  let writes: (WriteEntry & { answer?: string })[] = [];
  let [latest, done] = [head, 0];
  const answer = (id: number, how: string): void => {
    const write = writes.findLast((entry) => entry.id === id);
    if (write !== undefined) write.answer = how;
  };
  for (const line of lines) {
    switch (line.event) {
      case "begin":
        [latest, done, writes] = [line, 0, []];
        break;
      case "write":
        writes.push({ ...line });
        break;
      case "answer":
        answer(line.id, line.error ?? "ok");
        break;
      case "request":
        answer(line.id, "ok");
        requests.set(line.requestId, line);
        break;
      case "settled":
        if (line.status !== "unfinished") requests.delete(line.requestId);
        break;
      case "change":
        if (line.outcome === "done") done += 1;
        writes = writes.filter(({ address }) => address !== line.address);
        break;
      case "adopted":
        writes = [];
        break;
    }
  }
  const { instanceArn, planDigest, time } = latest;
  const unanswered = writes.filter((write) => write.answer === undefined);
  return {
    instanceArn,
    planDigest,
    startedAt: time,
    done,
    requests: [...requests.values()],
    unanswered: unanswered.flatMap(({ call }) => asyncCalls[call] ?? []),
    brokenOff: brokenOffOf(writes, lines),
  };
};

const brokenOffOf = (
  writes: readonly (WriteEntry & { readonly answer?: string })[],
  lines: readonly JournalLine[],
): readonly BrokenOff[] => {
  const ids = lines.filter((line) => line.event === "request");
  const addresses = [...new Set(writes.map(({ address }) => address))];
  return addresses.map((address) => {
    const ofOne = writes.filter((write) => write.address === address);
    return {
      address,
      action: ofOne[0]?.action ?? "update",
      answered: ofOne.filter(({ answer }) => answer === "ok").map(({ call }) => call),
      unanswered: ofOne.filter(({ answer }) => answer === undefined).map(({ call }) => call),
      requestIds: ids.filter((line) => line.address === address).map(({ requestId }) => requestId),
    };
  });
};
