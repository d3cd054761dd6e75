import { type CommentSubject, subjectOfManifest } from "../forge/comment-subject.ts";
import type { ForgeDescription } from "../forge/description.ts";
import { requirePullRequest } from "../forge/description.ts";
import { detectForge } from "../forge/detect.ts";
import type { Forge } from "../forge/forge.ts";
import { openForge } from "../forge/open-forge.ts";
import { type CommentRequest, upsertComment } from "../forge/sticky-comment.ts";
import { UsageError } from "../model/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { isRefused } from "../plan/refused.ts";
import { escapeTerminal } from "../report/escape.ts";
import { type NoPlan, noPlanMarkdown } from "../report/no-plan-markdown.ts";
import { planMarkdown } from "../report/plan-markdown.ts";
import type { RunFacts } from "../report/run-facts.ts";
import type { CommandContext } from "./context.ts";
import { repositoryPlace } from "./repository-place.ts";

interface CommentOptions {
  /** Whose comment it is, where one pull request has several; default: that of the manifest and its instance. */
  readonly environment: string | undefined;
  /** Where the manifest is in the repository, as manifestPlace says it. */
  readonly manifest: string;
  /** Epoch milliseconds of the state that the comment describes. */
  readonly validAt: number;
  readonly accountNames: ReadonlyMap<string, string>;
  /** Whether the job's summary has the same words already, so that they need no place there. */
  readonly inSummary: boolean;
}

/** Where comments go. Throws UsageError where none can be kept: to be called before anything is read. */
export const forgeToComment = (context: CommandContext): ForgeDescription => {
  const description = forgeIfAny(context);
  if (description !== null) return description;
  throw new UsageError(
    "no-forge",
    "A comment can be kept in GitHub Actions and GitLab CI, and this is neither",
    { hint: "Write the Markdown to a file instead: plan --format markdown=FILE" },
  );
};

/** The same; null outside of GitHub Actions and GitLab CI. */
export const forgeIfAny = ({ env }: CommandContext): ForgeDescription | null => {
  const description = detectForge(env);
  if (description !== null) requirePullRequest(description);
  return description;
};

/**
 * Puts the plan into the one comment of its environment on this pull request, and says on stderr what became of it.
 * Resolves to the comment's Markdown where it stands nowhere now, because the token may not write it; else to null.
 */
export const postComment = async (
  plan: Plan,
  description: ForgeDescription,
  options: CommentOptions,
  context: CommandContext,
): Promise<string | null> => {
  const { validAt, accountNames, inSummary } = options;
  const forge = openForge(description, { clock: context, signal: context.signal });
  const body = planMarkdown(plan, accountNames, {
    ...factsOf(forge, validAt),
    approveBy: "merge",
    pipeline: forge.description.kind,
  });
  const subject = subjectOf(plan, options);
  // What a guard refuses is not approved by merging, and says so.
  const approved = isRefused(plan) ? null : plan.digest;
  return (await keepComment(forge, { subject, body, validAt, plan: approved }, inSummary, context))
    ? null
    : body;
};

/** What a plan's comment is about. */
export const subjectOf = (
  { instance }: Pick<Plan, "instance">,
  { environment, manifest }: Pick<CommentOptions, "environment" | "manifest">,
): CommentSubject =>
  environment === undefined ? { manifest, instance: instance.identityStoreId } : { environment };

/**
 * Puts into that comment why there is no plan. `instance`: id of the identity store, null where the run came to an end
 * before it knew.
 */
export const postNoPlan = async (
  why: NoPlan,
  description: ForgeDescription,
  options: Pick<CommentOptions, "environment" | "manifest" | "validAt" | "inSummary"> & {
    readonly instance: string | null;
  },
  context: CommandContext,
): Promise<void> => {
  const { environment, manifest, instance, validAt, inSummary } = options;
  const forge = openForge(description, { clock: context, signal: context.signal });
  const subject =
    environment === undefined && instance === null
      ? await subjectOfManifest(forge, manifest)
      : environment === undefined
        ? { manifest, instance }
        : { environment };
  if (subject === null) {
    context.stderr.write(
      "No comment: this manifest has one for each of several instances, and the run ended before it knew its own. Give each an --environment.\n",
    );
    return;
  }
  const body = noPlanMarkdown(why, {
    ...factsOf(forge, validAt),
    placeOf: repositoryPlace(context),
    toolVersion: context.version,
  });
  await keepComment(forge, { subject, body, validAt, plan: null }, inSummary, context);
};

const factsOf = (
  { description, bodyLimit: limit }: Forge,
  validAt: number,
): RunFacts & { readonly limit: number } => {
  const { runUrl, pullRequest } = description;
  const commit = pullRequest?.headSha ?? null;
  return {
    limit,
    validAt,
    ...(commit === null ? {} : { commit }),
    ...(runUrl === null ? {} : { runUrl }),
  };
};

/** Resolves to whether the words stand somewhere now, or newer ones do. */
const keepComment = async (
  forge: Forge,
  request: CommentRequest,
  inSummary: boolean,
  { stderr }: CommandContext,
): Promise<boolean> => {
  const description = inSummary ? { ...forge.description, summaryFile: null } : forge.description;
  const result = await upsertComment({ ...forge, description }, request);
  if (result.outcome === "fallback") {
    const isThere = inSummary || result.where !== null;
    const where = isThere ? "It is in the job's summary" : "It is only in the log";
    stderr.write(`${escapeTerminal(result.reason)} ${where}.\n`);
    return isThere;
  }
  if (result.outcome === "older-commit") {
    const { kind, pullRequest } = forge.description;
    const commit = pullRequest?.headSha ?? "an earlier one";
    const what = kind === "github" ? "pull request" : "merge request";
    const commits = `this run is for commit ${commit}, and the ${what} is at ${result.head}`;
    stderr.write(`Comment: left alone, because ${escapeTerminal(commits)}.\n`);
    return true;
  }
  const url = result.url === null ? "" : ` (${escapeTerminal(result.url)})`;
  stderr.write(`Comment${url}: ${outcomes[result.outcome]}.\n`);
  return true;
};

const outcomes = {
  created: "created",
  updated: "updated",
  unchanged: "already says this",
  "older-run": "left alone, because a newer run has written it",
} as const;
