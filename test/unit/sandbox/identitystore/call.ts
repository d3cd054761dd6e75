import { nextUuid } from "../../../../src/sandbox/ids.ts";
import { defaultSeed } from "../../../../src/sandbox/seed.ts";
import type { Service } from "../../../../src/sandbox/service.ts";
import { ServiceError } from "../../../../src/sandbox/service.ts";
import type { SandboxInstance, SandboxState } from "../../../../src/sandbox/state.ts";
import { validate } from "../../../../src/sandbox/validate.ts";

export type Output = Record<string, unknown>;

/** A service without its server: input checks and the operation, on a state that the test can look into. */
export interface Bench {
  readonly state: SandboxState;
  readonly instance: SandboxInstance;
  /** What the next calls take for the time, epoch milliseconds. */
  readonly clock: { now: number };
  readonly call: (operation: string, input?: unknown) => Output;
  /** The error that the call ends in, as a client sees it. */
  readonly refused: (operation: string, input?: unknown) => Output;
}

export function benchFor(service: Service, state: SandboxState = defaultSeed()): Bench {
  const [instance] = state.instances;
  if (instance === undefined) throw new Error("The seed has no instance.");
  const bench: Bench = {
    state,
    instance,
    clock: { now: Date.UTC(2026, 5, 1) },
    call: (operation, input = {}) => {
      const served = service.operations[operation];
      if (served === undefined) throw new Error(`${operation} is not served.`);
      return served.run(validate(served.input, input), {
        state,
        operation,
        region: "us-east-1",
        now: bench.clock.now,
        speed: "fast",
        uuid: () => nextUuid(state),
        asyncOutcome: () => ({ milliseconds: 0, failureReason: undefined }),
      });
    },
    refused: (operation, input) => {
      try {
        bench.call(operation, input);
      } catch (error) {
        if (error instanceof ServiceError)
          return { code: error.code, message: error.message, ...error.extra };
        throw error;
      }
      throw new Error(`${operation} was not refused.`);
    },
  };
  return bench;
}

/** All pages of a List operation, in the size that the service chooses. */
export function allOf(bench: Bench, operation: string, input: Output, member: string): Output[] {
  const items: Output[] = [];
  let NextToken: unknown;
  do {
    const output = bench.call(operation, { ...input, ...(NextToken === undefined ? {} : { NextToken }) });
    items.push(...(output[member] as Output[]));
    NextToken = output.NextToken;
  } while (NextToken !== undefined);
  return items;
}
