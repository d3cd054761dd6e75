import type { ForgeDescription, PullRequest } from "./description.ts";
import type { ForgeClock } from "./exchange.ts";

/**
 * What the sticky comment and the drift issue need of a forge. GitHub and GitLab implement it; what they call a pull
 * request or a merge request, an issue comment or a note, is the same here.
 */
export interface Forge {
  readonly description: ForgeDescription;
  /** Characters of Markdown that a comment's or an issue's body may have, besides the marker that is put before it. */
  readonly bodyLimit: number;
  readonly clock: ForgeClock;
  /** Who the token belongs to, as in `author`; null where the forge does not tell. */
  viewer(): Promise<string | null>;
  /** The commit that this run's pull request is at. Rejects with UsageError where the run belongs to none. */
  currentHead(): Promise<string>;
  /** The merged pull requests whose merge made this commit, as far as the forge knows yet. */
  mergedAs(commit: string): Promise<readonly PullRequest[]>;
  /** Takes from finished Markdown what the forge would carry out as a command. */
  prepare(markdown: string): string;
  commentsOn(thread: Thread): CommentStore;
  readonly issues: IssueStore;
}

export type Thread = { readonly kind: "pull-request" } | { readonly kind: "issue"; readonly number: number };

export interface Authored {
  readonly author: string | null;
  /** Whether it is a program that those who run the repository installed. */
  readonly trusted: boolean;
}

export interface ForgeComment extends Authored {
  /** Grows with time. */
  readonly id: number;
  readonly body: string;
  readonly url: string | null;
}

/** null: it was never edited. `by` is as in `author`, or null where that account is gone. */
export type LastEdit = { readonly by: string | null } | null;

export interface CommentStore {
  /** In no certain order. */
  list(): Promise<readonly ForgeComment[]>;
  /** null: it is gone. */
  read(id: number): Promise<ForgeComment | null>;
  /** Rejects with ForgeError where the forge does not tell. */
  lastEdit(id: number): Promise<LastEdit>;
  create(body: string): Promise<ForgeComment>;
  /** Rejects with ForgeError (not-found) where it is gone. */
  update(id: number, body: string): Promise<void>;
  /** Also where it is gone already. */
  delete(id: number): Promise<void>;
}

export interface ForgeIssue extends Authored {
  /** As people cite it; grows with time. */
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly open: boolean;
  readonly labels: readonly string[];
  readonly url: string | null;
}

export interface IssueContent {
  readonly title: string;
  readonly body: string;
}

export interface IssueStore {
  /** Open and closed ones that carry the label. */
  list(label: string): Promise<readonly ForgeIssue[]>;
  create(issue: IssueContent & { readonly labels: readonly string[] }): Promise<ForgeIssue>;
  update(number: number, change: Partial<IssueContent> & { readonly open?: boolean }): Promise<void>;
}
