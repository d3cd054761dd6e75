/**
 * What went wrong, by whose it is: the user's input, AWS, or an abort. Anything else that is thrown is our bug.
 * `code` is stable; `hint` says what to do.
 */
export class ReconcileError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
  }
}

/** The command line, the environment or a file is wrong: exit code 3. */
export class UsageError extends ReconcileError {}

/** AWS refused, failed or could not be reached: exit code 1. */
export class AwsError extends ReconcileError {
  /** Whether the call had been sent before this answer came, and nobody knows what that earlier attempt has done. */
  readonly afterOpenAttempt: boolean;
  constructor(
    code: string,
    message: string,
    options: { hint?: string; cause?: unknown; afterOpenAttempt?: boolean } = {},
  ) {
    super(code, message, options);
    this.afterOpenAttempt = options.afterOpenAttempt ?? false;
  }
}

/** The plan that was reviewed no longer holds: exit code 5. */
export class StalePlanError extends ReconcileError {}
