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
