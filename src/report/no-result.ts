import type { Finding } from "../model/finding.ts";
import { invalidTitle } from "./findings-markdown.ts";

/** Why a command came to no result. Nothing was changed. */
export interface NoResult {
  readonly command: "plan" | "apply" | "drift";
  /** refused: by a guard, by another run or by whoever was asked. stale: not what was reviewed. */
  readonly kind: "invalid" | "failed" | "refused" | "stale";
  readonly findings: readonly Finding[];
  /** Text of the manifest's files, by name as in positions. */
  readonly sources: ReadonlyMap<string, string>;
}

/** What stands around findings. Markdown, each without a line break. */
export interface FindingsWords {
  readonly title: string;
  readonly lead: string;
  readonly next: string;
}

export const noResultWords = ({ command, kind, findings }: NoResult): FindingsWords => ({
  title: kind === "invalid" ? invalidTitle(findings) : titles[command][kind],
  lead: leads[command],
  next: nextSteps[kind],
});

const titles = {
  plan: plainTitles("The plan could not be made"),
  drift: plainTitles("Whether access has drifted could not be told"),
  apply: {
    failed: "Nothing was applied: the run failed",
    refused: "Nothing was applied: refused",
    stale: "Nothing was applied: this is not what was reviewed",
  },
} as const;

function plainTitles(title: string): Readonly<Record<Exclude<NoResult["kind"], "invalid">, string>> {
  return { failed: title, refused: title, stale: title };
}

const leads = {
  plan: "**There is no plan.** Nothing was changed.",
  drift: "**Nobody knows whether access has drifted.** Nothing was changed.",
  apply: "**Nothing was changed** by this run.",
} as const;

const nextSteps = {
  invalid: "Correct the manifest, and run this again.",
  failed: "See to what stands above, and run this again.",
  refused: "See to what stands above. What was planned still waits to be applied.",
  stale: "Make a new plan, have it reviewed, and apply that one.",
} as const;
