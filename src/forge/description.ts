import { UsageError } from "../model/errors.ts";
import type { Secret } from "./secret.ts";

/** Where a pipeline runs, and what it may use of the forge: all of it from the environment, nothing asked yet. */
export interface ForgeDescription {
  readonly kind: "github" | "gitlab";
  /** The API's root, without a slash at its end. */
  readonly apiUrl: string;
  /** GitHub: owner/name. GitLab: the project's id. */
  readonly project: string;
  /** null: this run has none, and `readOnlyBecause` says why. */
  readonly token: Secret | null;
  /** null: this run belongs to none. */
  readonly pullRequest: PullRequest | null;
  readonly runUrl: string | null;
  /** Grows when the same run is tried again. */
  readonly attempt: number;
  /** Why the token can only read, where that is known beforehand: the end of a sentence. */
  readonly readOnlyBecause: string | null;
  /** The file of the job summary. */
  readonly summaryFile: string | null;
}

export interface PullRequest {
  /** As in ForgeDescription: a merge request from a fork runs in one project and belongs to another. */
  readonly project: string;
  readonly number: number;
  readonly headSha: string | null;
  readonly fork: boolean;
  /** Its page; null where the pipeline does not tell. */
  readonly url: string | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The pull request's, where there is one. Throws UsageError where the run belongs to none. */
export const requirePullRequest = ({ kind, pullRequest }: ForgeDescription): PullRequest => {
  if (pullRequest !== null) return pullRequest;
  throw kind === "github"
    ? new UsageError(
        "no-pull-request",
        "This run belongs to no pull request, so that there is nothing to comment on",
        {
          hint: "Run it on the pull_request event, or leave the comment out here",
        },
      )
    : new UsageError(
        "no-pull-request",
        "This pipeline belongs to no merge request, so that there is nothing to comment on",
        {
          hint: 'Give the job `rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]`, or leave the comment out here',
        },
      );
};
