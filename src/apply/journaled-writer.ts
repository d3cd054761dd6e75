import { AwsError, ReconcileError } from "../model/errors.ts";
import type { AssignmentTarget, AsyncOperation, AsyncStatus, InstanceWriter } from "../model/ports.ts";
import type { Change } from "../plan/plan.ts";
import { NotStarted, mayHaveTakenEffect } from "./failure.ts";
import type { Journal, RequestTarget } from "./journal.ts";

/**
 * A writer for one change that sends nothing which the journal does not know of, and nothing at all when no write may be
 * sent any more: then it rejects, with NotStarted where the change has sent nothing so far. `nextId` numbers the writes.
 */
export const journaledWriter = (
  writer: InstanceWriter,
  change: Change,
  { journal, nextId, mayWrite }: Gates,
): InstanceWriter => {
  const { address, action } = change;
  let begun = false;
  const journaled =
    (call: string, send: (...args: readonly unknown[]) => Promise<unknown>) =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      await mayWrite().catch((error: unknown) => {
        throw begun ? asAwsError(error) : new NotStarted();
      });
      begun = true;
      const id = nextId();
      await journal.record({ event: "write", id, address, action, call });
      try {
        const answer = await send(...args);
        const operation = asyncCalls[call];
        const requestId = operation === undefined ? "" : (answer as AsyncStatus).requestId;
        if (operation === undefined || requestId === "") journal.note({ event: "answer", id });
        else {
          const target = targetOf(change, args);
          // It is under way: where the journal cannot be written any more, it is waited for all the same.
          await journal
            .record({ event: "request", id, address, operation, requestId, target })
            .catch(() => {});
        }
        return answer;
      } catch (error) {
        const code = error instanceof ReconcileError ? error.code : "internal";
        journal.note({ event: "answer", id, error: code });
        throw withDoubt(error);
      }
    };
  return new Proxy(writer, {
    get: (target, name) => {
      const send: unknown = Reflect.get(target, name);
      return typeof name === "string" && typeof send === "function"
        ? journaled(name, (...args) => Reflect.apply(send, target, args) as Promise<unknown>)
        : send;
    },
  });
};

interface Gates {
  readonly journal: Journal;
  readonly nextId: () => number;
  /** Rejects when no write may be sent any more. */
  readonly mayWrite: () => Promise<void>;
}

/** So that the steps, which tell what was done of a change, take it for one of their failures. */
const asAwsError = (error: unknown): unknown =>
  error instanceof ReconcileError && !(error instanceof AwsError)
    ? new AwsError(error.code, error.message, error.hint === undefined ? {} : { hint: error.hint })
    : error;

const withDoubt = (error: unknown): unknown => {
  if (!(error instanceof AwsError) || !mayHaveTakenEffect(error)) return error;
  const { code, message, hint, cause, afterOpenAttempt } = error;
  return new AwsError(code, `${message.replace(/\.$/, "")}. It may have taken effect all the same`, {
    ...(hint === undefined ? {} : { hint }),
    cause,
    afterOpenAttempt,
  });
};

/** Calls that AWS carries out after it has answered. */
export const asyncCalls: Readonly<Record<string, AsyncOperation>> = {
  createAccountAssignment: "create-assignment",
  deleteAccountAssignment: "delete-assignment",
  provisionPermissionSet: "provision",
} satisfies Partial<Record<keyof InstanceWriter, AsyncOperation>>;

/** Arguments of the asynchronous calls: the ARN of the set, then an account or the target of an assignment. */
const targetOf = (change: Change, [arn, to]: readonly unknown[]): RequestTarget => {
  const set = { permissionSet: permissionSetOf(change), permissionSetArn: String(arn) };
  if (typeof to === "string" || to === null) return { accountId: to, ...set };
  const { accountId, principalType, principalId } = to as AssignmentTarget;
  return { accountId, ...set, principalType, principalId };
};

const permissionSetOf = (change: Change): string => {
  switch (change.kind) {
    case "permissionSet":
      return (change.after ?? change.before).name;
    case "assignment":
      return (change.after ?? change.before).permissionSet;
    case "provisioning":
      return change.permissionSet;
    default:
      return "";
  }
};
