import { fieldsOf } from "./error-names.ts";
import { hasCode } from "./errors.ts";

// Absence is an answer only where AWS says so about the very object that was asked for. The identity store names the
// type of what is missing, so that a missing store is never taken for a missing user; sso-admin does not.

export type StoreResource = "USER" | "GROUP" | "GROUP_MEMBERSHIP";

/** Whether AWS says that the object (of one of these types) does not exist. */
export const isAbsent = (error: unknown, types?: readonly StoreResource[]): boolean => {
  if (!hasCode(error, "not-found") || !(error instanceof Error)) return false;
  return types === undefined || types.some((type) => type === fieldsOf(error.cause).resourceType);
};

/** The answer; null where there is no such object. */
export const orNull = async <T>(answer: Promise<T>, types?: readonly StoreResource[]): Promise<T | null> => {
  try {
    return await answer;
  } catch (error) {
    if (isAbsent(error, types)) return null;
    throw error;
  }
};
