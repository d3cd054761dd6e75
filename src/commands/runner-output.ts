import { escapeWorkflowText } from "../forge/workflow-commands.ts";
import type { Output } from "./context.ts";

/**
 * In GitHub Actions the runner reads what a step prints, and takes some lines for commands. There, text is written so
 * that no name in it can give one; what is written exactly is for programs, or is such a command.
 */
export const forRunner = (output: Output, env: Readonly<Record<string, string | undefined>>): Output =>
  isActions(env) ? { ...output, write: (text) => output.write(escapeWorkflowText(text)) } : output;

export const isActions = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env.GITHUB_ACTIONS === "true";

/**
 * What a program reads, where the runner may read it first: it means the same to that program, and has no command in
 * it. CSV has no other spelling, and is changed like text.
 */
export const exactForRunner = (
  text: string,
  format: string,
  env: Readonly<Record<string, string | undefined>>,
): string => {
  if (!isActions(env)) return text;
  switch (format) {
    case "json":
    case "sarif":
      // Inside of a string, and no line begins with one.
      return text.replaceAll("##[", "#\\u0023[");
    case "junit":
      return text.replaceAll("##[", "#&#35;[").replace(/^(\s*):(?=:)/gm, "$1&#58;");
    case "csv":
    case "live-csv":
      return escapeWorkflowText(text);
    default:
      return text;
  }
};
