import { AwsError } from "../model/errors.ts";

/** AWS accepted a request and then could not do it. `failureReason` is its own text, untouched. */
export class RequestFailed extends AwsError {
  readonly failureReason: string;
  constructor(message: string, failureReason: string, options: { hint?: string } = {}) {
    super("request-failed", message, options);
    this.failureReason = failureReason;
  }
}

/** The run was interrupted before this had any effect: no failure, it simply has not begun. */
export class NotStarted extends Error {
  override readonly name = "NotStarted";
  constructor() {
    super("The run was interrupted before this was started.");
  }
}

/** What the ports call an error, see AwsError. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof AwsError && error.code === code;

/** Whether a write that ended with this error may have taken effect all the same. */
export const mayHaveTakenEffect = ({ code, afterOpenAttempt }: AwsError): boolean =>
  afterOpenAttempt || withoutAnswer.has(code);

/** No answer came from AWS, or none that can be read. */
const withoutAnswer: ReadonlySet<string> = new Set(["unreachable", "service-error", "malformed-reply"]);
