import { ReconcileError } from "../model/errors.ts";

/** What to do about a change that failed: as its error says, else by the kind of the error. Never nothing. */
export const whatNext = (error: unknown): string => {
  if (!(error instanceof ReconcileError)) return "This is a bug in reconcile: report it with the line above";
  return error.hint ?? byCode[error.code] ?? mend;
};

const mend = "Mend what AWS names, then run apply again: what is done is not done twice";

const byCode: Readonly<Record<string, string>> = {
  "not-found":
    "Plan again: something that this needs is gone since the plan was made; the plan shows what stands there now",
  conflict:
    "Look who else is at work in IAM Identity Center, or what has the name already; then run apply again",
  "outstanding-limit":
    "Wait until the requests that are in progress have ended, whoever sent them; then run apply again",
};
