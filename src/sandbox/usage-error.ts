/** A mistake in how the sandbox is started (seed, state, faults, port), worded for the person who started it. */
export class SandboxUsageError extends Error {
  override readonly name = "SandboxUsageError";
}
