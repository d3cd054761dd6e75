import { type ForgeDescription, type PullRequest, requirePullRequest } from "./description.ts";
import { orGone } from "./errors.ts";
import type { ForgeClock } from "./exchange.ts";
import { fieldsOf, listOf, numberOf, textOf } from "./fields.ts";
import type { CommentStore, Forge, ForgeComment, ForgeIssue, IssueStore, LastEdit, Thread } from "./forge.ts";
import { badReply, type ForgeHttp } from "./http.ts";
import { markerRoom } from "./marker.ts";

/** A comment is a note, a pull request a merge request; both are counted by project (iid). */
export const createGitLab = (description: ForgeDescription, http: ForgeHttp, clock: ForgeClock): Forge => ({
  description,
  bodyLimit: Math.floor(1_000_000 / bytesPerUnit) - markerRoom,
  clock,
  viewer: async () => {
    const id = authorOf(await http.get("/user"));
    if (id === null) throw badReply("GitLab", "a user that has no id");
    return id;
  },
  currentHead: async () => {
    const { project, number } = requirePullRequest(description);
    const sha = textOf(fieldsOf(await http.get(`/projects/${project}/merge_requests/${number}`)).sha);
    if (sha === null) throw badReply("GitLab", "a merge request that has no head");
    return sha;
  },
  mergedAs: async (commit) => {
    const { project } = description;
    const found = await http.list(
      `/projects/${project}/repository/commits/${commit}/merge_requests?per_page=100`,
    );
    return found.flatMap((each) => mergedRequest(project, commit, each));
  },
  prepare: withoutQuickActions,
  commentsOn: (thread) => notes(description, thread, http),
  issues: issues(`/projects/${description.project}/issues`, http),
});

/** Of UTF-8 for a UTF-16 code unit, at most. GitLab takes 1 MiB, where earlier versions took 1,000,000 characters. */
const bytesPerUnit = 3;

/**
 * GitLab carries out a line that begins with a slash and a word (/close, /merge) as the owner of the token. A space of
 * no width before the slash makes it text again.
 */
const withoutQuickActions = (markdown: string): string => markdown.replace(/^(\s*)\/(?=\w)/gm, "$1\u200b/");

const notes = (description: ForgeDescription, thread: Thread, http: ForgeHttp): CommentStore => {
  const path = `${threadPath(description, thread)}/notes`;
  const page = thread.kind === "pull-request" ? (description.pullRequest?.url ?? null) : null;
  const toComment = (value: unknown): ForgeComment => readNote(value, page);
  return {
    list: async () => {
      const found = await http.list(`${path}?per_page=100&sort=asc&order_by=created_at`);
      return found.filter((each) => fieldsOf(each).system !== true).map(toComment);
    },
    read: async (id) => {
      const found = await orGone(http.get(`${path}/${id}`));
      return found === null ? null : toComment(found);
    },
    lastEdit: (id) => lastEdit(description.apiUrl, http, id),
    create: async (body) => toComment(await http.send("POST", path, { body })),
    update: async (id, body) => {
      await http.send("PUT", `${path}/${id}`, { body });
    },
    delete: async (id) => {
      await orGone(http.send("DELETE", `${path}/${id}`));
    },
  };
};

/** REST does not tell who edited a note; GraphQL does. */
const lastEdit = async (apiUrl: string, http: ForgeHttp, id: number): Promise<LastEdit> => {
  const query = "query ($id: NoteID!) { note(id: $id) { lastEditedAt lastEditedBy { id } } }";
  const body = { query, variables: { id: `gid://gitlab/Note/${id}` } };
  const reply = fieldsOf(await http.ask(`${apiUrl.replace(/\/v4$/, "")}/graphql`, body));
  const note = fieldsOf(fieldsOf(reply.data).note);
  if (!("lastEditedAt" in note)) throw badReply("GitLab", "a note that does not say when it was edited");
  if (note.lastEditedAt === null) return null;
  const by = /^gid:\/\/gitlab\/User\/(\d+)$/.exec(textOf(fieldsOf(note.lastEditedBy).id) ?? "")?.[1];
  return { by: by ?? null };
};

/** By a merge commit, by a squashed one, or by moving the branch to the last commit of the merge request. */
const mergedRequest = (project: string, commit: string, value: unknown): PullRequest[] => {
  const fields = fieldsOf(value);
  const number = numberOf(fields.iid);
  const made = [fields.merge_commit_sha, fields.squash_commit_sha, fields.sha].includes(commit);
  if (number === null || fields.state !== "merged" || !made || String(fields.project_id) !== project)
    return [];
  return [{ project, number, headSha: textOf(fields.sha), fork: false, url: textOf(fields.web_url) }];
};

const threadPath = (description: ForgeDescription, thread: Thread): string => {
  if (thread.kind === "issue") return `/projects/${description.project}/issues/${thread.number}`;
  const { project, number } = requirePullRequest(description);
  return `/projects/${project}/merge_requests/${number}`;
};

const issues = (path: string, http: ForgeHttp): IssueStore => ({
  list: async (label) =>
    (
      await http.list(`${path}?per_page=100&sort=asc&order_by=created_at&labels=${encodeURIComponent(label)}`)
    ).map(toIssue),
  create: async ({ title, body, labels }) =>
    toIssue(await http.send("POST", path, { title, description: body, labels: labels.join(",") })),
  update: async (number, { title, body, open }) => {
    await http.send("PUT", `${path}/${number}`, {
      ...(title === undefined ? {} : { title }),
      ...(body === undefined ? {} : { description: body }),
      ...(open === undefined ? {} : { state_event: open ? "reopen" : "close" }),
    });
  },
});

/** `page`: of what the note stands on. */
const readNote = (value: unknown, page: string | null): ForgeComment => {
  const fields = fieldsOf(value);
  const id = numberOf(fields.id);
  if (id === null) throw badReply("GitLab", "a note that has no id");
  return {
    id,
    body: textOf(fields.body) ?? "",
    url: page === null ? null : `${page}#note_${id}`,
    author: authorOf(fields.author),
    trusted: false,
  };
};

const toIssue = (value: unknown): ForgeIssue => {
  const fields = fieldsOf(value);
  const number = numberOf(fields.iid);
  if (number === null) throw badReply("GitLab", "an issue that has no iid");
  return {
    number,
    title: textOf(fields.title) ?? "",
    body: textOf(fields.description) ?? "",
    open: fields.state === "opened",
    labels: listOf(fields.labels).map((each) => textOf(each) ?? ""),
    url: textOf(fields.web_url),
    author: authorOf(fields.author),
    trusted: false,
  };
};

const authorOf = (value: unknown): string | null => {
  const id = numberOf(fieldsOf(value).id);
  return id === null ? null : String(id);
};
