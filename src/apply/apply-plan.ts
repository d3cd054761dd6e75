/**
 * Carries out a plan: exactly its changes, in the order of their dependencies, as far as they go; then looks whether
 * what was done stands there. What fails stops only what depends on it, and after an interruption nothing new begins.
 */
import type { LiveState } from "../model/live-state.ts";
import type { InstanceReader, InstanceWriter } from "../model/ports.ts";
import type { OnProgress } from "../model/progress.ts";
import type { Change, Plan } from "../plan/plan.ts";
import { createAsyncRequests } from "./async-requests.ts";
import { carryOut } from "./carry-out.ts";
import type { Clock } from "./clock.ts";
import type { ApplyContext } from "./context.ts";
import { emptiedPairs } from "../plan/emptied-pairs.ts";
import { createIds } from "./ids.ts";
import type { Journal } from "./journal.ts";
import { noJournal } from "./journal.ts";
import { createResult } from "./result.ts";
import type { ApplyResult, AuditRecord, Remaining } from "./result.ts";
import { verify } from "./verify.ts";

export interface ApplyOptions extends Clock {
  readonly onProgress: OnProgress;
  /** Aborted: start nothing new, let what is under way end. */
  readonly signal?: AbortSignal;
  /**
   * Called once for each change that was attempted, when it has ended. Where it throws, nothing new starts and
   * applyPlan rejects.
   */
  readonly audit?: (record: AuditRecord) => void;
  /** How many changes may fail before nothing new is started; what is under way ends. Default: no limit. */
  readonly mostFailures?: number;
  /** Asked when what was done has been read back: why another run may have written meanwhile; null: none has. */
  readonly whyNotAlone?: () => Promise<string | null>;
  /** Asked before every write. Rejects with a ReconcileError when none may be sent any more, not even to end a change. */
  readonly mayWrite?: () => Promise<void>;
  /** Gets every write before it is sent. Where it cannot be written, nothing is sent. */
  readonly journal?: Journal;
}

/** What AWS answers is in the result and never rejects. `live` is what the plan was made from. */
export const applyPlan = async (
  plan: Plan,
  live: LiveState,
  ports: { readonly reader: InstanceReader; readonly writer: InstanceWriter },
  options: ApplyOptions,
): Promise<ApplyResult> => {
  const { changes, digest } = plan;
  const { onProgress, signal, audit, journal = noJournal, mostFailures = Infinity, whyNotAlone } = options;
  const context: ApplyContext = {
    ...ports,
    live,
    ids: createIds(live.ids, changes),
    clock: options,
    requests: createAsyncRequests(ports.reader, options),
    journal,
    mayWrite: options.mayWrite ?? (() => Promise.resolve()),
    emptied: emptiedPairs(changes, live),
  };
  onProgress({ type: "phase", name: "Applying", total: changes.length });
  const { outcomes, stoppedByFailures } = await carryOut(changes, context, {
    onProgress,
    signal,
    mostFailures,
    onEnd: (end) => {
      audit?.({ time: new Date(options.now()).toISOString(), planDigest: digest, ...end });
      journal.note({ event: "change", address: end.address, outcome: end.outcome });
    },
  });
  const done = changes.filter((_, index) => outcomes[index]?.status === "done");
  const isCutShort = outcomes.some(({ status }) => status === "not-started");
  if (done.length === 0 || isCutShort)
    return createResult(digest, outcomes, [], {
      stoppedByFailures: stoppedByFailures && signal?.aborted !== true,
    });
  onProgress({ type: "phase", name: "Verifying", total: done.length });
  const { remaining, isCutOff } = await verify(done, context, signal);
  const doubt = (await whyNotAlone?.()) ?? null;
  if (doubt === null) return createResult(digest, outcomes, remaining, { isUnverified: isCutOff });
  return createResult(digest, outcomes, allInDoubt(done, isCutOff ? [] : remaining, doubt));
};

/** What was read back may have been changed since, or while it was read. */
const allInDoubt = (done: readonly Change[], remaining: readonly Remaining[], why: string): Remaining[] => {
  const problems = new Map(remaining.map((problem) => [problem.address, problem]));
  const [first = ""] = why.split("\n");
  const detail = `Done, and not certain to stand: ${first}`;
  return done.map(({ address }) => problems.get(address) ?? { address, problem: "unreadable", detail });
};
