/** The contract with pipelines: see "Exit codes" in the README. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  changes: 2,
  invalid: 3,
  refused: 4,
  stale: 5,
  partlyApplied: 6,
  notConverged: 7,
  interrupted: 130,
} as const;
