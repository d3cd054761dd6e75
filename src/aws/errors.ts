import { AwsError } from "../model/errors.ts";
import { ForeignReply } from "./check-reply.ts";
import { type ErrorFields, fieldsOf, isOutstandingLimit, isThrottling } from "./error-names.ts";
import { isAfterOpenAttempt } from "./open-attempts.ts";
import { redacted, withoutKeys } from "./redact.ts";
import { foreignHint } from "./reply-fields.ts";

/**
 * What the SDK threw, in our words: a stable code, what AWS said, what to do. `action` is the IAM action of the call
 * (sso:ListPermissionSets), `subject` what it was about, for the message, which holds no secret. The original stays in
 * `cause`, except where it may hold credentials: of what a credential process printed, of a signature that was refused.
 */
export const toAwsError = (error: unknown, action: string, subject?: string): AwsError => {
  if (error instanceof AwsError) return isAfterOpenAttempt(error) ? afterOpenAttempt(error) : error;
  const fields = fieldsOf(error);
  const { code, what, hint, secret } = describe(error, fields, action);
  const on = subject === undefined ? "" : ` (${subject})`;
  const id = fields.requestId === undefined ? "" : ` [request ${fields.requestId}]`;
  return new AwsError(code, `${action}${on}: ${redacted(what)}${id}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(secret === true ? {} : { cause: error }),
    afterOpenAttempt: isAfterOpenAttempt(error),
  });
};

/** The same, said of a call of which nobody knows what an earlier attempt has done. */
export const afterOpenAttempt = ({ code, message, hint, cause }: AwsError): AwsError =>
  new AwsError(code, message, { ...(hint === undefined ? {} : { hint }), cause, afterOpenAttempt: true });

/** Runs one API call; what it throws comes out as an AwsError. */
export const call = async <T>(
  action: string,
  subject: string | undefined,
  run: () => Promise<T>,
): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    throw toAwsError(error, action, subject);
  }
};

export const hasCode = (error: unknown, code: AwsErrorCode): boolean =>
  error instanceof AwsError && error.code === code;

export type AwsErrorCode =
  | "access-denied"
  | "aws-error"
  | "clock-skew"
  | "conflict"
  | "credentials-expired"
  | "credentials-missing"
  | "credentials-rejected"
  | "invalid-request"
  | "kms"
  | "malformed-reply"
  | "not-found"
  | "organizations-not-in-use"
  | "outstanding-limit"
  | "quota-exceeded"
  | "service-error"
  | "throttled"
  | "unreachable";

interface Description {
  readonly code: AwsErrorCode;
  readonly what: string;
  readonly hint?: string;
  /** Whether the original may hold credentials. */
  readonly secret?: true;
}

const describe = (error: unknown, fields: ErrorFields, action: string): Description => {
  const { name, message, reason } = fields;
  if (isOutstandingLimit(error)) {
    return { code: "outstanding-limit", what: `AWS has as many requests in work as it takes: ${message}` };
  }
  if (isThrottling(error)) {
    return {
      code: "throttled",
      what: `AWS still throttled the call after ${fields.attempts} attempts: ${message}`,
      hint: "Other tools share the quota of 20 calls a second; try again later, or with a smaller --rps",
    };
  }
  if (reason?.startsWith("KMS_") === true) return kmsDescription(reason, message, action);
  const credentials = credentialsDescription(fields);
  if (credentials !== undefined) return credentials;
  const foreign = foreignDescription(error, fields);
  if (foreign !== undefined) return foreign;
  const network = networkCode(error, fields);
  if (network !== undefined) {
    return {
      code: "unreachable",
      what: `no answer after ${fields.attempts} ${fields.attempts === 1 ? "attempt" : "attempts"} (${network})`,
      hint: "Check the network, the proxy, the Region and AWS_ENDPOINT_URL",
    };
  }
  const code = codes[name] ?? (record(error).$fault === "server" ? "service-error" : "aws-error");
  const hint = hintOf(code, action);
  const what = code === "aws-error" ? `${name}: ${message}` : message;
  return { code, what, ...(hint === undefined ? {} : { hint }) };
};

/** What no service of AWS answers. The SDK throws plain errors where a field of a reply has another type than it should. */
const foreignDescription = (error: unknown, { message, code }: ErrorFields): Description | undefined => {
  if (error instanceof ForeignReply) {
    const isPassing = error.$metadata.httpStatusCode >= 500;
    return {
      code: isPassing ? "service-error" : "malformed-reply",
      what: `the answer is not from AWS: ${message}`,
      hint: foreignHint,
    };
  }
  const unread = error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError;
  if (unread || code?.startsWith("HPE_") === true) {
    return {
      code: "malformed-reply",
      what: "the reply cannot be read, so it is not from AWS",
      hint: foreignHint,
    };
  }
  return undefined;
};

const codes: Readonly<Record<string, AwsErrorCode>> = {
  AccessDenied: "access-denied",
  AccessDeniedException: "access-denied",
  UnauthorizedException: "access-denied",
  ConflictException: "conflict",
  ConcurrentModificationException: "conflict",
  ResourceNotFoundException: "not-found",
  ParentNotFoundException: "not-found",
  TargetNotFoundException: "not-found",
  ServiceQuotaExceededException: "quota-exceeded",
  ValidationException: "invalid-request",
  InvalidInputException: "invalid-request",
  SerializationException: "invalid-request",
  AWSOrganizationsNotInUseException: "organizations-not-in-use",
  InternalServerException: "service-error",
  InternalFailure: "service-error",
  InternalServerError: "service-error",
  ServiceException: "service-error",
  ServiceUnavailable: "service-error",
  ServiceUnavailableException: "service-error",
};

const hintOf = (code: AwsErrorCode, action: string): string | undefined => {
  switch (code) {
    case "access-denied":
      return action.startsWith("organizations:")
        ? `Allow ${action} in the management account or a delegated administrator account of the organization`
        : `Allow ${action} for the identity that runs this, in the management account or the delegated administrator account of Identity Center`;
    case "service-error":
      return "AWS failed on its side; run it again";
    case "invalid-request":
    case "aws-error":
      return `Look up ${action} and this error in AWS's documentation; where nothing there explains it, report it`;
    case "quota-exceeded":
      return "Ask AWS for a higher quota, or remove what is not needed any more";
    case "organizations-not-in-use":
      return "Use credentials of an account that belongs to an organization";
    default:
      return undefined;
  }
};

const credentialsDescription = ({ name, message }: ErrorFields): Description | undefined => {
  const signIn = "Sign in again (aws sso login), or fetch new temporary credentials";
  if (name === "CredentialsProviderError" || name === "TokenProviderError" || name === "ProviderError") {
    const what = withoutKeys(message);
    if (/expired/i.test(message)) return { code: "credentials-expired", what, hint: signIn, secret: true };
    const hint =
      "Set AWS_PROFILE, sign in (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    return { code: "credentials-missing", what, hint, secret: true };
  }
  if (
    /^(RequestTimeTooSkewed|RequestInTheFuture)$/.test(name) ||
    /^Signature (expired|not yet current)/.test(message)
  ) {
    return { code: "clock-skew", what: message, hint: "Set the clock of this machine" };
  }
  if (/^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/.test(name)) {
    return { code: "credentials-expired", what: message, hint: signIn };
  }
  if (signatureRefusals.has(name)) {
    const shown = redacted(message).split("\n")[0] ?? "";
    const what = name.startsWith("Incomplete") ? "" : `: ${shown}`;
    const hint =
      "Check that AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN) belong to AWS_ACCESS_KEY_ID and were copied whole, that the clock of this machine is right, and that no proxy changes headers";
    return {
      code: "credentials-rejected",
      what: `AWS refuses the signature of the call${what}`,
      hint,
      secret: true,
    };
  }
  if (rejections.has(name)) {
    const hint =
      "Check which credentials are in use (aws sts get-caller-identity) and that their Region is enabled";
    return { code: "credentials-rejected", what: message, hint };
  }
  return undefined;
};

const rejections: ReadonlySet<string> = new Set([
  "AuthFailure",
  "InvalidClientTokenId",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "OptInRequired",
  "UnrecognizedClientException",
]);

/** AWS answers them with what was signed, and with what it was given: the session token is in it. */
const signatureRefusals: ReadonlySet<string> = new Set([
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
]);

const kmsDescription = (reason: string, message: string, action: string): Description => {
  const reads = /:(List|Get|Describe|Is)/.test(action);
  const needed = reads ? "kms:Decrypt" : "kms:Decrypt, kms:Encrypt and kms:GenerateDataKeyWithoutPlaintext";
  const denied = /ACCESS_?DENIED/i.test(reason);
  return {
    code: "kms",
    what: `${message} (${reason})`,
    hint: denied
      ? `Allow ${needed} on the customer managed key of the instance, in its key policy and for the identity that runs this`
      : "Look at the state of the customer managed key of the instance in KMS",
  };
};

const networkCode = (error: unknown, { name, code }: ErrorFields): string | undefined => {
  if (code !== undefined && /^(E[A-Z_]+|CERT_.*|UNABLE_TO_.*|SELF_SIGNED.*|DEPTH_ZERO.*)$/.test(code))
    return code;
  if (name === "TimeoutError" || name === "RequestTimeout") return code ?? "timeout";
  const { cause } = record(error);
  return cause === undefined ? undefined : networkCode(cause, fieldsOf(cause));
};

const record = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null
    ? { ...value, ...(value instanceof Error ? { cause: value.cause } : {}) }
    : {};
