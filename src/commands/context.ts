import type { Readable } from "node:stream";

/** Everything of the process that a command may use. cli.ts makes the real one. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Results. */
  readonly stdout: Output;
  /** Everything else: what is talked to, progress, findings. */
  readonly stderr: Output;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** How to start this command again: [node, script]. */
  readonly self: readonly [string, string];
  readonly version: string;
}

export interface Output {
  /** Text for people. */
  write(text: string): void;
  /** What a program reads: nothing in it is changed, wherever it goes. */
  writeExactly(text: string): void;
  readonly isTTY: boolean;
  /** 100 where it is not a terminal. */
  readonly columns: number;
  /** Whether colour is wanted: a terminal, and no NO_COLOR. */
  readonly colour: boolean;
}
