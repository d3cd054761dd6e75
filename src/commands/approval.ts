import { UsageError } from "../model/errors.ts";
import { askYes, canAsk } from "./ask.ts";
import type { CommandContext } from "./context.ts";

/**
 * Who says yes: whoever reviewed a plan (--plan FILE, --expect DIGEST), the pipeline (--auto-approve), or the person
 * at the terminal. Elsewhere nobody can be asked, and nothing is applied.
 */
export interface Approval {
  readonly autoApprove?: true;
  readonly plan?: string;
  readonly expect?: string;
}

/** Whether somebody or something has approved before the plan was made. */
export const isGiven = ({ autoApprove, plan, expect }: Approval): boolean =>
  autoApprove === true || plan !== undefined || expect !== undefined;

/** Throws UsageError where an approval is needed and cannot be had. To be called before anything is read. */
export const requireWayToApprove = (approval: Approval, context: CommandContext): void => {
  if (isGiven(approval) || canAsk(context)) return;
  throw new UsageError("no-approval", "apply needs an approval, and there is no terminal to ask on", {
    hint: "Give --plan FILE or --expect DIGEST of the reviewed plan, or --auto-approve to apply whatever the plan says",
  });
};

/** Asks on the terminal where nothing else has approved. Only the word yes is a yes; an interruption is a no. */
export const approve = async (approval: Approval, context: CommandContext): Promise<boolean> => {
  if (isGiven(approval)) return true;
  return askYes("Type yes to apply these changes:", context);
};
