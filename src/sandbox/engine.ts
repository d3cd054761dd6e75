// One call, from a parsed request to its outcome: settle what is due, let faults and quotas strike, validate, run,
// save, log. Everything from the first look at the clock to the outcome is one synchronous step, so that calls
// never see each other half done.
import { type RecordedCall, recordEvent } from "./cloudtrail/record.ts";
import type { FaultDice, Faults } from "./faults.ts";
import { createFaultDice } from "./faults.ts";
import { fractionOf, nextUuid, uuidOf } from "./ids.ts";
import type { Log } from "./log.ts";
import { logEnd, logRequest, type Outcome } from "./log-call.ts";
import { createThrottle } from "./quotas.ts";
import type { CallContext, Operation } from "./service.ts";
import { ServiceError } from "./service.ts";
import {
  accessDenied,
  concurrentWrite,
  internalFailure,
  rateExceeded,
  toServiceError,
} from "./service-errors.ts";
import { settle } from "./sso-admin/settle.ts";
import { createStaleReads } from "./stale-reads.ts";
import type { SandboxState } from "./state.ts";
import { validate } from "./validate.ts";
import type { WireCall } from "./wire.ts";
import { readInput } from "./wire.ts";

export interface EngineOptions {
  readonly state: SandboxState;
  readonly speed: "real" | "fast";
  readonly faults: Faults;
  readonly log: Log;
  readonly now: () => number;
  /** Called after every change of the state. */
  readonly save: () => void;
}

export interface Engine {
  readonly handle: (call: WireCall, requestId: string) => Outcome;
  /** Logs a request that did not get as far as an operation. */
  readonly refuse: (named: string, error: ServiceError) => void;
  /** Ends asynchronous work that is due. */
  readonly settle: () => void;
}

export function createEngine(options: EngineOptions): Engine {
  const { state, log } = options;
  const dice = createFaultDice(options.faults);
  const throttle = createThrottle();
  const stale = createStaleReads(state, options.faults.staleReadMilliseconds);
  const pages = createPageCount();

  const settleDue = (now: number): void => {
    stale.beforeSettling(now);
    const ended = settle(state, now);
    for (const request of ended) logEnd(log, state, request);
    if (ended.length > 0) options.save();
  };

  /** Runs a call that writes, and leaves its event with CloudTrail, also where the call fails. */
  const record = (
    call: WireCall,
    requestId: string,
    input: unknown,
    now: number,
    write: () => Record<string, unknown>,
  ): Record<string, unknown> => {
    const { service, operation, region } = call;
    const keep = (outcome: RecordedCall["outcome"]): void =>
      recordEvent(state, { service: service.name, operation, region, requestId, input, outcome }, now);
    try {
      const output = write();
      keep({ output });
      return output;
    } catch (thrown) {
      if (thrown instanceof ServiceError) keep({ error: thrown });
      throw thrown;
    }
  };

  const run = (call: WireCall, requestId: string, strikes: Strikes, now: number): Outcome => {
    if (strikes("reset")) return { kind: "cut", as: "reset" };
    if (strikes("hang")) return { kind: "cut", as: "hang" };
    try {
      refuse(
        call,
        requestId,
        strikes,
        options.speed === "fast" || throttle.admit(call.service.name, call.operation, now),
      );
      const operation = operationOf(call);
      const input = validate(operation.input, readInput(call));
      const page = pages.pageOf(input);
      if (options.faults.failingPages.some((bad) => bad.operation === call.operation && bad.page === page)) {
        throw internalFailure(call.service.name, requestId);
      }
      const reads = isRead(call.operation);
      if (!reads) stale.beforeWriting(now);
      const seen = reads && !isStatus(call.operation) ? stale.stateAt(now) : state;
      const context = createContext(options, call, seen, strikes, now);
      const output = reads
        ? operation.run(input, context)
        : record(call, requestId, input, now, () => operation.run(input, context));
      pages.follow(output, page);
      if (!reads) options.save();
      return strikes("lost-reply") ? { kind: "cut", as: "lost-reply" } : { kind: "output", output };
    } catch (thrown) {
      return { kind: "error", error: toServiceError(thrown, call.service.name) };
    }
  };

  return {
    settle: () => settleDue(options.now()),
    refuse: (named, error) => {
      const call = { service: "unknown", operation: named, attempt: 1 };
      logRequest(log, state, call, { kind: "error", error }, undefined, options.now(), 0);
    },
    handle: (call, requestId) => {
      const now = options.now();
      settleDue(now);
      const before = state.instances.map((instance) => instance.requests.length);
      const outcome = run(call, requestId, dice.roll(call.operation, call.body), now);
      const started = state.instances.flatMap((instance, index) =>
        instance.requests.slice(before[index] ?? 0),
      );
      const { operation, attempt, accessKeyId } = call;
      const named = { service: call.service.name, operation, attempt, accessKeyId };
      logRequest(log, state, named, outcome, started[0], now, options.now() - now);
      return outcome;
    },
  };
}

/** Which page of its list a call asks for, from 1: known by the token that the page before has given. */
function createPageCount() {
  const next = new Map<unknown, number>();
  return {
    pageOf: (input: Readonly<Record<string, unknown>>): number =>
      input.NextToken ? (next.get(input.NextToken) ?? 1) : 1,
    follow: (output: Readonly<Record<string, unknown>>, page: number): void => {
      if (output.NextToken) next.set(output.NextToken, page + 1);
    },
  };
}

type Strikes = ReturnType<FaultDice["roll"]>;

function refuse(call: WireCall, requestId: string, strikes: Strikes, admitted: boolean): void {
  const { name } = call.service;
  if (!admitted || strikes("throttle")) throw rateExceeded(name);
  if (strikes("error")) throw internalFailure(name, requestId);
  if (strikes("denied")) throw accessDenied(name, call.operation);
  const conflict = isRead(call.operation) ? undefined : concurrentWrite(name);
  if (conflict && strikes("conflict")) throw conflict;
}

function createContext(
  options: EngineOptions,
  call: WireCall,
  state: SandboxState,
  strikes: Strikes,
  now: number,
): CallContext {
  return {
    state,
    operation: call.operation,
    region: call.region,
    now,
    speed: options.speed,
    uuid: () => nextUuid(state),
    asyncOutcome: () => {
      const [least, spread] = options.speed === "real" ? [2000, 4000] : [5, 15];
      const usual = least + spread * fractionOf(`time ${state.idCounter}`);
      return {
        milliseconds: strikes("async-stuck")
          ? centuries
          : Math.round(options.faults.asyncMilliseconds ?? usual),
        failureReason: strikes("async-failed")
          ? "An unexpected internal service exception was encountered"
          : undefined,
      };
    },
  };
}

/** Milliseconds: as good as never, and still a date. */
const centuries = 200 * 365 * 24 * 60 * 60 * 1000;

function operationOf(call: WireCall): Operation {
  const operation = call.service.operations[call.operation];
  if (operation) return operation;
  throw new ServiceError("UnknownOperationException", `The operation ${call.operation} is not known.`);
}

function isRead(operation: string): boolean {
  return /^(List|Describe|Get|Is|Lookup)/.test(operation);
}

/** Statuses of asynchronous requests are kept with the requests: they are never stale. */
function isStatus(operation: string): boolean {
  return operation.endsWith("Status");
}

/** Request ids are apart from the state's ids: a read must not change what a later write makes. */
export function requestIdOf(count: number): string {
  return uuidOf(`request ${count}`);
}
