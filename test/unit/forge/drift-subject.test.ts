/** Which issue is whose: a manifest keeps its own when its name changes, and takes nobody else's. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DriftIssueResult, syncDriftIssue } from "../../../src/forge/drift-issue.ts";
import { announceNews } from "../../../src/forge/drift-news.ts";
import type { DriftSubject } from "../../../src/forge/find-drift-issues.ts";
import type { Forge } from "../../../src/forge/forge.ts";
import { type GitHubServer, startGitHub } from "../../support/github-server.ts";
import { type GitLabServer, startGitLab } from "../../support/gitlab-server.ts";
import { gitHub, gitLab } from "./support.ts";

let github: GitHubServer;
let gitlab: GitLabServer;
beforeEach(async () => {
  github = await startGitHub();
  gitlab = await startGitLab();
});
afterEach(async () => {
  await github.close();
  await gitlab.close();
});

interface Side {
  readonly forge: () => Forge;
  /** Title and state of each issue. */
  readonly issues: () => string[];
  readonly commentCount: () => number;
}

const onGitHub: Side = {
  forge: () => gitHub(github),
  issues: () => github.issues.map(({ title, state }) => `${title}: ${state}`),
  commentCount: () => github.comments.length,
};
const onGitLab: Side = {
  forge: () => gitLab(gitlab),
  issues: () => gitlab.issues.map(({ title, state }) => `${title}: ${state === "opened" ? "open" : state}`),
  commentCount: () => gitlab.notes.length,
};
const sides = [
  ["GitHub", onGitHub],
  ["GitLab", onGitLab],
] as const;

const manifest = (name: string | null, path = "access", instance = "d-1234567890"): DriftSubject => ({
  instance,
  manifest: path,
  name,
});

const titleOf = (subject: DriftSubject): string =>
  "environment" in subject ? subject.environment : (subject.name ?? "nameless");

const run = async (
  side: Side,
  subject: DriftSubject,
  fingerprint: string | null = "a",
  announced = false,
): Promise<DriftIssueResult["outcome"]> => {
  const words = { title: titleOf(subject), body: "x", news: "x", announced };
  return (await syncDriftIssue(side.forge(), { subject, labels: ["drift"], fingerprint, ...words })).outcome;
};

test.each(sides)("%s: a manifest that gets a name, and another, keeps its issue, untold", async (_, side) => {
  expect(await run(side, manifest(null))).toBe("opened");
  expect(await run(side, manifest("acme"))).toBe("renamed");
  expect(await run(side, manifest("acme"))).toBe("untouched");
  expect(await run(side, manifest("corp"))).toBe("renamed");
  expect(side.issues()).toEqual(["corp: open"]);
  expect(await run(side, manifest(null))).toBe("renamed");
  expect(side.issues()).toEqual(["nameless: open"]);
  expect(side.commentCount()).toBe(0);
});

test.each(sides)(
  "%s: one whose name changes with the drift is told, closed and opened again",
  async (_, side) => {
    await run(side, manifest(null));
    expect(await run(side, manifest("acme"), "b")).toBe("updated");
    expect(await run(side, manifest("corp"), null)).toBe("closed");
    expect(await run(side, manifest(null), "b")).toBe("reopened");
    expect(side.issues()).toEqual(["nameless: open"]);
  },
);

test.each(sides)("%s: one that is moved is known by its name", async (_, side) => {
  await run(side, manifest("acme", "access"));
  expect(await run(side, manifest("acme", "identity/access"))).toBe("renamed");
  expect(await run(side, manifest("corp", "identity/access"), null)).toBe("closed");
  expect(side.issues()).toHaveLength(1);
});

test.each(sides)("%s: several manifests, instances and named environments have one each", async (_, side) => {
  const subjects = [
    manifest(null, "prod/access"),
    manifest(null, "dev/access"),
    manifest("acme", "shared/access"),
    manifest("acme", "shared/access", "d-9876543210"),
    manifest("corp", "corp/access"),
    { environment: "acme" },
    { environment: "corp" },
  ];
  for (const subject of subjects) expect(await run(side, subject)).toBe("opened");
  for (const subject of subjects) expect(await run(side, subject)).toBe("untouched");
  expect(await run(side, manifest("acme", "shared/access"), null)).toBe("closed");
  expect(side.issues().filter((issue) => issue.endsWith("open"))).toHaveLength(subjects.length - 1);
});

test.each(sides)(
  "%s: of two that are open about one manifest, the one of its name stays",
  async (_, side) => {
    await run(side, manifest("corp", "access"));
    await run(side, manifest("acme", "identity/access"));
    // acme takes the place that corp had, which is no more.
    expect(await run(side, manifest("acme", "access"))).toBe("renamed");
    expect(side.issues()).toEqual(["corp: closed", "acme: open"]);
  },
);

test.each(sides)("%s: a name of its own is no news; what was untold stays so", async (_, side) => {
  let count = 0;
  const announce = (subject: DriftSubject, changed: boolean, succeeds: boolean): Promise<void> =>
    announceNews(side.forge(), { subject, labels: ["drift"], changed }, async () => {
      if (!succeeds) throw new Error("not taken");
      count += 1;
    });
  await run(side, manifest(null), "a", true);
  await expect(announce(manifest(null), true, false)).rejects.toThrow("not taken");
  expect(await run(side, manifest("acme"), "a", true)).toBe("renamed");
  await announce(manifest("acme"), false, true);
  expect(count).toBe(1);
  expect(await run(side, manifest("corp"), "a", true)).toBe("renamed");
  await announce(manifest("corp"), false, true);
  expect(count).toBe(1);
});

test("a path of any length fits the marker", async () => {
  expect(await run(onGitHub, manifest("acme", "ü/".repeat(800)))).toBe("opened");
  expect(await run(onGitHub, manifest(null, "ü/".repeat(800)))).toBe("renamed");
});
