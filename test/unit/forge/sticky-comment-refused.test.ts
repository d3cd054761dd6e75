import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CommentRequest, upsertComment } from "../../../src/forge/sticky-comment.ts";
import { actionsBot, type GitHubServer, startGitHub } from "../../support/github-server.ts";
import { gitHub, noon, rejection } from "./support.ts";

let server: GitHubServer;
let folder: string;

beforeEach(async () => {
  server = await startGitHub();
  server.addIssue({ number: 7, isPullRequest: true });
  folder = mkdtempSync(join(tmpdir(), "forge-"));
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const request = (more: Partial<CommentRequest> = {}): CommentRequest => ({
  subject: { environment: "production" },
  body: "### Plan: 1 to create\n",
  validAt: noon,
  plan: null,
  ...more,
});

test("bodyLimit is what fits beside the marker; more is refused by GitHub, in its own words", async () => {
  const forge = gitHub(server);
  const full = "ü".repeat(forge.bodyLimit);
  expect((await upsertComment(forge, request({ body: full }))).outcome).toBe("created");
  const error = await rejection(
    upsertComment(forge, request({ body: "x".repeat(70_000), validAt: noon + 1 })),
  );
  expect(error).toMatchObject({
    code: "forge-invalid",
    message: expect.stringContaining("Body is too long"),
  });
});

test("without the right to write, the body goes to the job summary, and the reason says what to do", async () => {
  server.users.set("token-of-the-workflow", { user: actionsBot, readOnly: true });
  const summaryFile = join(folder, "summary.md");
  writeFileSync(summaryFile, "before\n");
  const result = await upsertComment(gitHub(server, { summaryFile }), request());
  expect(result).toEqual({
    outcome: "fallback",
    where: "job-summary",
    reason: expect.stringMatching(
      /^No comment: .*pull-requests: write.*Resource not accessible by integration\.$/,
    ),
  });
  expect(readFileSync(summaryFile, "utf8")).toBe("before\n### Plan: 1 to create\n\n");
});

test("a fork's reason is that it is a fork", async () => {
  server.users.set("token-of-the-workflow", { user: actionsBot, readOnly: true });
  const readOnlyBecause = "the pull request comes from a fork, whose runs get a token that can only read";
  expect(await upsertComment(gitHub(server, { readOnlyBecause }), request())).toEqual({
    outcome: "fallback",
    where: null,
    reason: `No comment: ${readOnlyBecause}.`,
  });
});

test("a summary that is full is left alone", async () => {
  server.users.set("token-of-the-workflow", { user: actionsBot, readOnly: true });
  const summaryFile = join(folder, "summary.md");
  writeFileSync(summaryFile, "x".repeat(1_048_570));
  expect(await upsertComment(gitHub(server, { summaryFile }), request())).toMatchObject({ where: null });
  expect(statSync(summaryFile).size).toBe(1_048_570);
});

test("a wrong token is an error", async () => {
  server.users.clear();
  expect((await rejection(upsertComment(gitHub(server), request()))).code).toBe("forge-unauthorized");
});

test("a pull request that is not there, or that the token may not see, is an error", async () => {
  const pullRequest = { project: "acme/access", number: 8, headSha: null, fork: false, url: null };
  const error = await rejection(upsertComment(gitHub(server, { pullRequest }), request()));
  expect(error).toMatchObject({
    code: "forge-not-found",
    message: expect.stringContaining("/issues/8/comments"),
  });
});

test("a run without a pull request is the user's mistake", async () => {
  expect((await rejection(upsertComment(gitHub(server, { pullRequest: null }), request()))).code).toBe(
    "no-pull-request",
  );
});

test("GitHub Enterprise Server: the API and GraphQL have other paths", async () => {
  const enterprise = await startGitHub("/api/v3");
  enterprise.addIssue({ number: 7, isPullRequest: true });
  expect((await upsertComment(gitHub(enterprise), request())).outcome).toBe("created");
  expect(enterprise.log).toContain("POST /api/graphql");
  expect(enterprise.log).toContain("POST /api/v3/repos/acme/access/issues/7/comments");
  await enterprise.close();
});

test("no token in any error", async () => {
  server.faults.push((call) => ({
    status: 500,
    body: `<title>${String(call.headers.authorization)}</title>`,
  }));
  const error = await rejection(upsertComment(gitHub(server), request()));
  expect(JSON.stringify(error)).not.toContain("token-of-the-workflow");
  expect(error.message).toContain("Bearer ***");
});
