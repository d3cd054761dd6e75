import { afterEach, beforeEach, expect, test } from "vitest";
import { type CommentRequest, upsertComment } from "../../../src/forge/sticky-comment.ts";
import { type GitLabServer, startGitLab } from "../../support/gitlab-server.ts";
import { gitLab, noon, rejection } from "./support.ts";

let gitlab: GitLabServer;

beforeEach(async () => {
  gitlab = await startGitLab();
});

afterEach(() => gitlab.close());

const request = (more: Partial<CommentRequest> = {}): CommentRequest => ({
  key: "production",
  body: "### Plan: 1 to create\n",
  validAt: noon,
  ...more,
});

test("made, updated, left alone, kept from older runs", async () => {
  gitlab.addNote("merge_requests/7", 900, "changed the title", true);
  const run = (more: Partial<CommentRequest>) => upsertComment(gitLab(gitlab), request(more));
  const outcomes = [
    await run({}),
    await run({}),
    await run({ body: "later", validAt: noon + 1 }),
    await run({ body: "older" }),
  ];
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["created", "unchanged", "updated", "older-run"]);
  expect(gitlab.notes.map(({ body }) => body)).toEqual([
    "changed the title",
    expect.stringContaining("later"),
  ]);
});

test("left alone by a pipeline of a commit that the merge request is no longer at", async () => {
  await upsertComment(gitLab(gitlab), request());
  gitlab.setHead("def");
  const result = await upsertComment(gitLab(gitlab), request({ body: "late", validAt: noon + 1 }));
  expect(result).toEqual({ outcome: "older-commit", head: "def" });
  expect(gitlab.notes.map(({ body }) => body)).toEqual([expect.stringContaining("1 to create")]);
});

test("duplicates end, notes of others stay", async () => {
  await upsertComment(gitLab(gitlab), request());
  const text = gitlab.notes[0]?.body ?? "";
  gitlab.addNote("merge_requests/7", 900, text);
  gitlab.addNote("merge_requests/7", 666, text);
  await upsertComment(gitLab(gitlab), request());
  expect(gitlab.notes.map(({ author }) => author)).toEqual([900, 666]);
});

test("what GitLab itself notes in our name is none of our comments", async () => {
  await upsertComment(gitLab(gitlab), request());
  const [note] = gitlab.notes.splice(0);
  gitlab.addNote("merge_requests/7", 900, note?.body ?? "", true);
  expect((await upsertComment(gitLab(gitlab), request())).outcome).toBe("created");
});

test("a line that begins with a slash is text, not a command", async () => {
  const body = "fine: /a/b\n/close\n  /merge\n/ alone";
  expect((await upsertComment(gitLab(gitlab), request({ body }))).outcome).toBe("created");
  expect((await upsertComment(gitLab(gitlab), request({ body }))).outcome).toBe("unchanged");
  expect(gitlab.quickActions).toEqual([]);
  expect(gitlab.notes[0]?.body).toContain("fine: /a/b\n\u200b/close\n  \u200b/merge\n/ alone");
});

test("without the right to write there is no summary, and the reason says what the token lacks", async () => {
  gitlab.users.set("glpat-project", { id: 900, readOnly: true });
  expect(await upsertComment(gitLab(gitlab), request())).toEqual({
    outcome: "fallback",
    where: null,
    reason: expect.stringContaining("scope api"),
  });
});

test("a reply without a user's id is an error, not a stranger", async () => {
  gitlab.faults.push((call) => (call.path === "/api/v4/user" ? { status: 200, body: {} } : null));
  expect((await rejection(upsertComment(gitLab(gitlab), request()))).code).toBe("forge-bad-reply");
  expect(gitlab.notes).toEqual([]);
});
