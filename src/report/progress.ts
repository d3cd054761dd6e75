/**
 * Tells how a run goes. On a terminal one line moves, redrawn at most ten times a second; only failures stay. Elsewhere
 * (CI) lines are few: one a phase, one for each failure, one every few seconds. What was done is in the final table.
 */
import { styleText } from "node:util";
import type { OnProgress, Progress } from "../model/progress.ts";
import { escapeTerminal } from "./escape.ts";

export interface ProgressOptions {
  readonly stream: { write(text: string): void; readonly isTTY: boolean; readonly columns: number };
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly colour: boolean;
}

export interface ProgressReporter {
  readonly onProgress: OnProgress;
  /** Clears the moving line. To be called before anything else is written, and at the end. */
  readonly finish: () => void;
}

export const createProgressReporter = ({ stream, now, colour }: ProgressOptions): ProgressReporter => {
  const tally = createTally();
  const output = stream.isTTY ? createMovingLine(stream, now) : createQuietLines(stream, now);
  return {
    onProgress: (progress) => {
      tally.count(progress);
      const line = lastingLine(progress, { onTerminal: stream.isTTY, colour });
      if (line !== null) output.lasting(line);
      if (tally.phase() !== null) output.passing(tally.describe());
    },
    finish: output.finish,
  };
};

interface LineOutput {
  /** A line that stays. */
  readonly lasting: (line: string) => void;
  /** How things stand now: shown when it is time. */
  readonly passing: (line: string) => void;
  readonly finish: () => void;
}

const createMovingLine = (stream: ProgressOptions["stream"], now: () => number): LineOutput => {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let visible = false;
  const clear = (): void => {
    if (visible) stream.write(clearLine);
    visible = false;
  };
  return {
    lasting: (line) => {
      clear();
      stream.write(`${line}\n`);
      drawnAt = Number.NEGATIVE_INFINITY;
    },
    passing: (line) => {
      if (now() - drawnAt < redrawMilliseconds) return;
      drawnAt = now();
      visible = true;
      // One column stays free: a full line makes some terminals wrap.
      stream.write(`${clearLine}${shorten(line, stream.columns - 1)}`);
    },
    finish: () => {
      clear();
      drawnAt = Number.NEGATIVE_INFINITY;
    },
  };
};

const clearLine = "\r\u001b[2K";

const redrawMilliseconds = 100;

const createQuietLines = (stream: ProgressOptions["stream"], now: () => number): LineOutput => {
  let writtenAt = now();
  let last = "";
  return {
    lasting: (line) => {
      writtenAt = now();
      stream.write(`${line}\n`);
    },
    passing: (line) => {
      if (now() - writtenAt < quietMilliseconds || line === last) return;
      writtenAt = now();
      last = line;
      stream.write(`  ${line}\n`);
    },
    finish: () => {},
  };
};

const quietMilliseconds = 5_000;

/** null: the moving line says it well enough. */
const lastingLine = (
  progress: Progress,
  { onTerminal, colour }: { onTerminal: boolean; colour: boolean },
): string | null => {
  if (progress.type === "phase") return onTerminal ? null : phaseLine(progress);
  if (progress.type === "no-reply") return noReplyLine(progress);
  if (progress.type !== "change" || progress.status === "started") return null;
  if (progress.status === "done") return null;
  const { address, status, detail } = progress;
  const text = `  ${status.padEnd(7)} ${escapeTerminal(address)}${detail === undefined ? "" : `: ${escapeTerminal(detail)}`}`;
  return colour && status === "failed" ? styleText("red", text, { validateStream: false }) : text;
};

const phaseLine = ({ name, total }: Extract<Progress, { type: "phase" }>): string =>
  total === undefined ? `${escapeTerminal(name)} ...` : `${escapeTerminal(name)} ${changes(total)} ...`;

const noReplyLine = ({
  call,
  milliseconds,
  attempt,
  of,
}: Extract<Progress, { type: "no-reply" }>): string => {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return `  no reply from ${escapeTerminal(call)} for ${seconds} s, trying again (${attempt} of ${of})`;
};

const changes = (count: number): string => `${count} ${count === 1 ? "change" : "changes"}`;

interface Tally {
  readonly count: (progress: Progress) => void;
  /** null: none has begun, so that there is nothing to tell yet. */
  readonly phase: () => string | null;
  readonly describe: () => string;
}

/** Adds up what was told. */
const createTally = (): Tally => {
  let phase: string | null = null;
  let total: number | undefined;
  let [finished, inFlight, calls, waiting] = [0, 0, 0, 0];
  const started = new Set<string>();
  const expected = new Map<string, number>();
  let retry: string | null = null;

  const count = (progress: Progress): void => {
    switch (progress.type) {
      case "phase":
        phase = progress.name;
        total = progress.total;
        [finished, inFlight, retry] = [0, 0, null];
        started.clear();
        return;
      case "calls":
        [calls, waiting] = [progress.done, progress.waiting];
        return;
      case "expected-calls":
        expected.set(progress.part, progress.expected);
        return;
      case "no-reply":
        return;
      case "retry":
        retry = `trying ${progress.what} again: ${progress.reason}`;
        return;
      case "change":
        if (progress.status === "started") started.add(progress.address);
        else {
          started.delete(progress.address);
          finished += 1;
        }
        inFlight = started.size;
    }
  };
  const describe = (): string => {
    const sum = [...expected.values()].reduce((a, b) => a + b, 0);
    const showsChanges = total !== undefined && (finished > 0 || inFlight > 0);
    const parts = [
      showsChanges ? `${finished} of ${changes(total ?? 0)}` : null,
      inFlight > 0 ? `${inFlight} in flight` : null,
      showsChanges ? null : sum > calls ? `${calls} of about ${sum} calls` : `${calls} calls`,
      waiting > 0 ? `${waiting} waiting for AWS's quota` : null,
      retry,
    ].filter((part) => part !== null);
    return escapeTerminal(`${phase ?? ""}: ${parts.join(", ")}`);
  };
  return { count, phase: () => phase, describe };
};

const shorten = (line: string, columns: number): string => {
  const characters = Array.from(line);
  return characters.length <= columns ? line : `${characters.slice(0, Math.max(0, columns - 1)).join("")}…`;
};
