import { type CommentSubject, isAbout, subjectFields } from "./comment-subject.ts";
import { ForgeError } from "./errors.ts";
import type { CommentStore, Forge, ForgeComment } from "./forge.ts";
import { appendSummary } from "./github-actions.ts";
import { newerHead } from "./newer-head.ts";
import { digestOf, isOurs, readAnyMarker, withMarker } from "./marker.ts";

/**
 * One comment a pull request and subject, whoever runs when. The newest run's words stand in the oldest comment;
 * everything else follows from that:
 * - A run for a commit that the pull request is no longer at writes nothing, however late it runs (newer-head.ts).
 * - Newer is what is valid at a later time; of one time, the later attempt. An older run leaves the comment alone.
 * - Runs that raced and made several comments end with one: the later ones are deleted by whoever sees them.
 * - No forge can update on a condition, so the comment is read once more before it is written, and the list once more
 *   afterwards: a run whose words were overwritten by an older one puts them back.
 * - What is wanted and there already is not written again. The time is part of that: if an earlier one were left
 *   standing, an older run could pass for a newer one. Words that were edited by hand are restored.
 */
export interface CommentRequest {
  /** One sticky comment each. */
  readonly subject: CommentSubject;
  /** Finished Markdown of at most forge.bodyLimit characters. */
  readonly body: string;
  /** Epoch milliseconds of the state that the body describes. */
  readonly validAt: number;
  /** Digest of the plan that whoever approves the pull request approves; null: the body shows none to approve. */
  readonly plan: string | null;
}

export type CommentResult =
  | { readonly outcome: "created" | "updated" | "unchanged" | "older-run"; readonly url: string | null }
  | {
      /** The pull request has moved on since this run's commit; nothing was written. */
      readonly outcome: "older-commit";
      readonly head: string;
    }
  | {
      readonly outcome: "fallback";
      /** Where the body is now instead; null: nowhere yet. */
      readonly where: "job-summary" | null;
      /** A sentence: why there is no comment, and what would help. */
      readonly reason: string;
    };

/** Rejects with UsageError where the run belongs to no pull request, with ForgeError where the forge fails. */
export const upsertComment = async (forge: Forge, request: CommentRequest): Promise<CommentResult> => {
  const comments = forge.commentsOn({ kind: "pull-request" });
  try {
    const head = await newerHead(forge);
    if (head !== null) return { outcome: "older-commit", head };
    return await settle(forge, comments, request);
  } catch (error) {
    if (!(error instanceof ForgeError) || error.reason !== "forbidden") throw error;
    return fallBack(forge, request.body, error);
  }
};

const settle = async (
  forge: Forge,
  comments: CommentStore,
  request: CommentRequest,
): Promise<CommentResult> => {
  const wanted = versionOf(forge, request);
  const viewer = await forge.viewer();
  let outcome: "created" | "updated" | "unchanged" = "unchanged";
  let created: ForgeComment | null = null;
  let lost: ForgeError | null = null;
  for (let round = 1; round <= mostRounds; round += 1) {
    const versions = await findOurs(forge, comments, { subject: request.subject, viewer, created });
    const [keep, ...later] = versions;
    if (keep === undefined) {
      try {
        created = await comments.create(wanted.body);
        outcome = "created";
      } catch (error) {
        // It may be there all the same, so the next round looks before it makes another.
        if (!(error instanceof ForgeError) || !error.uncertain) throw error;
        lost = error;
        await forge.clock.sleep(1000 * round * (1 + forge.clock.random()));
      }
      continue;
    }
    const newest = versions.reduce<Version>((best, each) => (isNewer(each, best) ? each : best), wanted);
    const same = keep.mark === newest.mark && (keep.intact || outcome !== "unchanged");
    if (newest !== keep && !same) {
      if ((await replace(comments, keep, newest.body)) && outcome === "unchanged") outcome = "updated";
      await forge.clock.sleep(250 * (round - 1));
      continue;
    }
    for (const each of later) await comments.delete(each.id);
    if (newest !== wanted) return { outcome: "older-run", url: keep.url };
    // Where only the reply to its creation was lost, it is there already.
    return { outcome: lost !== null && outcome === "unchanged" ? "created" : outcome, url: keep.url };
  }
  if (lost !== null) throw lost;
  throw new ForgeError("contention", "The comment kept changing while it was being updated", {
    hint: "Give the workflow a `concurrency` group, so that one run at a time comments on a pull request",
  });
};

const mostRounds = 6;

interface Version {
  readonly body: string;
  /** The marker: the same where key, time, attempt and words are the same. */
  readonly mark: string;
  readonly validAt: number;
  readonly attempt: number;
}

interface FoundVersion extends Version {
  readonly id: number;
  readonly url: string | null;
  /** Whether the words are still those that the marker was made for. */
  readonly intact: boolean;
}

const versionOf = (forge: Forge, { subject, body: markdown, validAt, plan }: CommentRequest): Version => {
  const text = forge.prepare(markdown);
  const { attempt } = forge.description;
  const fields = {
    ...subjectFields(subject),
    "valid-at": new Date(validAt).toISOString(),
    attempt: String(attempt),
    digest: digestOf(text),
    ...(plan === null ? {} : { plan }),
  };
  const body = withMarker("comment", fields, text);
  return { body, mark: firstLine(body), validAt, attempt };
};

/** Oldest first. */
const findOurs = async (
  forge: Forge,
  comments: CommentStore,
  known: {
    readonly subject: CommentSubject;
    readonly viewer: string | null;
    readonly created: ForgeComment | null;
  },
): Promise<readonly FoundVersion[]> => {
  const listed = await comments.list();
  // A list may lag behind what was just created.
  const { created } = known;
  const lagging = created !== null && !listed.some(({ id }) => id === created.id);
  return [...listed, ...(lagging ? [created] : [])]
    .filter((comment) => comment.id === created?.id || isOurs(comment, known.viewer))
    .flatMap((comment) => {
      const version = readVersion(comment, known.subject, forge.clock.now());
      return version === null ? [] : [version];
    })
    .sort((a, b) => a.id - b.id);
};

/** What is dated by a clock that is ahead is older than any run, or it would stay until then. */
const readVersion = (
  { id, body, url }: ForgeComment,
  subject: CommentSubject,
  now: number,
): FoundVersion | null => {
  const marked = readAnyMarker("comment", body);
  if (marked === null || !isAbout(marked.fields, subject)) return null;
  const { "valid-at": time = "", attempt, digest } = marked.fields;
  const validAt = Date.parse(time);
  return {
    id,
    url,
    body,
    mark: firstLine(body),
    intact: digest === digestOf(marked.text),
    validAt: validAt <= now + clockTolerance ? validAt : -Infinity,
    attempt: Number(attempt),
  };
};

const firstLine = (body: string): string => body.split(/\r?\n/, 1)[0] ?? "";

/** Milliseconds that the clocks of two machines may be apart. */
const clockTolerance = 120_000;

const isNewer = (a: Version, b: Version): boolean =>
  a.validAt === b.validAt ? a.attempt > b.attempt : a.validAt > b.validAt;

/** false: somebody was faster, and nothing was written. */
const replace = async (comments: CommentStore, seen: FoundVersion, body: string): Promise<boolean> => {
  const now = await comments.read(seen.id);
  if (now === null || now.body !== seen.body) return false;
  try {
    await comments.update(seen.id, body);
    return true;
  } catch (error) {
    if (error instanceof ForgeError && error.reason === "not-found") return false;
    throw error;
  }
};

const fallBack = ({ description }: Forge, body: string, error: ForgeError): CommentResult => {
  const { summaryFile, readOnlyBecause, kind } = description;
  const permission =
    kind === "github"
      ? "the token may not write it. Give the job `permissions: {pull-requests: write}`"
      : "the token may not write it. It needs the scope api and the role Reporter or higher";
  const why = readOnlyBecause ?? `${permission}. ${error.message}`;
  const written = summaryFile !== null && appendSummary(summaryFile, body);
  return {
    outcome: "fallback",
    where: written ? "job-summary" : null,
    reason: `No comment: ${why}${/[.!?]$/.test(why) ? "" : "."}`,
  };
};
