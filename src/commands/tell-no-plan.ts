import type { ForgeDescription } from "../forge/description.ts";
import { chooseInstance } from "../live/choose-instance.ts";
import { ReconcileError } from "../model/errors.ts";
import type { AwsDirectory } from "../model/ports.ts";
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
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly open: () => Promise<AwsDirectory>;
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
    const { description, startedAt: validAt } = run;
    await postNoPlan(why, description, { key: await keyOf(run, known, why), validAt }, context);
  } catch (problem) {
    if (!(problem instanceof ReconcileError)) throw problem;
    context.stderr.write(`No comment: ${escapeTerminal(problem.message)}.\n`);
  }
};

/** As for a plan. A manifest without a name has the instance's, which AWS tells also where the manifest is not valid. */
const keyOf = async (
  { environment, open }: CommentingRun,
  known: KnownOfRun,
  why: NoPlan,
): Promise<string | null> => {
  const key = environment ?? known.manifestName ?? known.identityStoreId;
  if (key !== null || why.kind === "failed") return key;
  try {
    const directory = await open();
    const instances = await directory.listInstances();
    return chooseInstance(instances, { configuredRegion: directory.region }).identityStoreId;
  } catch (error) {
    if (error instanceof ReconcileError) return null;
    throw error;
  }
};
