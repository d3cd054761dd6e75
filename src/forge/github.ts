import { type ForgeDescription, type PullRequest, requirePullRequest } from "./description.ts";
import { orForbidden, orGone } from "./errors.ts";
import type { ForgeClock } from "./exchange.ts";
import { fieldsOf, listOf, numberOf, textOf } from "./fields.ts";
import type { Authored, CommentStore, Forge, ForgeComment, ForgeIssue, IssueStore, Thread } from "./forge.ts";
import { lastEdit, nodeIdOf, viewer } from "./github-graphql.ts";
import { badReply, type ForgeHttp } from "./http.ts";
import { markerRoom } from "./marker.ts";

/** A comment on a pull request is a comment on the issue of the same number. */
export const createGitHub = (description: ForgeDescription, http: ForgeHttp, clock: ForgeClock): Forge => ({
  description,
  bodyLimit: 65_536 - markerRoom,
  clock,
  // REST's /user is closed to a workflow's token; GraphQL's viewer is not.
  viewer: () => orForbidden(viewer(description.apiUrl, http)),
  currentHead: async () => {
    const { project, number } = requirePullRequest(description);
    const { head } = fieldsOf(await http.get(`/repos/${project}/pulls/${number}`));
    const sha = textOf(fieldsOf(head).sha);
    if (sha === null) throw badReply("GitHub", "a pull request that has no head");
    return sha;
  },
  mergedAs: async (commit) => {
    const found = await http.list(`/repos/${description.project}/commits/${commit}/pulls?per_page=100`);
    return found.flatMap((each) => mergedPull(description.project, commit, each));
  },
  prepare: (markdown) => markdown,
  commentsOn: (thread) => comments(description, thread, http),
  issues: issues(`/repos/${description.project}/issues`, http),
});

export const gitHubHeaders = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };

const comments = (description: ForgeDescription, thread: Thread, http: ForgeHttp): CommentStore => {
  const repository = `/repos/${description.project}`;
  const number = thread.kind === "issue" ? thread.number : requirePullRequest(description).number;
  const all = `${repository}/issues/${number}/comments`;
  const one = (id: number): string => `${repository}/issues/comments/${id}`;
  return {
    list: async () => (await http.list(`${all}?per_page=100`)).map(toComment),
    read: async (id) => {
      const found = await orGone(http.get(one(id)));
      return found === null ? null : toComment(found);
    },
    lastEdit: async (id) => lastEdit(description.apiUrl, http, nodeIdOf(await http.get(one(id)))),
    create: async (body) => toComment(await http.send("POST", all, { body })),
    update: async (id, body) => {
      await http.send("PATCH", one(id), { body });
    },
    delete: async (id) => {
      await orGone(http.send("DELETE", one(id)));
    },
  };
};

/** A commit of a branch belongs to pull requests that have not made it, too: that is the one which its merge left behind. */
const mergedPull = (project: string, commit: string, value: unknown): PullRequest[] => {
  const fields = fieldsOf(value);
  const number = numberOf(fields.number);
  if (number === null || textOf(fields.merged_at) === null || fields.merge_commit_sha !== commit) return [];
  const headSha = textOf(fieldsOf(fields.head).sha);
  return [{ project, number, headSha, fork: false, url: textOf(fields.html_url) }];
};

const issues = (path: string, http: ForgeHttp): IssueStore => ({
  list: async (label) => {
    const found = await http.list(`${path}?state=all&per_page=100&labels=${encodeURIComponent(label)}`);
    // Pull requests are in the same list.
    return found.filter((each) => fieldsOf(each).pull_request === undefined).map(toIssue);
  },
  create: async ({ title, body, labels }) => toIssue(await http.send("POST", path, { title, body, labels })),
  update: async (number, { open, ...content }) => {
    const state = open === undefined ? {} : { state: open ? "open" : "closed" };
    await http.send("PATCH", `${path}/${number}`, { ...content, ...state });
  },
});

const toComment = (value: unknown): ForgeComment => {
  const fields = fieldsOf(value);
  const id = numberOf(fields.id);
  if (id === null) throw badReply("GitHub", "a comment that has no id");
  return { id, body: textOf(fields.body) ?? "", url: textOf(fields.html_url), ...authored(fields) };
};

const toIssue = (value: unknown): ForgeIssue => {
  const fields = fieldsOf(value);
  const number = numberOf(fields.number);
  if (number === null) throw badReply("GitHub", "an issue that has no number");
  return {
    number,
    title: textOf(fields.title) ?? "",
    body: textOf(fields.body) ?? "",
    open: fields.state === "open",
    labels: listOf(fields.labels).map((each) => textOf(each) ?? textOf(fieldsOf(each).name) ?? ""),
    url: textOf(fields.html_url),
    ...authored(fields),
  };
};

const authored = (fields: Readonly<Record<string, unknown>>): Authored => {
  const { id, type } = fieldsOf(fields.user);
  const author = numberOf(id);
  return {
    author: author === null ? null : String(author),
    trusted: type === "Bot",
  };
};
