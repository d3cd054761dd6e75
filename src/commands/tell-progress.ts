import { groupEnd, groupStart } from "../forge/workflow-commands.ts";
import { createProgressReporter, type ProgressReporter } from "../report/progress.ts";
import type { CommandContext } from "./context.ts";
import { isActions } from "./runner-output.ts";

/** Progress on stderr; folded, in GitHub Actions, from the first phase until something else is to be written. */
export const tellProgress = ({ stderr, now, env }: CommandContext): ProgressReporter => {
  const reporter = createProgressReporter({ ...stderr, stream: stderr, now });
  if (!isActions(env)) return reporter;
  let isOpen = false;
  return {
    onProgress: (progress) => {
      if (progress.type === "phase" && !isOpen) {
        stderr.writeExactly(`${groupStart(progress.name)}\n`);
        isOpen = true;
      }
      reporter.onProgress(progress);
    },
    finish: () => {
      reporter.finish();
      if (isOpen) stderr.writeExactly(`${groupEnd}\n`);
      isOpen = false;
    },
  };
};
