/** A run for a commit that the pull request is no longer at: somebody ran the workflow of an old commit again. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Forge } from "../../../src/forge/forge.ts";
import { type CommentRequest, upsertComment } from "../../../src/forge/sticky-comment.ts";
import { actionsBot, badGateway, type GitHubServer, startGitHub } from "../../support/github-server.ts";
import { gitHub, jumpingClock, noon, rejection } from "./support.ts";

const older = "1".repeat(40);
const newer = "2".repeat(40);
let server: GitHubServer;

beforeEach(async () => {
  server = await startGitHub();
  server.addIssue({ number: 7, isPullRequest: true, head: newer });
});
afterEach(() => server.close());

const runOf = (headSha: string | null, more: Partial<Forge["description"]> = {}): Forge =>
  gitHub(server, {
    pullRequest: { project: "acme/access", number: 7, headSha, fork: false, url: null },
    ...more,
  });
const request = (more: Partial<CommentRequest> = {}): CommentRequest => ({
  subject: { environment: "production" },
  body: "the newest plan",
  validAt: noon,
  plan: null,
  ...more,
});
const late = request({ body: "an old plan", validAt: noon + 60_000 });
const bodies = (): string[] => server.comments.map(({ body }) => body);
const failing = (answer: typeof badGateway) =>
  server.faults.push((call) => (call.path.endsWith("/pulls/7") ? answer : null));

test("leaves the comment alone, however late it runs", async () => {
  await upsertComment(runOf(newer), request());
  const before = bodies();
  const again = await upsertComment(runOf(older, { attempt: 2 }), late);
  expect(again).toEqual({ outcome: "older-commit", head: newer });
  expect(bodies()).toEqual(before);
});

test("makes no comment either", async () => {
  expect((await upsertComment(runOf(older), late)).outcome).toBe("older-commit");
  expect(bodies()).toEqual([]);
});

test("a run for the newest commit that is run again updates it, also after a push that took the branch back", async () => {
  await upsertComment(runOf(newer), request());
  const again = await upsertComment(runOf(newer, { attempt: 2 }), late);
  expect(again.outcome).toBe("updated");
  const [pull] = server.issues;
  if (pull !== undefined) pull.head = older;
  const back = await upsertComment(runOf(older), request({ body: "back", validAt: noon + 120_000 }));
  expect(back.outcome).toBe("updated");
  expect(bodies()).toEqual([expect.stringContaining("back")]);
});

test("a forge that lags behind the push is asked twice", async () => {
  const clock = jumpingClock();
  let asked = 0;
  server.faults.push((call) => {
    if (!call.path.endsWith("/pulls/7")) return null;
    asked += 1;
    return asked === 1 ? { status: 200, body: { number: 7, head: { sha: older } } } : null;
  });
  const pullRequest = { project: "acme/access", number: 7, headSha: newer, fork: false, url: null };
  expect((await upsertComment(gitHub(server, { pullRequest }, clock), request())).outcome).toBe("created");
  expect(clock.waits).toEqual([3000]);
});

test("a run that does not know its commit goes by the time alone", async () => {
  await upsertComment(runOf(null), request());
  expect((await upsertComment(runOf(null), late)).outcome).toBe("updated");
  expect(server.log.filter((line) => line.includes("/pulls/"))).toEqual([]);
});

test.each([
  ["the forge fails", badGateway, "forge-unavailable"],
  ["the reply makes no sense", { status: 200, body: { number: 7 } }, "forge-bad-reply"],
  ["there is no such pull request", { status: 404, body: { message: "Not Found" } }, "forge-not-found"],
])("where the newest commit is not known, nothing is written: %s", async (_, answer, code) => {
  await upsertComment(runOf(newer), request());
  const before = bodies();
  failing(answer);
  expect(await rejection(upsertComment(runOf(newer), late))).toMatchObject({ code });
  expect(bodies()).toEqual(before);
});

test("where it may not be asked, that is told with the permission that is missing", async () => {
  server.addComment(7, actionsBot, "talk");
  failing({ status: 403, body: { message: "Resource not accessible by integration" } });
  expect(await upsertComment(runOf(newer), late)).toMatchObject({
    outcome: "fallback",
    reason: expect.stringContaining("pull-requests: write") as string,
  });
  expect(bodies()).toEqual(["talk"]);
});
