import { type ReconcileError, StalePlanError, UsageError } from "../model/errors.ts";
import { exitCodes } from "./exit-codes.ts";
import { Interrupted } from "./interruption.ts";

/** The exit code of a command that an error has ended. */
export const errorExitCode = (error: ReconcileError): number => {
  if (error instanceof Interrupted) return exitCodes.interrupted;
  if (otherRunIsAtWork.has(error.code)) return exitCodes.refused;
  if (error instanceof StalePlanError) return exitCodes.stale;
  return error instanceof UsageError ? exitCodes.invalid : exitCodes.failed;
};

const otherRunIsAtWork: ReadonlySet<string> = new Set(["lock-held", "journal-in-use"]);
