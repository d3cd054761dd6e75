import { ReconcileError } from "../model/errors.ts";

/** GitHub, GitLab or a webhook refused, failed or could not be reached: exit code 1. Never holds a token. */
export class ForgeError extends ReconcileError {
  readonly reason: ForgeFailure;
  /** Whether the request may have been carried out all the same. */
  readonly uncertain: boolean;
  constructor(reason: ForgeFailure, message: string, options: { hint?: string; uncertain?: boolean } = {}) {
    super(`forge-${reason}`, message, options.hint === undefined ? {} : { hint: options.hint });
    this.reason = reason;
    this.uncertain = options.uncertain ?? false;
  }
}

export type ForgeFailure =
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "invalid"
  | "rate-limit"
  | "unavailable"
  | "unreachable"
  | "bad-reply"
  | "contention"
  | "label-refused";

/** Resolves to null where the forge says that there is no such thing. */
export const orGone = async <T>(wanted: Promise<T>): Promise<T | null> => {
  try {
    return await wanted;
  } catch (error) {
    if (error instanceof ForgeError && error.reason === "not-found") return null;
    throw error;
  }
};

/** Resolves to null where the token may not do this, which some callers can do without. */
export const orForbidden = async <T>(wanted: Promise<T>): Promise<T | null> => {
  try {
    return await wanted;
  } catch (error) {
    if (error instanceof ForgeError && error.reason === "forbidden") return null;
    throw error;
  }
};
