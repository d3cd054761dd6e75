import type { ForgeDescription } from "../forge/description.ts";
import { ReconcileError } from "../model/errors.ts";
import { errorFinding } from "../report/error-finding.ts";
import { escapeTerminal } from "../report/escape.ts";
import type { NoPlan } from "../report/no-plan-markdown.ts";
import type { CommandContext } from "./context.ts";
import { Interrupted } from "./interruption.ts";
import { postNoPlan } from "./post-comment.ts";
import type { KnownOfRun } from "./read-stages.ts";

interface CommentingRun {
  readonly description: ForgeDescription;
  readonly environment: string | undefined;
  /** Where the manifest is in the repository, as manifestPlace says it. */
  readonly manifest: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Whether the job's summary says it already. */
  readonly inSummary: boolean;
}

/**
 * Says on the pull request that a run which keeps a comment has come to no plan, and why; `error` is what ended it,
 * absent where the manifest is not valid. An interrupted run says nothing. What fails here is told and no more: the run
 * has failed already.
 */
export const tellNoPlan = async (
  run: CommentingRun,
  known: KnownOfRun,
  context: CommandContext,
  error?: unknown,
): Promise<void> => {
  if (error instanceof Interrupted || context.signal.aborted) return;
  const { sources } = known;
  const why: NoPlan =
    error === undefined
      ? { kind: "invalid", findings: known.findings, sources }
      : { kind: "failed", findings: [errorFinding(error)], sources };
  try {
    const { description, environment, manifest, startedAt: validAt, inSummary } = run;
    const instance = known.identityStoreId;
    await postNoPlan(why, description, { environment, manifest, instance, validAt, inSummary }, context);
  } catch (problem) {
    if (!(problem instanceof ReconcileError)) throw problem;
    context.stderr.write(`No comment: ${escapeTerminal(problem.message)}.\n`);
  }
};
