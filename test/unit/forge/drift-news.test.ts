import { afterEach, beforeEach, expect, test } from "vitest";
import { type DriftIssueRequest, syncDriftIssue } from "../../../src/forge/drift-issue.ts";
import { announceNews } from "../../../src/forge/drift-news.ts";
import { type GitHubServer, startGitHub } from "../../support/github-server.ts";
import { type GitLabServer, startGitLab } from "../../support/gitlab-server.ts";
import { gitHub, gitLab, jumpingClock } from "./support.ts";

let server: GitHubServer;
let gitlab: GitLabServer;
beforeEach(async () => {
  server = await startGitHub();
  gitlab = await startGitLab();
});
afterEach(async () => {
  await server.close();
  await gitlab.close();
});

const request = (fingerprint: string | null): DriftIssueRequest => ({
  subject: { environment: "production" },
  fingerprint,
  title: "Access drifted",
  body: "2 changed",
  news: "**2 changed**",
  labels: ["access-drift"],
  announced: true,
});

/** How often something was announced. */
const run = async (fingerprint: string | null, forge = gitHub(server)): Promise<number> => {
  let count = 0;
  const { outcome } = await syncDriftIssue(forge, request(fingerprint));
  const changed = outcome !== "untouched" && outcome !== "nothing";
  await announceNews(forge, { ...request(fingerprint), changed }, async () => {
    count += 1;
  });
  return count;
};

test.each([
  ["GitHub", () => gitHub(server)],
  ["GitLab", () => gitLab(gitlab)],
])("once for each change of the issue, on %s", async (_, forge) => {
  const told: number[] = [];
  for (const each of [null, "a", "a", "b", "b", null, null, "b", null]) told.push(await run(each, forge()));
  expect(told).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 1]);
});

test("the issue's words stay what they were", async () => {
  await run("a");
  expect(server.issues[0]?.body).toBe("<!-- reconcile:drift key=production fingerprint=a -->\n2 changed");
});

test("a list that lags behind the new issue is looked at again", async () => {
  const clock = jumpingClock();
  let created = false;
  let hidden = 0;
  server.faults.push((call) => {
    if (call.method === "POST" && call.path.endsWith("/issues")) created = true;
    if (!created || call.method !== "GET" || hidden === 2) return null;
    hidden += 1;
    return { status: 200, body: [] };
  });
  expect(await run("a", gitHub(server, {}, clock))).toBe(1);
});

test("a duplicate that was closed is no news of its own", async () => {
  await syncDriftIssue(gitHub(server), request("a"));
  server.addIssue({ labels: ["access-drift"], body: server.issues[0]?.body ?? "" });
  expect(await run("a")).toBe(1);
  expect(await run(null)).toBe(1);
  expect(await run(null)).toBe(0);
});
