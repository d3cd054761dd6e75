import {
  type ForgeAnswer,
  type ForgeCall,
  type ForgeServer,
  page,
  startForgeServer,
} from "./forge-server.ts";

export interface GitHubUser {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Bot";
  readonly association: "OWNER" | "MEMBER" | "COLLABORATOR" | "CONTRIBUTOR" | "NONE";
}

interface GitHubComment {
  readonly id: number;
  /** Of the issue or pull request. */
  readonly number: number;
  body: string;
  readonly user: GitHubUser;
  /** Whoever edited it last; null: nobody. */
  editedBy: number | null;
}

interface GitHubIssue {
  readonly number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  labels: string[];
  readonly user: GitHubUser;
  readonly isPullRequest: boolean;
  /** The commit that a pull request is at. */
  head: string;
  /** The commit that its merge made. */
  mergedAs: string | null;
}

export interface GitHubServer extends ForgeServer {
  /** What GITHUB_API_URL would be. */
  readonly apiUrl: string;
  readonly issues: GitHubIssue[];
  readonly comments: GitHubComment[];
  /** By token. */
  readonly users: Map<string, { user: GitHubUser; readOnly?: boolean; mayLabel?: boolean }>;
  readonly addComment: (number: number, user: GitHubUser, body: string) => GitHubComment;
  readonly addIssue: (issue: Partial<GitHubIssue>) => GitHubIssue;
}

export const actionsBot: GitHubUser = {
  id: 41898282,
  login: "github-actions[bot]",
  type: "Bot",
  association: "NONE",
};
export const stranger: GitHubUser = { id: 666, login: "mallory", type: "User", association: "NONE" };
export const member: GitHubUser = { id: 7, login: "alice", type: "User", association: "MEMBER" };

/**
 * As much of GitHub's REST API (issues, comments, pull requests) and GraphQL (viewer, editor) as a bot
 * uses, for the repository acme/access.
 * `root` is where the API begins: "" as on api.github.com, or "/api/v3" as on GitHub Enterprise Server.
 */
export const startGitHub = async (root = ""): Promise<GitHubServer> => {
  const issues: GitHubIssue[] = [];
  const comments: GitHubComment[] = [];
  const users: GitHubServer["users"] = new Map([["token-of-the-workflow", { user: actionsBot }]]);
  let remaining = 1000;
  let ids = 1_000_000;

  const addComment: GitHubServer["addComment"] = (number, user, body) => {
    ids += 1;
    const comment = { id: ids, number, body, user, editedBy: null };
    comments.push(comment);
    return comment;
  };
  const addIssue: GitHubServer["addIssue"] = (given) => {
    const issue: GitHubIssue = {
      number: issues.length + 1,
      title: "",
      body: "",
      state: "open",
      labels: [],
      user: actionsBot,
      isPullRequest: false,
      head: "a".repeat(40),
      mergedAs: null,
      ...given,
    };
    issues.push(issue);
    return issue;
  };

  const handle = (call: ForgeCall, url: string): ForgeAnswer => {
    if (call.headers["user-agent"] === undefined)
      return refuse(403, "Request forbidden by administrative rules.");
    const caller = users.get(call.headers.authorization?.replace(/^Bearer /, "") ?? "");
    if (caller === undefined) return refuse(401, "Bad credentials");
    if (call.path === `${root.replace(/\/v3$/, "")}/graphql`) {
      return { status: 200, body: { data: onGraphql(call, caller.user) } };
    }
    const route = call.path.startsWith(`${root}/repos/acme/access/`)
      ? call.path.slice(`${root}/repos/acme/access`.length)
      : "";
    if (caller.readOnly === true && call.method !== "GET")
      return refuse(403, "Resource not accessible by integration");
    const text = call.body.body;
    if (typeof text === "string" && Array.from(text).length > 65_536) return tooLong;

    const one = /^\/issues\/comments\/(\d+)$/.exec(route)?.[1];
    if (one !== undefined) return onComment(call, Number(one), caller.user);
    const thread = /^\/issues\/(\d+)\/comments$/.exec(route)?.[1];
    if (thread !== undefined) return onThread(call, Number(thread), caller.user, url);
    const numbered = /^\/issues\/(\d+)$/.exec(route)?.[1];
    if (numbered !== undefined) return onIssue(call, Number(numbered));
    const pull = /^\/pulls\/(\d+)$/.exec(route)?.[1];
    if (pull !== undefined) return onPull(Number(pull));
    const commit = /^\/commits\/([0-9a-f]{40})\/pulls$/.exec(route)?.[1];
    if (commit !== undefined) return page(pullsOf(commit), call, url);
    return route === "/issues" ? onIssues(call, caller, url) : notFound;
  };

  const onGraphql = (call: ForgeCall, user: GitHubUser): unknown => {
    const id = (call.body.variables as { id?: string } | undefined)?.id;
    if (id === undefined) return { viewer: { databaseId: user.id } };
    const comment = comments.find((each) => nodeId(each.id) === id);
    if (comment === undefined) return { node: null };
    const edited = comment.editedBy !== null;
    return {
      node: {
        lastEditedAt: edited ? "2026-06-01T12:00:00Z" : null,
        editor: edited ? { databaseId: comment.editedBy } : null,
      },
    };
  };

  /** Those that the commit belongs to, whether their merge made it or they only hold it. */
  const pullsOf = (commit: string): unknown[] =>
    issues
      .filter((each) => each.isPullRequest && (each.mergedAs === commit || each.head === commit))
      .map((each) => ({
        number: each.number,
        html_url: `https://github.com/acme/access/pull/${each.number}`,
        merged_at: each.mergedAs === null ? null : "2026-06-01T12:00:00Z",
        merge_commit_sha: each.mergedAs,
        head: { sha: each.head },
      }));

  const onComment = (call: ForgeCall, id: number, user: GitHubUser): ForgeAnswer => {
    const index = comments.findIndex((each) => each.id === id);
    const comment = comments[index];
    if (comment === undefined) return notFound;
    if (call.method === "DELETE") {
      comments.splice(index, 1);
      return { status: 204 };
    }
    if (call.method === "PATCH") {
      comment.body = String(call.body.body);
      comment.editedBy = user.id;
    }
    return { status: 200, body: showComment(comment) };
  };

  const onThread = (call: ForgeCall, number: number, user: GitHubUser, url: string): ForgeAnswer => {
    if (!issues.some((each) => each.number === number)) return notFound;
    if (call.method === "POST")
      return { status: 201, body: showComment(addComment(number, user, String(call.body.body))) };
    return page(comments.filter((each) => each.number === number).map(showComment), call, url);
  };

  const onIssue = (call: ForgeCall, number: number): ForgeAnswer => {
    const issue = issues.find((each) => each.number === number);
    if (issue === undefined) return notFound;
    if (call.method === "PATCH") {
      const { title, body, state } = call.body;
      if (typeof title === "string") issue.title = title;
      if (typeof body === "string") issue.body = body;
      if (state === "open" || state === "closed") issue.state = state;
    }
    return { status: 200, body: showIssue(issue) };
  };

  const onPull = (number: number): ForgeAnswer => {
    const issue = issues.find((each) => each.number === number && each.isPullRequest);
    return issue === undefined ? notFound : { status: 200, body: { number, head: { sha: issue.head } } };
  };

  const onIssues = (
    call: ForgeCall,
    { user, mayLabel = true }: { user: GitHubUser; mayLabel?: boolean },
    url: string,
  ): ForgeAnswer => {
    if (call.method === "POST") {
      const { title, body, labels } = call.body;
      if (typeof title !== "string" || title.length > 256) return refuse(422, "Validation Failed");
      const kept = mayLabel && Array.isArray(labels) ? labels.map(String) : [];
      return { status: 201, body: showIssue(addIssue({ title, body: String(body), labels: kept, user })) };
    }
    const state = call.query.get("state") ?? "open";
    const labels = (call.query.get("labels") ?? "").split(",").filter((each) => each !== "");
    const found = issues.filter(
      (each) =>
        (state === "all" || each.state === state) && labels.every((label) => each.labels.includes(label)),
    );
    return page(found.toReversed().map(showIssue), call, url);
  };

  const server = await startForgeServer((call, url) => {
    remaining -= 1;
    const answer = handle(call, url);
    const limits = {
      "x-ratelimit-limit": "1000",
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": "4102444800",
    };
    return { ...answer, headers: { ...limits, ...answer.headers } };
  });
  return { ...server, apiUrl: server.url + root, issues, comments, users, addComment, addIssue };
};

/** A limit of so many requests an hour, used up: until then. */
export const rateLimited = (resetEpochSeconds: number, date: Date): ForgeAnswer => ({
  status: 403,
  headers: {
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(resetEpochSeconds),
    date: date.toUTCString(),
  },
  body: { message: "API rate limit exceeded for installation." },
});

/** Too many requests at a time; `seconds` null: GitHub does not always say for how long. */
export const secondaryLimit = (seconds: number | null): ForgeAnswer => ({
  status: 403,
  headers: seconds === null ? {} : { "retry-after": String(seconds) },
  body: {
    message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  },
});

export const badGateway: ForgeAnswer = {
  status: 502,
  body: "<!DOCTYPE html><html><head><title>Unicorn! &middot; GitHub</title></head><body>\u001b[31mbad</body></html>",
};

const refuse = (status: number, message: string): ForgeAnswer => ({
  status,
  body: { message, status: String(status) },
});

const notFound = refuse(404, "Not Found");

const tooLong: ForgeAnswer = {
  status: 422,
  body: {
    message: "Validation Failed",
    errors: [
      {
        resource: "IssueComment",
        code: "unprocessable",
        field: "data",
        message: "Body is too long (maximum is 65536 characters)",
      },
    ],
  },
};

const nodeId = (id: number): string => `IC_${id}`;

const showComment = ({ id, number, body, user }: GitHubComment): unknown => ({
  id,
  node_id: nodeId(id),
  body,
  html_url: `https://github.com/acme/access/pull/${number}#issuecomment-${id}`,
  user: { id: user.id, login: user.login, type: user.type },
  author_association: user.association,
});

const showIssue = (issue: GitHubIssue): unknown => ({
  number: issue.number,
  title: issue.title,
  body: issue.body,
  state: issue.state,
  labels: issue.labels.map((name) => ({ name })),
  html_url: `https://github.com/acme/access/issues/${issue.number}`,
  user: { id: issue.user.id, login: issue.user.login, type: issue.user.type },
  author_association: issue.user.association,
  ...(issue.isPullRequest ? { pull_request: {} } : {}),
});
