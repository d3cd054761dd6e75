import { renderFindings } from "../report/findings.ts";
import type { CommandContext } from "./context.ts";
import type { Planned } from "./read-stages.ts";

/** The warnings of a plan, each with its line of the manifest: for where no plan is shown that has them. */
export const tellWarnings = (
  { plan, sources }: Pick<Planned, "plan" | "sources">,
  { stderr }: Pick<CommandContext, "stderr">,
): void => stderr.write(renderFindings(plan.warnings, { sources, colour: stderr.colour }));
