/** Whether a plan that is made after the merge is the one that was reviewed before it. */
export interface ReviewNote {
  readonly same: boolean;
  /** Such as #12; null: none is known. */
  readonly request: string | null;
  /** Of its page. */
  readonly url: string | null;
  /** Why no reviewed plan is known, as a sentence without its full stop; null: one is known. */
  readonly why: string | null;
}

/** `text` has no full stop. */
export const reviewText = ({
  same,
  request,
  why,
}: ReviewNote): { readonly title: string; readonly text: string } => {
  const on = request === null ? "" : ` on ${request}`;
  if (same) return { title: "Reviewed", text: `exactly this plan was shown${on}` };
  if (why === null) {
    const moved = "the manifest, the instance or what a guard says has moved since";
    return { title: "Not the reviewed plan", text: `another one was shown${on}; ${moved}` };
  }
  return { title: "Not known to be reviewed", text: request === null ? why : `${request}: ${why}` };
};
