import { markdownLink } from "./markdown-link.ts";

/** Facts of the run that a comment or a summary is from: they may differ while it says the same. */
export interface RunFacts {
  /** When the state in AWS was read: epoch milliseconds. */
  readonly validAt?: number;
  readonly runUrl?: string;
  /** The Git commit that was planned: the whole id. */
  readonly commit?: string;
}

/** A bare id becomes a link to the commit. null: there is none. */
export const commitText = (commit: string | undefined): string | null =>
  commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit) ? `commit ${commit}` : null;

export const runLink = (runUrl: string | undefined): string | null => markdownLink("run", runUrl);

/** `2026-11-24 07:12 UTC`. */
export const timeText = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** A line in small print; what is null is left out. */
export const factsLine = (facts: readonly (string | null)[]): string =>
  `<sub>${facts.filter((fact) => fact !== null).join(" · ")}</sub>\n`;
