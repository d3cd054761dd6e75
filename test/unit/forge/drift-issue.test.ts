import { afterEach, beforeEach, expect, test } from "vitest";
import { type DriftIssueRequest, syncDriftIssue } from "../../../src/forge/drift-issue.ts";
import {
  actionsBot,
  badGateway,
  type GitHubServer,
  member,
  startGitHub,
} from "../../support/github-server.ts";
import { startGitLab } from "../../support/gitlab-server.ts";
import { gitHub, gitLab, rejection } from "./support.ts";

let server: GitHubServer;

beforeEach(async () => {
  server = await startGitHub();
});

afterEach(() => server.close());

const request = (more: Partial<DriftIssueRequest> = {}): DriftIssueRequest => ({
  subject: { environment: "production" },
  fingerprint: "aaa",
  title: "Access drifted in production",
  body: "2 changed",
  news: "**2 changed**",
  labels: ["access-drift", "security"],
  ...more,
});

const sync = (more: Partial<DriftIssueRequest> = {}) => syncDriftIssue(gitHub(server), request(more));
const comments = (): string[] => server.comments.map(({ body }) => body.replace(/^<!--.*-->\n/, ""));
const writes = (): number =>
  server.log.filter((line) => !line.startsWith("GET") && line !== "POST /graphql").length;

test("opened on drift, with its labels", async () => {
  expect(await sync()).toEqual({
    outcome: "opened",
    number: 1,
    url: "https://github.com/acme/access/issues/1",
  });
  expect(server.issues).toMatchObject([
    { title: "Access drifted in production", state: "open", labels: ["access-drift", "security"] },
  ]);
  expect(server.issues[0]?.body).toMatch(
    /^<!-- reconcile:drift key=production fingerprint=aaa -->\n2 changed$/,
  );
});

test("untouched while the drift is the same, whatever else is said about it", async () => {
  await sync();
  const before = writes();
  expect(await sync({ body: "2 changed, looked at later", title: "other" })).toMatchObject({
    outcome: "untouched",
    number: 1,
  });
  expect(writes()).toBe(before);
});

test("updated and told when the drift changes", async () => {
  await sync();
  expect(await sync({ fingerprint: "bbb", body: "3 changed", news: "**3 changed**" })).toMatchObject({
    outcome: "updated",
    number: 1,
  });
  expect(server.issues[0]?.body).toContain("fingerprint=bbb -->\n3 changed");
  expect(comments()).toEqual([
    "The drift has changed. The description of this issue shows what differs now. ([run](https://github.com/acme/access/actions/runs/123))\n\n**3 changed**",
  ]);
  expect(await sync({ fingerprint: "bbb" })).toMatchObject({ outcome: "untouched" });
});

test("closed and told when there is none any more; then nothing", async () => {
  await sync();
  expect(await sync({ fingerprint: null })).toMatchObject({ outcome: "closed", number: 1 });
  expect(server.issues[0]?.state).toBe("closed");
  expect(comments()).toEqual([expect.stringMatching(/^No drift any more/)]);
  const before = writes();
  expect(await sync({ fingerprint: null })).toEqual({ outcome: "nothing", number: null, url: null });
  expect(writes()).toBe(before);
});

test("opened again rather than twice, also with the same drift", async () => {
  await sync();
  await sync({ fingerprint: null });
  expect(await sync({ body: "2 changed again" })).toMatchObject({ outcome: "reopened", number: 1 });
  expect(server.issues).toMatchObject([{ state: "open", body: expect.stringContaining("2 changed again") }]);
  expect(comments().at(-1)).toMatch(/^Drift is back/);
  expect(await sync({ fingerprint: null })).toMatchObject({ outcome: "closed" });
  expect(comments()).toHaveLength(3);
});

test("one for each environment", async () => {
  await sync();
  await sync({ subject: { environment: "staging" } });
  expect(await sync({ subject: { environment: "staging" }, fingerprint: null })).toMatchObject({
    number: 2,
    outcome: "closed",
  });
  expect(server.issues.map(({ state }) => state)).toEqual(["open", "closed"]);
});

test("pull requests, issues of others, and quoted markers are not it", async () => {
  await sync();
  const body = server.issues[0]?.body ?? "";
  server.issues.length = 0;
  server.addIssue({ labels: ["access-drift"], body, isPullRequest: true });
  server.addIssue({ labels: ["access-drift"], body, user: member });
  server.addIssue({ labels: ["access-drift"], body: `> ${body}` });
  server.addIssue({ labels: ["else"], body });
  expect(await sync()).toMatchObject({ outcome: "opened", number: 5 });
});

test("found among many, by its label", async () => {
  for (let index = 0; index < 150; index += 1) server.addIssue({ labels: ["access-drift"] });
  await sync();
  expect(await sync()).toMatchObject({ outcome: "untouched", number: 151 });
});

test("of two that were opened by runs at the same time, the older one stays", async () => {
  await sync();
  const other = server.issues[0];
  server.issues.length = 0;
  let raced = false;
  server.faults.push((call) => {
    if (call.method === "POST" && call.path.endsWith("/issues") && !raced) {
      raced = true;
      server.addIssue({ ...other });
    }
    return null;
  });
  expect(await sync({ fingerprint: "bbb" })).toMatchObject({ outcome: "updated", number: 1 });
  expect(server.issues.map(({ state }) => state)).toEqual(["open", "closed"]);
  expect(comments()).toContain("Duplicate of #1.");
});

test("duplicates that are open are closed by the next run, drift or not", async () => {
  await sync();
  const body = server.issues[0]?.body ?? "";
  server.addIssue({ labels: ["access-drift"], body });
  expect(await sync()).toMatchObject({ outcome: "untouched", number: 1 });
  server.addIssue({ labels: ["access-drift"], body });
  expect(await sync({ fingerprint: null })).toMatchObject({ outcome: "closed", number: 1 });
  expect(server.issues.map(({ state }) => state)).toEqual(["closed", "closed", "closed"]);
  expect(await sync()).toMatchObject({ outcome: "reopened", number: 1 });
});

test("a lost reply to a new issue does not open a second one", async () => {
  let lost = false;
  server.faults.push((call) => {
    if (call.method !== "POST" || !call.path.endsWith("/issues") || lost) return null;
    lost = true;
    return "lost";
  });
  expect(await sync()).toMatchObject({ outcome: "opened", number: 1 });
  expect(server.issues).toHaveLength(1);
});

test("where opening fails for good, that is the error", async () => {
  server.faults.push((call) => (call.method === "POST" && call.path.endsWith("/issues") ? badGateway : null));
  expect((await rejection(sync())).code).toBe("forge-unavailable");
});

test("a lost reply to a comment does not tell it twice", async () => {
  await sync();
  let lost = false;
  server.faults.push((call) => {
    if (call.method !== "POST" || !call.path.endsWith("/comments") || lost) return null;
    lost = true;
    return "lost";
  });
  expect(await sync({ fingerprint: "bbb" })).toMatchObject({ outcome: "updated" });
  expect(server.comments).toHaveLength(1);
});

test("a run that was cut short between comment and edit is taken up without telling it twice", async () => {
  await sync();
  server.faults.push((call) => (call.method === "PATCH" ? { status: 422, body: {} } : null));
  await rejection(sync({ fingerprint: "bbb" }));
  server.faults.length = 0;
  expect(await sync({ fingerprint: "bbb" })).toMatchObject({ outcome: "updated" });
  expect(server.comments).toHaveLength(1);
  server.addComment(1, member, server.comments[0]?.body.replace("bbb", "ccc") ?? "");
  await sync({ fingerprint: "ccc" });
  expect(server.comments).toHaveLength(3);
});

test("a token that may not set labels is an error, because the issue could not be found again", async () => {
  server.users.set("token-of-the-workflow", { user: actionsBot, mayLabel: false });
  expect(await rejection(sync())).toMatchObject({
    code: "forge-label-refused",
    message: expect.stringContaining("#1"),
  });
  expect(server.issues[0]?.state).toBe("closed");
});

test.each(["", "a,b"])("the label %j can not be searched for", async (label) => {
  expect((await rejection(sync({ labels: [label] }))).code).toBe("forge-label");
  expect(server.log).toEqual([]);
});

test("a long title is cut", async () => {
  await sync({ title: "t".repeat(400) });
  expect(server.issues[0]?.title).toMatch(/^t{249}…$/);
});

test("a token that can only read is an error with GitHub's words", async () => {
  server.users.set("token-of-the-workflow", { user: actionsBot, readOnly: true });
  expect((await rejection(sync())).code).toBe("forge-forbidden");
});

test("GitLab: opened, untouched, updated, closed, reopened", async () => {
  const gitlab = await startGitLab();
  const run = async (more: Partial<DriftIssueRequest>): Promise<string> =>
    (await syncDriftIssue(gitLab(gitlab), request(more))).outcome;
  const outcomes = [
    await run({ fingerprint: null }),
    await run({}),
    await run({}),
    await run({ fingerprint: "bbb", title: "worse", body: "/close", news: "/close" }),
    await run({ fingerprint: null }),
    await run({ fingerprint: "bbb" }),
  ];
  expect(outcomes).toEqual(["nothing", "opened", "untouched", "updated", "closed", "reopened"]);
  expect(gitlab.issues).toMatchObject([
    { title: "Access drifted in production", state: "opened", labels: ["access-drift", "security"] },
  ]);
  expect(gitlab.notes.map(({ thread }) => thread)).toEqual(["issues/1", "issues/1", "issues/1"]);
  expect(gitlab.quickActions).toEqual([]);
  await gitlab.close();
});
