import { openAuditTrail } from "../aws/cloudtrail.ts";
import type { Drift } from "../drift/drift.ts";
import { findWho } from "../drift/find-who.ts";
import type { LiveState } from "../model/live-state.ts";
import type { CommandContext } from "./context.ts";

/** The same report with who did it, as far as CloudTrail tells. That it does not tell is a note, never a failure. */
export const askWho = async (drift: Drift, live: LiveState, context: CommandContext): Promise<Drift> => {
  const { now, random, sleep, signal } = context;
  const trail = await openAuditTrail(live.instance.region, { now, random, sleep }, signal);
  try {
    const known = await findWho(drift, live, trail, context.now());
    signal.throwIfAborted();
    return known;
  } finally {
    trail.close();
  }
};
