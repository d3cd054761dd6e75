import type { Finding } from "../model/finding.ts";
import type { PlaceOf } from "./annotations.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import { findingsMarkdown, invalidTitle } from "./findings-markdown.ts";
import { longestComment } from "./markdown-document.ts";
import { commitText, factsLine, type RunFacts, runLink, timeText } from "./run-facts.ts";

/** Why there is no plan: the manifest is not valid, or the run failed. */
export interface NoPlan {
  readonly kind: "invalid" | "failed";
  readonly findings: readonly Finding[];
  /** Text of the manifest's files, by name as in positions. */
  readonly sources: ReadonlyMap<string, string>;
}

export interface NoPlanOptions extends RunFacts {
  /** Characters; at least 4,000. Default: longestComment. */
  readonly limit?: number;
  /** Where files are in the repository. */
  readonly placeOf: PlaceOf;
  readonly toolVersion: string;
}

/** What stands in a pull request's comment instead of a plan, so that no earlier one passes for that of this commit. */
export const noPlanMarkdown = (why: NoPlan, options: NoPlanOptions): string => {
  const { validAt, commit, runUrl, toolVersion, placeOf, limit = longestComment } = options;
  const facts = factsLine([
    commitText(commit),
    validAt === undefined ? null : timeText(validAt),
    runLink(runUrl),
    escapeMarkdown(`reconcile ${toolVersion}`),
  ]);
  return findingsMarkdown({
    ...why,
    title: why.kind === "invalid" ? invalidTitle(why.findings) : "The plan could not be made",
    lead: "**There is no plan for this commit.** What an earlier one would have changed is not shown any more.",
    foot: `**Next step:** ${nextSteps[why.kind]}\n\n${facts}`,
    limit,
    placeOf,
  });
};

const nextSteps = {
  invalid: "Correct the manifest and push. The plan then takes the place of this comment.",
  failed: "See to what stands above, and run this workflow again.",
} as const satisfies Record<NoPlan["kind"], string>;
