import type { SandboxState } from "./state.ts";

/** One AWS service as the sandbox serves it: a table of operations behind one X-Amz-Target prefix. */
export interface Service {
  readonly name: "sso-admin" | "identitystore" | "organizations" | "sts" | "cloudtrail";
  /** Target prefix of AWS JSON 1.1, such as SWBExternalService; null for STS, which speaks the query protocol. */
  readonly targetPrefix: string | null;
  readonly operations: Readonly<Record<string, Operation>>;
}

export interface Operation {
  readonly input: StructureField;
  /** Reads or changes `context.state` in one synchronous step; returns the output body or throws ServiceError. */
  readonly run: (input: Readonly<Record<string, unknown>>, context: CallContext) => Record<string, unknown>;
}

export interface CallContext {
  readonly state: SandboxState;
  /** Name of the operation that runs, such as ListUsers. */
  readonly operation: string;
  /** Region that the request was signed for. */
  readonly region: string;
  /** Epoch milliseconds, from the sandbox's clock. */
  readonly now: number;
  readonly speed: "real" | "fast";
  /** Next value of the state's id counter, as a lowercase uuid that is the same for the same history. */
  readonly uuid: () => string;
  /** Asynchronous work started now ends after this many milliseconds, or fails for the reason that faults chose. */
  readonly asyncOutcome: () => { readonly milliseconds: number; readonly failureReason: string | undefined };
}

/** An error as the service answers it. `extra` holds modelled fields such as Reason or ResourceType. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, status = 400, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.extra = extra;
  }
}

/**
 * A field of an input shape, as the service models describe it. Unknown input members are ignored, as AWS does. A pattern
 * must match the whole value, with or without anchors of its own.
 */
export type Field =
  | {
      readonly type: "string";
      readonly required?: boolean;
      readonly min?: number;
      readonly max?: number;
      readonly pattern?: RegExp;
      readonly enum?: readonly string[];
    }
  | { readonly type: "integer"; readonly required?: boolean; readonly min?: number; readonly max?: number }
  | { readonly type: "boolean" | "document"; readonly required?: boolean }
  | {
      readonly type: "list";
      readonly required?: boolean;
      readonly min?: number;
      readonly max?: number;
      readonly of: Field;
    }
  | { readonly type: "map"; readonly required?: boolean; readonly of: Field }
  | StructureField;

export interface StructureField {
  readonly type: "structure";
  readonly required?: boolean;
  /** Exactly one member must be set. */
  readonly union?: boolean;
  readonly fields: Readonly<Record<string, Field>>;
}
