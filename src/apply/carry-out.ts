import type { OnProgress } from "../model/progress.ts";
import type { Change } from "../plan/plan.ts";
import { changeAssignment } from "./assignments.ts";
import type { ApplyContext, ChangeRun } from "./context.ts";
import { NotStarted, RequestFailed } from "./failure.ts";
import type { NodeEnd, NodeState } from "./graph.ts";
import { runGraph } from "./graph.ts";
import { changeGroup, changeMembership, changeUser } from "./identity-store.ts";
import { journaledWriter } from "./journaled-writer.ts";
import { createLanes } from "./lanes.ts";
import { changePermissionSet } from "./permission-set.ts";
import { provision } from "./provisioning.ts";
import type { AuditRecord, Outcome } from "./result.ts";
import { whySkipped } from "./why-skipped.ts";
import { whatNext } from "./what-next.ts";

export interface CarryOutOptions {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
  /** How many changes may fail before nothing new is started. */
  readonly mostFailures: number;
  /** What it throws ends the run: nothing new starts, what is under way ends, then it is thrown on. */
  readonly onEnd: (end: Omit<AuditRecord, "time" | "planDigest">) => void;
}

/** One outcome for each change, in their order. */
export interface CarriedOut {
  readonly outcomes: readonly Outcome[];
  readonly stoppedByFailures: boolean;
}

/** Runs the changes over the graph and the lanes. */
export const carryOut = async (
  changes: readonly Change[],
  context: ApplyContext,
  { onProgress, signal: interruption, mostFailures, onEnd }: CarryOutOptions,
): Promise<CarriedOut> => {
  const brake = new AbortController();
  const signal = AbortSignal.any([brake.signal, ...(interruption === undefined ? [] : [interruption])]);
  const failures: unknown[] = [];
  const lanes = createLanes(signal);
  const order = new Map(changes.map(({ address }, index) => [address, index]));
  const changeAt = (address: string): Change => {
    const change = changes[order.get(address) ?? -1];
    if (change === undefined) throw new Error(`${address} is not in the plan.`);
    return change;
  };
  const awaited = new Set(changes.flatMap(({ dependsOn }) => dependsOn));
  const ends = new Map<string, Outcome>();
  let writes = 0;
  let failed = 0;
  const nextId = (): number => (writes += 1);

  const run = async (change: Change): Promise<NodeEnd> => {
    const { address, action } = change;
    const requestIds: string[] = [];
    let begun = false;
    const { writer, journal, mayWrite } = context;
    const end = await tryChange(change, {
      ...context,
      writer: journaledWriter(writer, change, { journal, nextId, mayWrite }),
      change,
      isAwaited: awaited.has(address),
      begin: (needed, work) =>
        lanes.run(needed, order.get(address) ?? 0, async () => {
          if (!begun) onProgress({ type: "change", address, status: "started" });
          begun = true;
          return await work();
        }),
      stopIfInterrupted: () => {
        if (signal.aborted) throw new NotStarted();
      },
      retrying: (reason) => onProgress({ type: "retry", what: address, reason }),
      requested: (requestId) => void requestIds.push(requestId),
    });
    if (end === "not-started") return end;
    const { status, ...rest } = end;
    ends.set(address, { address, action, status, ...rest });
    if (status === "failed") failed += 1;
    if (failed >= mostFailures) brake.abort();
    try {
      onEnd({ address, action, requestIds, outcome: status, ...rest });
    } catch (error) {
      failures.push(error);
      brake.abort();
    }
    const detail = [rest.detail, rest.failureReason].filter((text) => text !== undefined).join(": ");
    onProgress({ type: "change", address, status, ...(detail === "" ? {} : { detail }) });
    return status;
  };

  const states = await runGraph(changes, {
    run,
    signal,
    onSkip: (change, cause) =>
      onProgress({
        type: "change",
        address: change.address,
        status: "skipped",
        detail: whySkipped(change, changeAt(cause)),
      }),
  });
  if (failures.length > 0) throw failures[0];
  return {
    outcomes: changes.map(
      (change, index) => ends.get(change.address) ?? neverRun(change, states[index], changeAt),
    ),
    stoppedByFailures: failed >= mostFailures,
  };
};

interface End {
  readonly status: "done" | "failed";
  readonly detail?: string;
  readonly failureReason?: string;
  readonly hint?: string;
}

const tryChange = async (change: Change, run: ChangeRun): Promise<End | "not-started"> => {
  try {
    const detail = await step(change, run);
    return { status: "done", ...(detail === undefined ? {} : { detail }) };
  } catch (error) {
    if (error instanceof NotStarted) return "not-started";
    return {
      status: "failed",
      detail: error instanceof Error ? error.message : String(error),
      ...(error instanceof RequestFailed ? { failureReason: error.failureReason } : {}),
      hint: whatNext(error),
    };
  }
};

const step = (change: Change, run: ChangeRun): Promise<string | undefined> => {
  switch (change.kind) {
    case "user":
      return changeUser(change, run);
    case "group":
      return changeGroup(change, run);
    case "membership":
      return changeMembership(change, run);
    case "permissionSet":
      return changePermissionSet(change, run);
    case "provisioning":
      return provision(change, run);
    case "assignment":
      return changeAssignment(change, run);
  }
};

const neverRun = (
  change: Change,
  state: NodeState | undefined,
  changeAt: (address: string) => Change,
): Outcome => {
  const { address, action } = change;
  return state?.status === "skipped"
    ? { address, action, status: "skipped", detail: whySkipped(change, changeAt(state.cause)) }
    : { address, action, status: "not-started" };
};
