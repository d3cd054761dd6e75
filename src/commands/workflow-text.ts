import { annotationLines, escapeWorkflowText, groupEnd, groupStart } from "../forge/workflow-commands.ts";
import type { Annotation } from "../model/annotation.ts";

/** A report in the log of GitHub Actions: folded, then what is to be seen at once, then the line that sums it up. */
export const workflowText = (
  title: string,
  text: string,
  annotations: readonly Annotation[],
  lastLine: string,
): string => `${folded(title, text)}${[...annotationLines(annotations), lastLine].join("\n")}\n`;

/** To be written exactly. */
export const folded = (title: string, text: string): string =>
  `${groupStart(title)}\n${escapeWorkflowText(text.trimEnd())}\n${groupEnd}\n`;
