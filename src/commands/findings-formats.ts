import { annotationLines, escapeWorkflowText } from "../forge/workflow-commands.ts";
import type { Finding } from "../model/finding.ts";
import { findingAnnotations } from "../report/annotations.ts";
import { escapeMarkdown } from "../report/escape-markdown.ts";
import { renderFindings, renderFindingsJson } from "../report/findings.ts";
import { findingsMarkdown } from "../report/findings-markdown.ts";
import { findingsJunit } from "../report/junit.ts";
import { longestComment } from "../report/markdown-document.ts";
import type { FindingsWords } from "../report/no-result.ts";
import { factsLine } from "../report/run-facts.ts";
import type { SarifOptions } from "../report/sarif-document.ts";
import { findingsSarif } from "../report/sarif.ts";
import type { CommandContext } from "./context.ts";
import { repositoryPlace } from "./repository-place.ts";

/** Findings, with the text of the manifest's files by name as in positions. */
export interface Found {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
}

/** Words around them: `verdict` is what plain text ends with; it ends with a line break, or is empty. */
export interface FoundWords extends FindingsWords {
  readonly verdict: string;
}

export const findingsFormats = ["text", "json", "markdown", "github", "sarif", "junit"] as const;

export type FindingsFormat = (typeof findingsFormats)[number];

/** Ends with a line break. */
export const renderFound = (
  { findings, sources }: Found,
  format: FindingsFormat,
  words: FoundWords,
  context: CommandContext,
): string => {
  const placeOf = repositoryPlace(context);
  const text = (): string => renderFindings(findings, { sources, colour: false }) + words.verdict;
  switch (format) {
    case "text":
      return text();
    case "json":
      return renderFindingsJson(findings);
    case "markdown":
      return findingsMarkdown({
        ...words,
        findings,
        sources,
        placeOf,
        foot: `**Next step:** ${words.next}\n\n${factsLine([escapeMarkdown(`reconcile ${context.version}`)])}`,
        limit: longestComment,
      });
    case "github":
      return escapeWorkflowText(text()) + findingsAnnotations(findings, context);
    case "sarif":
      return findingsSarif(findings, context.version, sarifOptions(sources, context));
    case "junit":
      return findingsJunit(findings, placeOf);
  }
};

export const sarifOptions = (sources: Found["sources"], context: CommandContext): SarifOptions => ({
  placeOf: repositoryPlace(context),
  manifestFile: [...sources.keys()][0],
});

/** Each line ends with a line break; "" for none. */
export const findingsAnnotations = (findings: readonly Finding[], context: CommandContext): string =>
  annotationLines(findingAnnotations(findings, repositoryPlace(context)))
    .map((line) => `${line}\n`)
    .join("");
