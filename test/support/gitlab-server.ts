import {
  type ForgeAnswer,
  type ForgeCall,
  type ForgeServer,
  page,
  startForgeServer,
} from "./forge-server.ts";

interface GitLabNote {
  readonly id: number;
  /** "merge_requests/7" or "issues/1". */
  readonly thread: string;
  body: string;
  readonly author: number;
  readonly system: boolean;
  /** Whoever edited it last; null: nobody. */
  editedBy: number | null;
}

interface GitLabIssue {
  readonly iid: number;
  title: string;
  description: string;
  state: "opened" | "closed";
  labels: string[];
  readonly author: number;
}

export interface GitLabServer extends ForgeServer {
  /** What CI_API_V4_URL would be. */
  readonly apiUrl: string;
  readonly notes: GitLabNote[];
  readonly issues: GitLabIssue[];
  /** By token: the user's id, and whether it may write. */
  readonly users: Map<string, { readonly id: number; readonly readOnly?: boolean }>;
  readonly addNote: (thread: string, author: number, body: string, system?: boolean) => GitLabNote;
  /** The commit that the merge request is at; "abc" to begin with. */
  readonly setHead: (sha: string) => void;
  /** What the API tells of how the merge request was merged, such as {merge_commit_sha}. */
  readonly merge: (as: Readonly<Record<string, string>>) => void;
  /** Lines that GitLab would have carried out. */
  readonly quickActions: string[];
}

/** As much of GitLab's API (notes, issues, user) as a bot uses, for project 42 with merge request 7. */
export const startGitLab = async (): Promise<GitLabServer> => {
  const notes: GitLabNote[] = [];
  const issues: GitLabIssue[] = [];
  const quickActions: string[] = [];
  const users: GitLabServer["users"] = new Map([["glpat-project", { id: 900 }]]);
  let ids = 5000;
  let head = "abc";
  let merged: Readonly<Record<string, string>> | null = null;

  const addNote: GitLabServer["addNote"] = (thread, author, body, system = false) => {
    ids += 1;
    const note = { id: ids, thread, body, author, system, editedBy: null };
    notes.push(note);
    return note;
  };
  /** Commands are carried out and taken out, and the rest loses its carriage returns and the blanks at its end. */
  const takeText = (given: unknown): string => {
    const text = String(given).replaceAll("\r", "");
    quickActions.push(...(text.match(quickAction) ?? []));
    return text.replace(quickAction, "").trimEnd();
  };

  let left = 2000;
  const serve = (call: ForgeCall, url: string): ForgeAnswer => {
    left -= 1;
    const answer = handle(call, url);
    const limits = {
      "ratelimit-limit": "2000",
      "ratelimit-remaining": String(left),
      "ratelimit-reset": "4102444800",
    };
    const pages = Array.isArray(answer.body) ? pageHeaders(call, answer) : {};
    return { ...answer, headers: { ...limits, ...pages, ...answer.headers } };
  };

  const handle = (call: ForgeCall, url: string): ForgeAnswer => {
    const text = call.body.body ?? call.body.description;
    const caller = users.get(call.headers.authorization?.replace(/^Bearer /, "") ?? "");
    if (caller === undefined) return { status: 401, body: { message: "401 Unauthorized" } };
    if (call.path === "/api/v4/user")
      return { status: 200, body: { id: caller.id, username: "project_42_bot" } };
    if (call.path === "/api/graphql") return { status: 200, body: { data: onGraphql(call) } };
    const route = call.path.startsWith("/api/v4/projects/42/")
      ? call.path.slice("/api/v4/projects/42/".length)
      : "";
    if (caller.readOnly === true && call.method !== "GET") return insufficientScope;
    if (typeof text === "string" && Buffer.byteLength(text) > 1_048_576) return tooLong;
    const [, thread, id] = /^((?:merge_requests|issues)\/\d+)\/notes(?:\/(\d+))?$/.exec(route) ?? [];
    if (thread !== undefined) return onNotes(call, { thread, id, author: caller.id, url });
    if (route === "merge_requests/7") return { status: 200, body: { iid: 7, sha: head } };
    if (/^repository\/commits\/[0-9a-f]+\/merge_requests$/.test(route)) return page(requests(), call, url);
    const iid = /^issues\/(\d+)$/.exec(route)?.[1];
    if (iid !== undefined) return onIssue(call, Number(iid));
    return route === "issues" ? onIssues(call, caller.id, url) : notFound;
  };

  const onGraphql = (call: ForgeCall): unknown => {
    const { id } = call.body.variables as { id: string };
    const note = notes.find((each) => `gid://gitlab/Note/${each.id}` === id);
    if (note === undefined) return { note: null };
    const by = note.editedBy;
    return {
      note: {
        lastEditedAt: by === null ? null : "2026-06-01T12:00:00Z",
        lastEditedBy: by === null ? null : { id: `gid://gitlab/User/${by}` },
      },
    };
  };

  const requests = (): unknown[] => [
    {
      iid: 7,
      project_id: 42,
      state: merged === null ? "opened" : "merged",
      sha: head,
      web_url: "https://gitlab.example/acme/access/-/merge_requests/7",
      ...merged,
    },
  ];

  const onNotes = (
    call: ForgeCall,
    { thread, id, author, url }: { thread: string; id: string | undefined; author: number; url: string },
  ): ForgeAnswer => {
    if (thread !== "merge_requests/7" && !issues.some((each) => `issues/${each.iid}` === thread))
      return notFound;
    if (id === undefined) {
      if (call.method !== "POST")
        return page(notes.filter((each) => each.thread === thread).map(showNote), call, url);
      return { status: 201, body: showNote(addNote(thread, author, takeText(call.body.body))) };
    }
    const index = notes.findIndex((each) => each.id === Number(id) && each.thread === thread);
    const note = notes[index];
    if (note === undefined) return notFound;
    if (call.method === "DELETE") {
      notes.splice(index, 1);
      return { status: 204 };
    }
    if (call.method === "PUT") {
      note.body = takeText(call.body.body);
      note.editedBy = author;
    }
    return { status: 200, body: showNote(note) };
  };

  const onIssue = (call: ForgeCall, iid: number): ForgeAnswer => {
    const issue = issues.find((each) => each.iid === iid);
    if (issue === undefined) return notFound;
    const { title, description, state_event: event } = call.body;
    if (typeof title === "string") issue.title = title;
    if (typeof description === "string") issue.description = takeText(description);
    if (event === "close") issue.state = "closed";
    if (event === "reopen") issue.state = "opened";
    return { status: 200, body: showIssue(issue) };
  };

  const onIssues = (call: ForgeCall, author: number, url: string): ForgeAnswer => {
    if (call.method === "POST") {
      const { title, description, labels } = call.body;
      const issue: GitLabIssue = {
        iid: issues.length + 1,
        title: String(title),
        description: takeText(description),
        state: "opened",
        labels: String(labels).split(","),
        author,
      };
      issues.push(issue);
      return { status: 201, body: showIssue(issue) };
    }
    const label = call.query.get("labels") ?? "";
    return page(issues.filter((each) => each.labels.includes(label)).map(showIssue), call, url);
  };

  const server = await startForgeServer(serve);
  const setHead = (sha: string): void => {
    head = sha;
  };
  const merge = (as: Readonly<Record<string, string>>): void => {
    merged = as;
  };
  const apiUrl = `${server.url}/api/v4`;
  return { ...server, apiUrl, notes, issues, users, addNote, setHead, merge, quickActions };
};

const quickAction = /^\/\w+.*\n?/gm;

/** A limit that is used up, for so many seconds. */
export const rateLimited = (seconds: number): ForgeAnswer => ({
  status: 429,
  headers: {
    "retry-after": String(seconds),
    "ratelimit-limit": "2000",
    "ratelimit-remaining": "0",
  },
  body: "Retry later\n",
});

/** What nginx says before GitLab hears of it. */
export const tooLargeForTheProxy: ForgeAnswer = {
  status: 413,
  body: "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n</html>\r\n",
};

/** Besides the Link header, which is what GitLab asks clients to follow. */
const pageHeaders = (call: ForgeCall, { headers = {} }: ForgeAnswer): Record<string, string> => {
  const at = Number(call.query.get("page") ?? 1);
  const isLast = !(headers.link ?? "").includes('rel="next"');
  return {
    "x-page": String(at),
    "x-per-page": call.query.get("per_page") ?? "20",
    "x-next-page": isLast ? "" : String(at + 1),
    "x-prev-page": at > 1 ? String(at - 1) : "",
  };
};

const insufficientScope: ForgeAnswer = {
  status: 403,
  body: {
    error: "insufficient_scope",
    error_description: "The request requires higher privileges than provided by the access token.",
    scope: "api",
  },
};

const tooLong: ForgeAnswer = {
  status: 400,
  body: { message: { note: ["is too long (1.2 MiB). The maximum size is 1 MiB."] } },
};

const notFound: ForgeAnswer = { status: 404, body: { message: "404 Not found" } };

const showNote = ({ id, body, author, system }: GitLabNote): unknown => ({
  id,
  body,
  system,
  author: { id: author },
});

const showIssue = ({ author, ...issue }: GitLabIssue): unknown => ({
  ...issue,
  author: { id: author },
  web_url: `https://gitlab.example/acme/access/-/issues/${issue.iid}`,
});
