import type { ForgeDescription } from "../forge/description.ts";
import { detectForge } from "../forge/detect.ts";
import { openForge } from "../forge/open-forge.ts";
import { findReviewedPlan, type ReviewedPlan } from "../forge/reviewed-plan.ts";
import { UsageError } from "../model/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { isRefused } from "../plan/refused.ts";
import { escapeTerminal } from "../report/escape.ts";
import { type ReviewNote, reviewText } from "../report/review-note.ts";
import { checkedOutCommit } from "./commit.ts";
import type { CommandContext } from "./context.ts";
import { subjectOf } from "./post-comment.ts";

/** Where plans are reviewed. Throws UsageError where none was merged: to be called before anything is read. */
export const forgeOfReview = ({ env }: Pick<CommandContext, "env">): ForgeDescription => {
  const description = detectForge(env);
  if (description === null) {
    throw new UsageError(
      "no-forge",
      "Reviewed plans are found in GitHub Actions and GitLab CI, and this is neither",
      { hint: "Leave out --reviewed, and apply the reviewed plan with apply --plan FILE or --expect DIGEST" },
    );
  }
  if (description.pullRequest === null) return description;
  throw new UsageError(
    "not-merged-yet",
    "--reviewed asks what was reviewed before the merge, and this run is of a pull request that is not merged",
    { hint: "Give it where the plan is made again after the merge, on the push to the main branch" },
  );
};

/**
 * Whether this very plan was reviewed on the pull request that was merged as the commit which is checked out; says it
 * on stderr. null: there is nothing to review, or nothing that could be applied.
 */
export const tellReviewed = async (
  plan: Plan,
  description: ForgeDescription,
  of: { readonly environment: string | undefined; readonly manifest: string },
  context: CommandContext,
): Promise<ReviewNote | null> => {
  if (plan.changes.length === 0 || isRefused(plan)) return null;
  const commit = await checkedOutCommit(context.env, context.cwd);
  const reviewed =
    commit === null
      ? { request: null, digest: null, why: "the commit that is checked out is not known" }
      : await findReviewedPlan(
          description,
          (each) => openForge(each, { clock: context, signal: context.signal }),
          {
            commit,
            subject: subjectOf(plan, of),
          },
        );
  const note = noteOf(reviewed, plan, description);
  const { title, text } = reviewText(note);
  const where = note.url === null ? "" : ` (${note.url})`;
  context.stderr.write(`${title}: ${escapeTerminal(text + where)}.\n`);
  return note;
};

const noteOf = (
  { request, digest, why }: ReviewedPlan,
  plan: Plan,
  { kind }: ForgeDescription,
): ReviewNote => ({
  same: digest === plan.digest,
  request: request === null ? null : `${kind === "github" ? "#" : "!"}${request.number}`,
  url: request?.url ?? null,
  why,
});
