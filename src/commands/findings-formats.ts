import { annotationLines, escapeWorkflowText } from "../forge/workflow-commands.ts";
import type { Finding } from "../model/finding.ts";
import { findingAnnotations } from "../report/annotations.ts";
import { renderFindings, renderFindingsJson } from "../report/findings.ts";
import { findingsJunit } from "../report/junit.ts";
import { noPlanMarkdown } from "../report/no-plan-markdown.ts";
import { findingsSarif } from "../report/sarif.ts";
import type { CommandContext } from "./context.ts";
import { type FormatTarget, writeFormats } from "./formats.ts";
import { repositoryPlace } from "./repository-place.ts";
import { summarise } from "./workflow-summary.ts";

/** What is found in a manifest, with the text of its files by name as in positions. */
export interface Found {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
}

export const findingsFormats = ["text", "json", "markdown", "github", "sarif", "junit"] as const;

export type FindingsFormat = (typeof findingsFormats)[number];

/** `verdict`: what is said where nothing is wrong. Plain text, ends with a line break. */
export const renderFound = (
  found: Found,
  format: FindingsFormat,
  verdict: string,
  context: CommandContext,
): string => {
  const { findings, sources } = found;
  const placeOf = repositoryPlace(context);
  switch (format) {
    case "text":
      return renderFindings(findings, { sources, colour: false }) + verdict;
    case "json":
      return renderFindingsJson(findings);
    case "markdown":
      return noPlanMarkdown({ kind: "invalid", findings }, { placeOf, toolVersion: context.version });
    case "github":
      return `${escapeWorkflowText(renderFindings(findings, { sources, colour: false }) + verdict).trimEnd()}\n${annotations(findings, context)}`;
    case "sarif":
      return findingsSarif(findings, context.version, { placeOf });
    case "junit":
      return findingsJunit(findings, placeOf);
  }
};

const annotations = (findings: readonly Finding[], context: CommandContext): string =>
  annotationLines(findingAnnotations(findings, repositoryPlace(context)))
    .map((line) => `${line}\n`)
    .join("");

/**
 * Writes why there is no plan wherever one was to go, so that no earlier file passes for this run's. Formats that hold
 * assignments only are left out. As text the findings have been printed already.
 */
export const writeInsteadOfPlan = async (
  found: Found,
  targets: readonly FormatTarget<string>[],
  context: CommandContext,
): Promise<void> => {
  const wanted = targets.flatMap(({ format, file }) => {
    const known = findingsFormats.find((each) => each === format);
    return known === undefined || (known === "text" && file === null) ? [] : [{ format: known, file }];
  });
  const render = (format: FindingsFormat): string =>
    format === "github" ? annotations(found.findings, context) : renderFound(found, format, "", context);
  await writeFormats(wanted, null, render, context);
  if (wanted.some(({ format }) => format === "github"))
    summarise(renderFound(found, "markdown", "", context), context);
};
