import type { Service } from "../service.ts";
import { lookupEvents } from "./lookup-events.ts";

/** CloudTrail's event history, as far as it tells what was done through the sandbox. */
export const cloudTrail: Service = {
  name: "cloudtrail",
  targetPrefix: "CloudTrail_20131101",
  operations: { LookupEvents: lookupEvents },
};
