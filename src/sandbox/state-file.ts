// State on disk: the whole state as one JSON file, replaced atomically after every change and before the reply, so
// that a sandbox killed at any moment starts again with everything that it had confirmed.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { checkState } from "./check-state.ts";
import { defaultSeed } from "./seed.ts";
import type { SandboxState } from "./state.ts";
import { SandboxUsageError } from "./usage-error.ts";

/** The state that a sandbox works on, and how it is kept. The state file, where there is one, wins over the seed. */
export function openState(from: {
  readonly file: string | undefined;
  readonly seed: SandboxState | string | undefined;
}): { readonly state: SandboxState; readonly save: () => void } {
  const { file } = from;
  const state = file !== undefined && existsSync(file) ? readState(file) : readSeed(from.seed);
  const save = file === undefined ? () => {} : () => writeAtomically(file, state);
  save();
  return { state, save };
}

/** Reads a state or seed file; throws SandboxUsageError naming the file and what is wrong in it. */
export function readState(file: string): SandboxState {
  try {
    return checkState(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new SandboxUsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function readSeed(seed: SandboxState | string | undefined): SandboxState {
  return typeof seed === "string" ? readState(seed) : checkState(structuredClone(seed ?? defaultSeed()));
}

function writeAtomically(file: string, state: SandboxState): void {
  const temporary = `${file}.tmp`;
  const descriptor = openSync(temporary, "w", 0o600);
  try {
    writeFileSync(descriptor, `${JSON.stringify(state, undefined, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}
