/** Which plan was reviewed: only what the token's owner wrote, wrote last, and on the pull request that was merged. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CommentSubject } from "../../../src/forge/comment-subject.ts";
import type { ForgeDescription } from "../../../src/forge/description.ts";
import { detectForge } from "../../../src/forge/detect.ts";
import type { Forge } from "../../../src/forge/forge.ts";
import { openForge } from "../../../src/forge/open-forge.ts";
import { findReviewedPlan, type ReviewedPlan } from "../../../src/forge/reviewed-plan.ts";
import { upsertComment } from "../../../src/forge/sticky-comment.ts";
import {
  actionsBot,
  badGateway,
  type GitHubServer,
  member,
  startGitHub,
  stranger,
} from "../../support/github-server.ts";
import { type GitLabServer, startGitLab } from "../../support/gitlab-server.ts";
import { gitHub, gitHubEnv, gitLab, gitLabEnv, jumpingClock, noon } from "./support.ts";

const merged = "c".repeat(40);
const plan = "d".repeat(64);
const subject: CommentSubject = { manifest: "access", instance: "d-1" };
const request = (more: { subject?: CommentSubject; plan?: string | null } = {}) => ({
  subject,
  body: "the plan",
  validAt: noon,
  plan,
  ...more,
});
const opening =
  (clock = jumpingClock()) =>
  (description: ForgeDescription): Forge =>
    openForge(description, { clock });
const described = (env: Record<string, string>): ForgeDescription => {
  const description = detectForge(env);
  if (description === null) throw new Error("no forge");
  return description;
};

describe("on GitHub", () => {
  let server: GitHubServer;
  beforeEach(async () => {
    server = await startGitHub();
    server.addIssue({ number: 7, isPullRequest: true });
  });
  afterEach(() => server.close());

  const merge = (number = 7): void => {
    const pull = server.issues.find((each) => each.number === number);
    if (pull !== undefined) pull.mergedAs = merged;
  };
  const push = { GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/main" };
  const find = (open = opening()): Promise<ReviewedPlan> =>
    findReviewedPlan(described(gitHubEnv(server.apiUrl, push)), open, { commit: merged, subject });
  const first = () => server.comments[0] ?? expect.fail("no comment");

  test("it is that of the comment on the pull request whose merge made the commit", async () => {
    await upsertComment(gitHub(server), request());
    merge();
    const url = "https://github.com/acme/access/pull/7";
    expect(await find()).toMatchObject({ request: { number: 7, url }, digest: plan, why: null });
    // Updated by its author it is still the author's.
    await upsertComment(gitHub(server), {
      ...request(),
      plan: "e".repeat(64),
      body: "newer",
      validAt: noon + 1,
    });
    expect(first().editedBy).toBe(actionsBot.id);
    expect((await find()).digest).toBe("e".repeat(64));
  });

  test.each([
    ["edited by a member", () => Object.assign(first(), { editedBy: member.id })],
    ["edited by an account that is gone", () => Object.assign(first(), { editedBy: 0 })],
    ["with other words than its own", () => Object.assign(first(), { body: `${first().body}!` })],
  ])("a comment %s is not taken at its word", async (_, edit) => {
    await upsertComment(gitHub(server), request());
    merge();
    edit();
    expect(await find()).toMatchObject({ digest: null, why: "its comment was edited by somebody else" });
  });

  test("what others wrote is none of ours", async () => {
    await upsertComment(gitHub(server), request());
    const { body } = first();
    server.comments.length = 0;
    server.addComment(7, stranger, body);
    server.addComment(7, member, body);
    server.addComment(7, { ...actionsBot, id: 99 }, body);
    merge();
    expect((await find()).why).toBe("the pull request has no comment with a plan of this manifest");
  });

  test("of two comments neither is taken", async () => {
    await upsertComment(gitHub(server), request());
    server.addComment(7, actionsBot, first().body);
    merge();
    expect((await find()).why).toContain("more than one comment");
  });

  test("a comment of another environment, or without a plan to approve, is none", async () => {
    await upsertComment(gitHub(server), request({ subject: { environment: "other" } }));
    merge();
    expect((await find()).why).toContain("no comment with a plan of this manifest");
    await upsertComment(gitHub(server), request({ plan: null }));
    expect((await find()).why).toBe("its comment shows no plan that could be approved");
  });

  test("a commit that no merge made, or more than one, was not reviewed; one that is told late is waited for", async () => {
    await upsertComment(gitHub(server), request());
    const clock = jumpingClock();
    const none = await find(opening(clock));
    expect(none).toEqual({
      request: null,
      digest: null,
      why: `no merged pull request is known for commit ${merged.slice(0, 12)}`,
    });
    expect(clock.waits).toEqual([5000]);
    // It holds the commit, but its merge has not made it.
    server.addIssue({ number: 8, isPullRequest: true, head: merged });
    expect((await find()).digest).toBeNull();
    let asked = 0;
    server.faults.push((call) => {
      if (!call.path.endsWith("/pulls")) return null;
      asked += 1;
      return asked === 1 ? { status: 200, body: [] } : null;
    });
    merge();
    expect((await find()).digest).toBe(plan);
    merge(8);
    expect((await find()).why).toContain("made by more than one pull request");
  });

  test.each([
    ["/pulls", { status: 403, body: { message: "Resource not accessible by integration" } }],
    ["/graphql", { status: 200, body: { data: { viewer: { databaseId: actionsBot.id }, node: null } } }],
    ["/comments", badGateway],
  ])("a forge that fails at %s leaves it unknown, and says so", async (path, answer) => {
    await upsertComment(gitHub(server), request());
    merge();
    server.faults.push((call) => (call.path.endsWith(path) ? answer : null));
    const { digest, why } = await find();
    expect(digest).toBeNull();
    expect(why).toContain("GitHub");
  });

  test("a token that does not say whose it is finds nothing, though members are let in", async () => {
    await upsertComment(gitHub(server), request());
    merge();
    server.faults.push((call) =>
      call.path === "/graphql" ? { status: 403, body: { message: "no" } } : null,
    );
    expect((await find()).why).toContain("the token does not say whose it is");
  });
});

describe("on GitLab", () => {
  let server: GitLabServer;
  beforeEach(async () => {
    server = await startGitLab();
    await upsertComment(gitLab(server), request());
  });
  afterEach(() => server.close());

  const find = (): Promise<ReviewedPlan> => {
    const { CI_MERGE_REQUEST_IID: _, ...env } = gitLabEnv(server.apiUrl);
    return findReviewedPlan(described(env), opening(), { commit: merged, subject });
  };

  test.each(["merge_commit_sha", "squash_commit_sha", "sha"])("a merge is known by its %s", async (name) => {
    expect((await find()).why).toContain("no merged merge request is known");
    server.merge({ [name]: "f".repeat(40) });
    expect((await find()).digest).toBeNull();
    server.merge({ [name]: merged });
    const url = "https://gitlab.example/acme/access/-/merge_requests/7";
    expect(await find()).toMatchObject({ request: { number: 7, url }, digest: plan, why: null });
  });

  test("a merge into another project is none of this one's", async () => {
    server.merge({ merge_commit_sha: merged, project_id: "43" });
    expect((await find()).digest).toBeNull();
  });

  test("a note that somebody else edited is not taken at its word, one that its author updated is", async () => {
    server.merge({ merge_commit_sha: merged });
    await upsertComment(gitLab(server), { ...request(), body: "newer", validAt: noon + 1 });
    expect((await find()).digest).toBe(plan);
    const [note] = server.notes;
    if (note !== undefined) note.editedBy = 1;
    expect((await find()).why).toBe("its comment was edited by somebody else");
  });
});
