// Errors that every service knows but words in its own way, and the HTTP status of each code.
import { fractionOf } from "./ids.ts";
import type { Service } from "./service.ts";
import { ServiceError } from "./service.ts";

type ServiceName = Service["name"];

/** Too many requests a second. */
export function rateExceeded(service: ServiceName): ServiceError {
  switch (service) {
    case "organizations":
      return new ServiceError("TooManyRequestsException", "Rate exceeded", 400, { Type: "RATE_EXCEEDED" });
    case "identitystore":
      return new ServiceError("ThrottlingException", "Rate exceeded", 400, { RetryAfterSeconds: 1 });
    case "sso-admin":
    case "cloudtrail":
      return new ServiceError("ThrottlingException", "Rate exceeded");
    case "sts":
      return new ServiceError("Throttling", "Rate exceeded");
  }
}

/** A write that met another one; goes away by itself. */
export function concurrentWrite(service: ServiceName): ServiceError | undefined {
  const message = "There is a conflicting operation in process.";
  switch (service) {
    case "organizations":
      return new ServiceError("ConcurrentModificationException", message, 409);
    case "identitystore":
      return new ServiceError("ConflictException", message, 409, { Reason: "CONCURRENT_MODIFICATION" });
    case "sso-admin":
      return new ServiceError("ConflictException", message, 409);
    case "cloudtrail":
    case "sts":
      return undefined;
  }
}

/** A failure on the service's side: a modelled 500, or a 503 from in front of it; which one follows from the request. */
export function internalFailure(service: ServiceName, requestId: string): ServiceError {
  if (fractionOf(requestId) < 0.5) {
    return new ServiceError("ServiceUnavailableException", "Service is unavailable. Try again later.", 503);
  }
  const code = service === "organizations" ? "ServiceException" : "InternalServerException";
  return new ServiceError(code, "An internal failure occurred.", 500);
}

/** The caller's policies do not allow the call. */
export function accessDenied(service: ServiceName, operation: string): ServiceError {
  const action = `${service === "sso-admin" ? "sso" : service}:${operation}`;
  return new ServiceError(
    "AccessDeniedException",
    `User: arn:aws:sts::999999999999:assumed-role/SandboxAdministrator/sandbox is not authorized to perform: ${action}`,
    service === "organizations" ? 400 : 403,
  );
}

/** Turns whatever an operation threw into an error with the status that its code has in the service's model. */
export function toServiceError(thrown: unknown, service: ServiceName | undefined): ServiceError {
  if (!(thrown instanceof ServiceError)) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return new ServiceError("InternalServerException", `The sandbox failed: ${text}`, 500);
  }
  const hasModelledStatus = service === "sso-admin" || service === "identitystore";
  const status = hasModelledStatus && thrown.status === 400 ? statusOfCode[thrown.code] : undefined;
  return status === undefined ? thrown : new ServiceError(thrown.code, thrown.message, status, thrown.extra);
}

/** Throttling is not here: the model says 429, the wire says 400. */
const statusOfCode: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ConflictException: 409,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
  InternalServerException: 500,
};
