import { detectForge } from "../forge/detect.ts";
import { openForge } from "../forge/open-forge.ts";
import { upsertComment } from "../forge/sticky-comment.ts";
import { UsageError } from "../model/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { escapeTerminal } from "../report/escape.ts";
import { planMarkdown } from "../report/plan-markdown.ts";
import type { CommandContext } from "./context.ts";

export interface CommentOptions {
  /** Key of the comment, where one pull request has several; default: the manifest's name, else the identity store. */
  readonly environment: string | undefined;
  /** Epoch milliseconds of the state that the plan was made from. */
  readonly validAt: number;
  readonly accountNames: ReadonlyMap<string, string>;
}

/** Puts the plan into the one comment of its environment on this pull request, and says on stderr what became of it. */
export const postComment = async (
  plan: Plan,
  { environment, validAt, accountNames }: CommentOptions,
  context: CommandContext,
): Promise<void> => {
  const description = detectForge(context.env);
  if (description === null) {
    throw new UsageError(
      "no-forge",
      "A comment can be kept in GitHub Actions and GitLab CI, and this is neither",
      {
        hint: "Write the Markdown to a file instead: plan --format markdown=FILE",
      },
    );
  }
  const forge = openForge(description, { clock: context, signal: context.signal });
  const headSha = description.pullRequest?.headSha ?? null;
  const body = planMarkdown(plan, accountNames, {
    limit: forge.bodyLimit,
    validAt,
    approveBy: "merge",
    ...(headSha === null ? {} : { commit: headSha }),
    ...(description.runUrl === null ? {} : { runUrl: description.runUrl }),
  });
  const key = environment ?? plan.manifest.name ?? plan.instance.identityStoreId;
  const result = await upsertComment(forge, { key, body, validAt });
  if (result.outcome === "fallback") {
    const where = result.where === null ? "The plan is only in the log" : "The plan is in the job's summary";
    context.stderr.write(`No comment: ${escapeTerminal(result.reason)}. ${where}.\n`);
    return;
  }
  if (result.outcome === "older-commit") {
    const commits = `this run is for commit ${headSha}, and the pull request is at ${result.head}`;
    context.stderr.write(`Comment: left alone, because ${escapeTerminal(commits)}.\n`);
    return;
  }
  const url = result.url === null ? "" : ` (${escapeTerminal(result.url)})`;
  context.stderr.write(`Comment${url}: ${outcomes[result.outcome]}.\n`);
};

const outcomes = {
  created: "created",
  updated: "updated",
  unchanged: "already says this",
  "older-run": "left alone, because a newer run has written it",
} as const;
