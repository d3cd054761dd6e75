import { afterEach, beforeEach, expect, test } from "vitest";
import { type CommentRequest, upsertComment } from "../../../src/forge/sticky-comment.ts";
import { detectForge } from "../../../src/forge/detect.ts";
import { openForge } from "../../../src/forge/open-forge.ts";
import {
  type GitLabServer,
  rateLimited,
  startGitLab,
  tooLargeForTheProxy,
} from "../../support/gitlab-server.ts";
import { gitLab, gitLabEnv, jumpingClock, noon, rejection } from "./support.ts";

let gitlab: GitLabServer;

beforeEach(async () => {
  gitlab = await startGitLab();
});

afterEach(() => gitlab.close());

const request = (more: Partial<CommentRequest> = {}): CommentRequest => ({
  subject: { environment: "production" },
  body: "### Plan: 1 to create\n",
  validAt: noon,
  plan: null,
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

test("without any token, as in a fork, the same is said and nothing is asked", async () => {
  const description = detectForge(
    gitLabEnv(gitlab.apiUrl, { GITLAB_TOKEN: "", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "43" }),
  );
  if (description === null) throw new Error("no forge");
  const forge = openForge(description, { clock: jumpingClock() });
  expect(await upsertComment(forge, request())).toEqual({
    outcome: "fallback",
    where: null,
    reason:
      "No comment: the merge request comes from a fork, whose pipelines do not get this project's variables.",
  });
  expect(gitlab.log).toEqual([]);
});

test("the longest body fits, whatever its characters", async () => {
  const forge = gitLab(gitlab);
  for (const character of ["€", "𝄞", "a"]) {
    const body = character.repeat(Math.floor(forge.bodyLimit / character.length));
    await upsertComment(forge, request({ body, subject: { environment: character } }));
  }
  expect(gitlab.notes).toHaveLength(3);
});

test("where a longer one is refused all the same, GitLab's words say why", async () => {
  const body = "€".repeat(400_000);
  const error = await rejection(upsertComment(gitLab(gitlab), request({ body })));
  expect(error).toMatchObject({ code: "forge-invalid", message: expect.stringContaining("is too long") });
  gitlab.faults.push(({ method }) => (method === "POST" ? tooLargeForTheProxy : null));
  expect(await rejection(upsertComment(gitLab(gitlab), request()))).toMatchObject({
    code: "forge-invalid",
    message: expect.stringContaining("413 Request Entity Too Large"),
    hint: expect.stringContaining("proxy"),
  });
});

test("found again behind a hundred notes of others", async () => {
  for (let count = 0; count < 130; count += 1) gitlab.addNote("merge_requests/7", 666, `note ${count}`);
  await upsertComment(gitLab(gitlab), request());
  expect((await upsertComment(gitLab(gitlab), request())).outcome).toBe("unchanged");
  expect(gitlab.notes).toHaveLength(131);
});

test("waits as long as GitLab says, then goes on", async () => {
  const clock = jumpingClock();
  let limited = 0;
  gitlab.faults.push(({ method }) => (method === "POST" && (limited += 1) < 3 ? rateLimited(7) : null));
  expect((await upsertComment(gitLab(gitlab, clock), request())).outcome).toBe("created");
  expect(clock.waits).toEqual([7000, 7000]);
  expect(gitlab.notes).toHaveLength(1);
});

test("names where the note is to be read", async () => {
  const description = detectForge(
    gitLabEnv(gitlab.apiUrl, { CI_MERGE_REQUEST_PROJECT_URL: "https://gitlab.example/acme/access" }),
  );
  if (description === null) throw new Error("no forge");
  const result = await upsertComment(openForge(description, { clock: jumpingClock() }), request());
  expect(result).toMatchObject({
    url: `https://gitlab.example/acme/access/-/merge_requests/7#note_${gitlab.notes[0]?.id}`,
  });
});
