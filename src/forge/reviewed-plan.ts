import { type CommentSubject, isAbout } from "./comment-subject.ts";
import type { ForgeDescription, PullRequest } from "./description.ts";
import { ForgeError } from "./errors.ts";
import type { Forge } from "./forge.ts";
import { digestOf, isOurs, readAnyMarker } from "./marker.ts";

/** What stood on the pull request when it was merged. */
export interface ReviewedPlan {
  /** null: it is not known which one made the commit. */
  readonly request: Pick<PullRequest, "number" | "url"> | null;
  /** Of the plan that its comment shows; null: it shows none that can be taken at its word. */
  readonly digest: string | null;
  /** Where there is no digest: why, as a sentence without its full stop. */
  readonly why: string | null;
}

/**
 * The plan that was reviewed: the one in the sticky comment of the pull request whose merge made this commit.
 *
 * Only what the token's owner wrote, and wrote last, is taken: whoever may write to a repository may edit any comment
 * in it. A forge that refuses or does not answer leaves the plan unknown, which is no error: somebody has to look then.
 */
export const findReviewedPlan = async (
  description: ForgeDescription,
  open: (description: ForgeDescription) => Forge,
  { commit, subject }: { readonly commit: string; readonly subject: CommentSubject },
): Promise<ReviewedPlan> => {
  const request = description.kind === "github" ? "pull request" : "merge request";
  const none = (why: string): ReviewedPlan => ({ request: null, digest: null, why });
  try {
    const found = await mergedAs(open(description), commit);
    const [pullRequest] = found;
    if (pullRequest === undefined)
      return none(`no merged ${request} is known for commit ${commit.slice(0, 12)}`);
    if (found.length > 1) return none(`commit ${commit.slice(0, 12)} was made by more than one ${request}`);
    return {
      request: pullRequest,
      ...(await readComment(open({ ...description, pullRequest }), subject, request)),
    };
  } catch (error) {
    if (error instanceof ForgeError) return none(error.message);
    throw error;
  }
};

/** A forge may know of a merge a little later than it starts the run for it. */
const mergedAs = async (forge: Forge, commit: string): Promise<readonly PullRequest[]> => {
  const first = await forge.mergedAs(commit);
  if (first.length > 0) return first;
  await forge.clock.sleep(lag);
  return forge.mergedAs(commit);
};

/** Milliseconds. */
const lag = 5000;

const readComment = async (
  forge: Forge,
  subject: CommentSubject,
  request: string,
): Promise<Pick<ReviewedPlan, "digest" | "why">> => {
  const comments = forge.commentsOn({ kind: "pull-request" });
  const viewer = await forge.viewer();
  if (viewer === null)
    return unknown("the token does not say whose it is, so that its comment is not known again");
  const [found, ...others] = (await comments.list())
    .filter((comment) => isOurs(comment, viewer))
    .flatMap((comment) => {
      const marked = readAnyMarker("comment", comment.body);
      return marked !== null && isAbout(marked.fields, subject) ? [{ id: comment.id, marked }] : [];
    });
  if (found === undefined) return unknown(`the ${request} has no comment with a plan of this manifest`);
  if (others.length > 0)
    return unknown(`the ${request} has more than one comment with a plan of this manifest`);
  const edit = await comments.lastEdit(found.id);
  const { fields, text } = found.marked;
  if ((edit !== null && edit.by !== viewer) || fields.digest !== digestOf(text))
    return unknown("its comment was edited by somebody else");
  const { plan } = fields;
  return plan === undefined
    ? unknown("its comment shows no plan that could be approved")
    : { digest: plan, why: null };
};

const unknown = (why: string): Pick<ReviewedPlan, "digest" | "why"> => ({ digest: null, why });
