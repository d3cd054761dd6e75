import type { Annotation } from "../model/annotation.ts";
import { escapeTerminal } from "../report/escape.ts";

/**
 * The lines by which a step talks to GitHub's runner. The runner takes `::name::` at the start of a line, after any
 * blanks, and `##[name]` anywhere in one: all other text must not look so.
 */
export const escapeWorkflowText = (text: string): string =>
  text
    .replace(/^(?:(?![\r\n])[\s\p{Cc}\p{Cf}])*::/gmu, (start) => `${start.slice(0, -2)}: :`)
    .replaceAll("##[", "## [");

/** What is printed between the two is folded in the log. */
export const groupStart = (title: string): string => `::group::${escapeData(title)}`;
export const groupEnd = "::endgroup::";

/**
 * One line each, worst first as they come. The runner keeps 10 of a level in a step and drops the rest without a word;
 * here the tenth says how many more there are.
 */
export const annotationLines = (annotations: readonly Annotation[]): readonly string[] =>
  (["error", "warning", "notice"] as const).flatMap((level) => {
    const all = annotations.filter((each) => each.level === level);
    if (all.length <= mostOfALevel) return all.map(annotationLine);
    const shown = all.slice(0, mostOfALevel - 1);
    const more = all.length - shown.length;
    const rest = `${more} more ${level}s: the log of this step has them all`;
    return [...shown, { level, title: `${more} more`, message: rest }].map(annotationLine);
  });

const mostOfALevel = 10;

const annotationLine = ({ level, title, message, file, line, column }: Annotation): string => {
  const properties = Object.entries({ file, line, col: column, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(escapeTerminal(String(value)))}`);
  const lines = message.split("\n").map(escapeTerminal);
  return `::${level} ${properties.join(",")}::${escapeData(lines.join("\n"))}`;
};

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
