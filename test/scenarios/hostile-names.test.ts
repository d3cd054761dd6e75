/**
 * Names, texts and policies as a hostile directory would hold them, in each format of plan, drift and apply, from the
 * built command: none of them moves a cursor, hides, reorders, formats, or gives a command to the CI system.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApplyResult } from "../../src/apply/result.ts";
import { type Run, reconcile, sandboxEnvironment } from "../support/reconcile.ts";
import { dangersIn, evil, evilLines } from "../support/safe-text.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

const times = { CreatedAt: 0, UpdatedAt: 0 };
const long = "n".repeat(1024);
const hostile = [evil, evilLines, `${long}${evil}`, "::add-mask::whole", "__proto__", "constructor"];

const manifest = {
  version: 1,
  mode: "exclusive",
  guards: { maxRemovals: { percent: 100 }, maxShrink: { percent: 100 }, emptyManifest: "allow" },
  users: { ann: { givenName: "Ann", familyName: "Doe", displayName: "Ann Doe", title: "Engineer" } },
  groups: { Team: { description: "The team", members: ["ann"] } },
  permissionSets: {
    Reader: { description: "Reads", managedPolicies: ["ReadOnlyAccess"], tags: { team: "a" } },
  },
  assignments: [{ groups: ["Team"], permissionSets: ["Reader"], accounts: ["111111111111"] }],
};

const commandFormats = {
  plan: ["text", "json", "markdown", "github", "sarif", "junit", "csv", "live-csv"],
  drift: ["text", "json", "markdown", "github", "junit"],
  apply: ["text", "json", "markdown", "github", "junit"],
} as const;

let world: World;
const idOf = (kind: string, index: number): string =>
  `9067a1b2c3-${kind}000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
const arnOf = (index: number): string =>
  `arn:aws:sso:::permissionSet/ssoins-5a4d6b0c1e2f3a4b/ps-${String(index).padStart(16, "0")}`;

/** Runs a command as a job in GitHub Actions, with all its formats in files; the last but one goes to stdout. */
const run = async (command: keyof typeof commandFormats, stdout: string, ...args: string[]): Promise<Run> => {
  const rest = commandFormats[command].filter((format) => format !== stdout);
  const formats = [stdout, ...rest.map((format) => `${format}=${command}.${format}`)];
  return reconcile([command, "--rps", "1000", ...formats.flatMap((each) => ["--format", each]), ...args], {
    cwd: world.folder,
    env: { ...sandboxEnvironment(world.sandbox.url), GITHUB_ACTIONS: "true" },
  });
};

const expectSafe = async (command: keyof typeof commandFormats, { stdout, stderr }: Run, name: string) => {
  const texts: Record<string, string> = { stderr, [`stdout ${name}`]: stdout };
  for (const file of await readdir(world.folder)) {
    if (file.startsWith(`${command}.`)) texts[file] = await readFile(join(world.folder, file), "utf8");
  }
  expect(Object.keys(texts).length).toBeGreaterThanOrEqual(commandFormats[command].length);
  const dangers = Object.entries(texts).flatMap(([where, text]) =>
    dangersIn(text, {
      lineEnd: where.includes("csv") ? "\r\n" : "\n",
      // Files for programs are not printed into a log.
      isLog: /^std|text$|markdown$/.test(where),
    }).map((danger) => `${where}, ${danger}`),
  );
  expect(dangers).toEqual([]);
  for (const [where, text] of Object.entries(texts)) {
    if (where.includes("json")) expect(JSON.parse(text)).toBeTypeOf("object");
  }
};

beforeAll(async () => {
  world = await createWorld();
  await world.write("access.yaml", manifest);
  expect((await world.run("apply", "--auto-approve", "--rps", "1000")).exitCode).toBe(0);
  await settled(world);
  const { instance, state } = world;
  instance.Name = evil;
  for (const [index, text] of hostile.entries()) {
    instance.users.push({
      UserId: idOf("aa", index),
      UserName: text,
      attributes: { DisplayName: text, Title: text, Name: { GivenName: text, FamilyName: text } },
      ExternalIds: [],
      UserStatus: "ENABLED",
      ...times,
    });
    instance.groups.push({
      GroupId: idOf("bb", index),
      DisplayName: text,
      Description: text,
      ExternalIds: [],
      ...times,
    });
    instance.memberships.push({
      MembershipId: idOf("cc", index),
      GroupId: idOf("bb", index),
      UserId: idOf("aa", index),
      CreatedAt: 0,
    });
    instance.permissionSets.push({
      PermissionSetArn: arnOf(index),
      Name: text,
      Description: text,
      SessionDuration: "PT1H",
      RelayState: text,
      CreatedDate: 0,
      managedPolicies: [{ Name: text, Arn: `arn:aws:iam::aws:policy/${text}` }],
      customerManagedPolicies: [{ Name: text, Path: "/" }],
      InlinePolicy: JSON.stringify({
        Statement: { Sid: text, Effect: "Allow", Action: text, Resource: text },
      }),
      tags: { [text]: text },
    });
    for (const AccountId of ["111111111111", "222222222222"]) {
      instance.provisioned.push({ AccountId, PermissionSetArn: arnOf(index), latest: true, roleSuffix: "x" });
      instance.assignments.push({
        AccountId,
        PermissionSetArn: arnOf(index),
        PrincipalType: "USER",
        PrincipalId: idOf("aa", index),
      });
      instance.assignments.push({
        AccountId,
        PermissionSetArn: arnOf(index),
        PrincipalType: "GROUP",
        PrincipalId: idOf("bb", index),
      });
    }
  }
  // What is declared has been changed by hostile hands, too.
  const [reader] = instance.permissionSets;
  const [ann] = instance.users;
  const [team] = instance.groups;
  if (reader === undefined || ann === undefined || team === undefined)
    throw new Error("Nothing was applied.");
  Object.assign(reader, {
    Description: evil,
    RelayState: evilLines,
    InlinePolicy: `${evil} is no JSON ${evilLines}`,
    tags: { [evil]: evilLines, team: "a" },
  });
  reader.managedPolicies.push({ Name: "x", Arn: `arn:aws:iam::aws:policy/${evilLines}` });
  Object.assign(ann.attributes, { Title: evilLines, DisplayName: evil });
  team.Description = evilLines;
  for (const account of state.organization?.accounts ?? []) account.Name = `${evil}${account.Id}`;
});
afterAll(() => world.close());

describe("hostile names stay names in every format", () => {
  it.each(commandFormats.plan)("of plan, with %s on stdout", async (format) => {
    const done = await run("plan", format, "--out", "plan.saved");
    expect(done.exitCode, done.stderr).toBe(0);
    await expectSafe("plan", done, format);
  });

  it.each(commandFormats.drift)("of drift, with %s on stdout", async (format) => {
    const done = await run("drift", format);
    expect(done.exitCode, done.stderr).toBe(2);
    await expectSafe("drift", done, format);
  });

  it("of an apply, which then has removed what bears them", async () => {
    const plan = await run("plan", "text", "--out", "plan.saved");
    expect(plan.exitCode).toBe(0);
    const done = await run("apply", "text", "--plan", "plan.saved", "--audit", "apply.audit");
    await expectSafe("apply", done, "text");
    // AWS takes no such names, so that what bears them in a declared set cannot be detached: that is told, and only that.
    expect(done.exitCode, done.stderr).toBe(6);
    const { outcomes } = JSON.parse(await readFile(join(world.folder, "apply.json"), "utf8")) as ApplyResult;
    expect(outcomes.filter(({ status }) => status !== "done").map(({ address }) => address)).toEqual([
      "permissionSet/Reader",
    ]);
    expect(world.instance.users.map(({ UserName }) => UserName)).toEqual(["ann"]);
    expect(world.instance.permissionSets.map(({ Name }) => Name)).toEqual(["Reader"]);
  });
});
