// What an error of the SDK is, by its name. Never by its status: AWS documents one and sends another.

/** Fields that errors of the SDK, of Node.js and of the services carry. */
export interface ErrorFields {
  readonly name: string;
  readonly message: string;
  /** Of Node.js, such as ECONNREFUSED. */
  readonly code: string | undefined;
  /** Modelled by the service, such as CONCURRENT_MODIFICATION. */
  readonly reason: string | undefined;
  readonly resourceType: string | undefined;
  readonly requestId: string | undefined;
  readonly attempts: number;
}

export const fieldsOf = (error: unknown): ErrorFields => {
  const fields = record(error);
  const metadata = record(fields.$metadata);
  return {
    name: text(fields.name) ?? "Error",
    message: text(fields.message) ?? String(error),
    code: text(fields.code),
    reason: text(fields.Reason),
    resourceType: text(fields.ResourceType),
    requestId: text(metadata.requestId) ?? text(fields.RequestId),
    attempts: typeof metadata.attempts === "number" ? metadata.attempts : 1,
  };
};

export const isThrottling = (error: unknown): boolean => throttlingNames.has(fieldsOf(error).name);

/** No answer came in time, or none that ended. The SDK gives a connection that broke the same name. */
export const isUnanswered = (error: unknown): boolean => {
  const { name, code } = fieldsOf(error);
  return name === "TimeoutError" && code !== "ECONNRESET" && code !== "EPIPE";
};

/** AWS has as many asynchronous requests in work as it takes: it says so with the name of a throttled call. */
export const isOutstandingLimit = (error: unknown): boolean =>
  isThrottling(error) && /too many requests (being )?process/i.test(fieldsOf(error).message);

/** Milliseconds that the service asks to wait, in the body of its error; 0 where it asks nothing. */
export const retryAfterOf = (error: unknown): number => {
  const seconds = record(error).RetryAfterSeconds;
  return typeof seconds === "number" && seconds > 0 ? seconds * 1000 : 0;
};

const throttlingNames: ReadonlySet<string> = new Set([
  "ThrottlingException",
  "Throttling",
  "ThrottledException",
  "TooManyRequestsException",
  "RequestThrottled",
  "RequestThrottledException",
  "RequestLimitExceeded",
  "SlowDown",
]);

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value, ...ownHidden(value) } : {};

/** `name` and `message` of an error are no enumerable fields of its own. */
const ownHidden = (value: object): Readonly<Record<string, unknown>> =>
  value instanceof Error ? { name: value.name, message: value.message } : {};

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
