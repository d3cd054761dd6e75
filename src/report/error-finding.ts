import { ReconcileError } from "../model/errors.ts";
import type { Finding } from "../model/finding.ts";

/** What ended a run, as a finding: for output that has room for findings only. */
export const errorFinding = (error: unknown): Finding => {
  if (!(error instanceof ReconcileError)) {
    return {
      code: "internal",
      severity: "error",
      message: "reconcile failed unexpectedly",
      hint: "The log of the run says more",
    };
  }
  const { code, hint } = error;
  const [message = "", ...details] = error.message.split("\n");
  return {
    code,
    severity: "error",
    message,
    ...(details.length === 0 ? {} : { details }),
    ...(hint === undefined ? {} : { hint }),
  };
};
