/** What one change means to a reviewer, before facts that differ in nothing but who or where become one line. */
export interface RiskFact {
  readonly rank: RiskRank;
  /** Such as `group Developers`; null: the sentence has a subject of its own. Like all of it, not yet escaped. */
  readonly who: string | null;
  readonly sentence: Sentence;
  /** Ids. */
  readonly accounts: readonly string[];
  /** Those of them that `who` could not reach before. */
  readonly firstAccess: readonly string[];
}

/** Who, verb, what, the accounts, how: `group Developers`, `gets`, `access to`, `production`, ` through Read`. */
export interface Sentence {
  readonly verb: Inflected;
  readonly what: string;
  /** With the blank or the comma before it. */
  readonly how: Inflected;
}

/** A word as it follows one, and several. */
export interface Inflected {
  readonly one: string;
  readonly many: string;
}

export const same = (text: string): Inflected => ({ one: text, many: text });

/** The order of the lines: the worst first. */
export const riskRanks = [
  "gains-administrator-of-management",
  "gains-administrator",
  "gains-identity-rights",
  "gains-management",
  "gains-broad-rights",
  "gains-first-access",
  "loses-administrator",
  "loses-last-access",
  "loses-access",
  "notice",
] as const;

export type RiskRank = (typeof riskRanks)[number];
