/** Mistakes in the options of drift, plan, comment and validate are told before AWS, the forge or a receiver is asked anything. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { gitHubVariables } from "../support/forge-job.ts";
import { type GitHubServer, startGitHub } from "../support/github-server.ts";
import { runInProcess } from "../support/in-process.ts";
import type { Run } from "../support/reconcile.ts";
import { createWorld, type World } from "../support/world.ts";

const manifest = "version: 1\ngroups: { Team: {} }\n";

let world: World;
let github: GitHubServer;
const outside = { ...process.env };
beforeAll(async () => {
  world = await createWorld();
  github = await startGitHub();
  await world.write("access.yaml", manifest);
  await mkdir(join(world.folder, "there"));
  const saved = await run("plan", "--out", "plan.json");
  expect(saved.exitCode, saved.stderr).toBe(0);
});
afterAll(async () => {
  await github.close();
  await world.close();
});
beforeEach(() => {
  Object.assign(process.env, gitHubVariables("pull_request", github.apiUrl));
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in outside)) delete process.env[name];
  Object.assign(process.env, outside);
});

const run = (...args: readonly string[]): Promise<Run> =>
  runInProcess(args, { cwd: world.folder, url: world.sandbox.url });

const long = "e".repeat(2000);
const issue = ["drift", "--issue"];

it.each<[string, readonly string[], string]>([
  ["a webhook that is no URL", ["drift", "--webhook", "notaurl"], "error[webhook-url]"],
  ["an empty webhook", ["drift", "--webhook", ""], "error[webhook-url]"],
  ["a webhook without https", [...issue, "--webhook", "http://chat.example/s3cret"], "error[webhook-url]"],
  [
    "a webhook with a password",
    ["drift", "--webhook", "https://a:s3cret@chat.example/"],
    "error[webhook-url]",
  ],
  ["an environment without a name", [...issue, "--environment", " "], "Expected a name"],
  ["an environment of too long a name", [...issue, "--environment", long], "at most 200 characters"],
  ["the same for a comment", ["plan", "--comment", "--environment", long], "at most 200 characters"],
  ["the same for a saved plan", ["comment", "--plan", "plan.json", "--environment", long], "at most 200"],
  ["a folder that is not there", ["drift", "--out", "nowhere/repair.json"], "error[cannot-write]"],
  ["a folder in place of a file", ["plan", "--out", "there"], "it is a folder"],
  ["a file in place of a folder", ["plan", "--out", "access.yaml/plan.json"], "there is no folder"],
  ["no name for a file", ["plan", "--out", ""], "error[cannot-write]"],
  ["a patch that can not be written", ["drift", "--accept", "nowhere/a.patch"], "error[cannot-write]"],
  ["a format's file that can not be written", ["plan", "--format", "json=nowhere/p"], "error[cannot-write]"],
  ["one file for two", ["plan", "--out", "p.json", "--format", "json=./p.json"], "--format json and --out"],
  ["one file for patch and plan", ["drift", "--out", "p", "--accept", "p"], "--out and --accept"],
  ["the manifest as a result", ["plan", "--out", "access.yaml"], "The manifest and --out"],
  [
    "the manifest that is named",
    ["drift", "there/../access.yaml", "--out", "access.yaml"],
    "error[same-file]",
  ],
  ["the manifest that is checked", ["validate", "--format", "json=access.yaml"], "error[same-file]"],
  ["a guard that there is not", ["plan", "--allow", "max-removal=3"], "Did you mean max-removals?"],
  ["an allowance of another form", ["plan", "--allow", "max-removals=3"], "error[bad-allowance]"],
  ["a time that is none", ["drift", "--out", "p", "--max-age", "soon"], "Expected a number of minutes"],
  ["a plan that is not there", ["comment", "--plan", "nowhere.json"], "error[cannot-read]"],
  ["a plan that is none", ["comment", "--plan", "access.yaml"], "error["],
])("%s", async (_what, args, message) => {
  const calls = world.log.length;
  const { stdout, stderr, exitCode } = await run(...args);
  expect(stderr).toContain(message);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 3 });
  expect(stderr).not.toContain("s3cret");
  expect(world.log.slice(calls)).toEqual([]);
  expect(github.log).toEqual([]);
  expect(await readFile(join(world.folder, "access.yaml"), "utf8")).toBe(manifest);
});
