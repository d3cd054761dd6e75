/**
 * Everything that goes to GitHub as Markdown, from the built command: the comment, the job's summaries, the drift issue.
 * Rendered and sanitised as GitHub does, with names in it that would like to be more than names.
 */
import { readFile } from "node:fs/promises";
import { CreateGroupCommand, CreateUserCommand } from "@aws-sdk/client-identitystore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { groupAddress } from "../../src/model/address.ts";
import { escapeTerminal } from "../../src/report/escape.ts";
import { type GitHubJob, runGitHubJob, stepFiles } from "../support/forge-job.ts";
import { type GitHubServer, startGitHub } from "../support/github-server.ts";
import { createHands } from "../support/hands.ts";
import type { Run } from "../support/reconcile.ts";
import { elements, rendered, textOf } from "../support/rendered.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";
import { hostileNames } from "../unit/report/support/hostile-plan.ts";

const names = [...hostileNames, "x".repeat(1024)];
const accountName = "<b>@acme</b> | `#1` ![](//evil.example/p.png)";
const manifest = {
  version: 1,
  name: "acme",
  mode: "exclusive",
  guards: {
    maxRemovals: { percent: 100 },
    maxShrink: { percent: 100 },
    emptyManifest: "allow",
    protect: ["group/@acme*"],
  },
  groups: { Team: { description: "**bold** | <b>@team</b>" } },
  permissionSets: { Admin: { managedPolicies: ["AdministratorAccess"] }, Reader: {} },
  assignments: [{ groups: ["Team"], permissionSets: ["Admin", "Reader"], accounts: ["111111111111"] }],
};

let world: World;
let github: GitHubServer;
/** What GitHub was given, by where it shows it. */
const shownIn = new Map<string, string>();

beforeAll(async () => {
  world = await createWorld();
  github = await startGitHub();
  github.addIssue({ isPullRequest: true });
  await world.write("access.yaml", manifest);
  const account = world.state.organization?.accounts.find(({ Id }) => Id === "111111111111");
  if (account !== undefined) account.Name = accountName;
  expect((await job("push", "apply", "--auto-approve")).exitCode).toBe(0);
  await byHand();

  const drift = await job("schedule", "drift", "--issue", "--format", "github");
  expect(drift.exitCode, drift.stderr).toBe(2);
  shownIn.set("the drift issue", github.issues[1]?.body ?? "");
  shownIn.set("the summary of drift", await takeSummary());

  await createHands(world).updateGroup("Team", {
    AttributePath: "description",
    AttributeValue: "/close @all",
  });
  await job("schedule", "drift", "--issue");
  shownIn.set("a comment on the drift issue", github.comments[0]?.body ?? "");
  github.comments.length = 0;

  const plan = await job("pull_request", "plan", "--comment", "--format", "github");
  expect(plan.exitCode, plan.stderr).toBe(4);
  shownIn.set("the comment", github.comments[0]?.body ?? "");
  shownIn.set("the summary of plan", await takeSummary());

  const { guards } = JSON.parse((await job("push", "plan", "--format", "json")).stdout);
  const allow = guards.flatMap(({ override }: { override: string }) => override.split(" "));
  const apply = await job("push", "apply", "--auto-approve", ...allow, "--format", "github");
  expect(apply.exitCode, apply.stdout.slice(-2500)).toBe(0);
  shownIn.set("the summary of apply", await takeSummary());
}, 120_000);
afterAll(async () => {
  await github.close();
  await world.close();
});

const places = [
  "the comment",
  "the summary of plan",
  "the summary of apply",
  "the summary of drift",
  "the drift issue",
];

describe.each(places)("%s", (place) => {
  const page = () => rendered(shownIn.get(place) ?? "");

  it("has nothing that GitHub's sanitiser takes away, and nothing that loads or runs", () => {
    const { raw, shown } = page();
    const tags = (root: typeof raw): string[] => elements(root).map(({ tagName }) => tagName);
    expect(tags(raw)).toEqual(tags(shown));
    expect(tags(shown).length).toBeGreaterThan(20);
    expect(new Set(tags(shown))).not.toContain("img");
    expect(textOf(raw)).toBe(textOf(shown));
  });

  it("links only to the run", () => {
    for (const { properties } of elements(page().shown, "a"))
      expect(properties.href).toMatch(/^https:\/\/github\.com\/acme\/access\/actions\/runs\/42\b/);
  });

  it("mentions nobody, refers to nothing, and hides nothing", () => {
    const { shown } = page();
    const prose = textOf(shown, ["code", "a"]);
    expect(prose).not.toMatch(/@\w|#\d|GH-\d|:\/\/|www\.|:[a-z]+:/i);
    expect(textOf(shown)).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u0000-\u0008\u001B]/);
  });

  it("has headings, folds and code of its own only, and tables with as many cells in each row", () => {
    const { shown } = page();
    for (const heading of elements(shown, "h1", "h2", "h3", "h4"))
      expect(textOf(heading)).toMatch(ownHeadings);
    const folds = elements(shown, "details");
    expect(folds.length).toBeGreaterThan(0);
    for (const fold of folds) {
      expect(elements(fold, "summary")).toHaveLength(1);
      expect(elements(fold, "details")).toEqual([]);
    }
    for (const table of elements(shown, "table")) {
      const [head, ...rows] = elements(table, "tr").map((row) => elements(row, "th", "td").length);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every((cells) => cells === head)).toBe(true);
    }
    for (const { properties } of elements(shown, "pre", "code"))
      expect([undefined, "language-diff", "language-sh", "language-yaml"]).toContain(
        [properties.className ?? undefined].flat()[0],
      );
  });

  it("shows each name as it is", () => {
    const text = textOf(page().shown).replaceAll("\u200B", "").replaceAll(/\s+/g, " ");
    // What apply did is told in addresses, as in its trail.
    const told = place === "the summary of apply" ? names.map(groupAddress) : [...names, accountName];
    for (const name of told) expect(text).toContain(escapeTerminal(name).replaceAll(/\s+/g, " "));
  });
});

it("a comment on the drift issue says how much and what is worst, and no name in it has an effect", () => {
  const { raw, shown } = rendered(shownIn.get("a comment on the drift issue") ?? "");
  const [told, counts] = elements(shown, "p").map((paragraph) => textOf(paragraph));
  expect(told).toMatch(/^The drift has changed\. .* \(run\)$/);
  expect(counts).toMatch(/^Drift: 1 changed, /);
  expect(elements(shown, "li")).toHaveLength(9);
  expect(textOf(shown)).toContain("has administrator access to");
  expect(textOf(shown, ["a"])).not.toMatch(/@\w|#\d|:\/\/|www\./);
  expect(elements(raw).map(({ tagName }) => tagName)).toEqual(elements(shown).map(({ tagName }) => tagName));
});

it("would find a name that is not escaped", () => {
  const { raw, shown } = rendered(names.map((name) => `- ${name}\n`).join(""));
  expect(elements(raw, "script", "img").length).toBeGreaterThan(1);
  expect(elements(shown, "script")).toEqual([]);
  expect(elements(shown, "a", "table").length).toBeGreaterThan(2);
  expect(textOf(shown, ["code", "a"])).toMatch(/@acme/);
});

it("only the comment and the summary of a plan have a table", () => {
  const withTable = places.filter(
    (place) => elements(rendered(shownIn.get(place) ?? "").shown, "table").length > 0,
  );
  expect(withTable).toEqual(["the comment", "the summary of plan"]);
});

const ownHeadings =
  /^(Access plan for acme: |Drift: |Apply complete: |Look at these first$|Changes$|To do by hand$|Warnings$|What is left as it is$|Differences$|What is left out$)/;

const job = (event: GitHubJob["event"], ...args: string[]): Promise<Run> =>
  runGitHubJob(world, github, { event }, ...args);

/** Each step has a file of its own. */
const takeSummary = async (): Promise<string> => {
  const text = await readFile(`${world.folder}/${stepFiles.summary}`, "utf8");
  await world.write(stepFiles.summary, "");
  return text;
};

/** Users and groups of these names, with access. AWS takes some of them only from elsewhere, such as a directory. */
const byHand = async (): Promise<void> => {
  const hands = createHands(world);
  const { store, instance } = world;
  const { IdentityStoreId } = instance;
  for (const [index, name] of names.entries()) {
    await store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName: `group-${index}` }));
    await store.send(
      new CreateUserCommand({
        IdentityStoreId,
        UserName: `user-${index}`,
        DisplayName: "A user",
        Name: { GivenName: "A", FamilyName: "User" },
      }),
    );
    await hands.assign("Admin", "111111111111", "GROUP", `group-${index}`);
    await settled(world);
    await hands.assign("Reader", "111111111111", "USER", `user-${index}`);
    await settled(world);
    await hands.addMember("Team", `user-${index}`);
    for (const group of instance.groups) if (group.DisplayName === `group-${index}`) group.DisplayName = name;
    for (const user of instance.users)
      if (user.UserName === `user-${index}`) user.UserName = name.slice(0, 128);
  }
};
