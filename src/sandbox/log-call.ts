// What the log says of a call that was answered, and of asynchronous work that ended.
import type { Log, RequestEntry } from "./log.ts";
import { countInFlight } from "./log.ts";
import type { ServiceError } from "./service.ts";
import type { SandboxState, StoredRequest } from "./state.ts";

/** cut: the client learns nothing, because the connection breaks or, where it hangs, because no answer ever comes. */
export type Outcome =
  | { readonly kind: "output"; readonly output: Readonly<Record<string, unknown>> }
  | { readonly kind: "error"; readonly error: ServiceError }
  | { readonly kind: "cut"; readonly as: "reset" | "hang" | "lost-reply" };

export function logRequest(
  log: Log,
  state: SandboxState,
  named: Pick<RequestEntry, "service" | "operation" | "attempt" | "accessKeyId">,
  outcome: Outcome,
  started: StoredRequest | undefined,
  now: number,
  milliseconds: number,
): void {
  log.write({
    event: "request",
    time: new Date(now).toISOString(),
    milliseconds,
    ...named,
    ...describeOutcome(outcome),
    ...countInFlight(state),
    ...(started ? { requestId: started.RequestId, permissionSetArn: started.PermissionSetArn } : {}),
    ...(started?.AccountId !== undefined ? { accountId: started.AccountId } : {}),
  });
}

export function logEnd(log: Log, state: SandboxState, request: StoredRequest): void {
  log.write({
    event: "async-end",
    time: new Date(request.endsAt).toISOString(),
    kind: request.kind,
    outcome: request.Status === "FAILED" ? "FAILED" : "SUCCEEDED",
    requestId: request.RequestId,
    permissionSetArn: request.PermissionSetArn,
    ...(request.AccountId !== undefined ? { accountId: request.AccountId } : {}),
    ...(request.FailureReason !== undefined ? { message: request.FailureReason } : {}),
    ...countInFlight(state),
  });
}

function describeOutcome(outcome: Outcome): { outcome: string; status: number; message?: string } {
  switch (outcome.kind) {
    case "output":
      return { outcome: "ok", status: 200 };
    case "cut":
      return { outcome: outcome.as, status: 0 };
    case "error": {
      const { code, status, message } = outcome.error;
      return { outcome: /Throttling|TooManyRequests/.test(code) ? "throttled" : code, status, message };
    }
  }
}
