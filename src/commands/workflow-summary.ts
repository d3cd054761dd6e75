import { appendSummary } from "../forge/github-actions.ts";
import type { CommandContext } from "./context.ts";

/** Appends Markdown to the summary of the job in GitHub Actions. Answers whether it is there now: elsewhere there is none. */
export const summarise = (
  markdown: string,
  { env, stderr }: Pick<CommandContext, "env" | "stderr">,
): boolean => {
  const file = env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === "") return false;
  if (appendSummary(file, markdown)) return true;
  stderr.write("The job's summary has no room for this: the log has it.\n");
  return false;
};
