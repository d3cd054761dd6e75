/**
 * What answers in the place of AWS, or an AWS that answers nonsense, as a user of plan, drift and apply meets it: an
 * error that says so with something to do, nothing written, and nothing of it raw on a terminal or in a log.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApplyResult } from "../../src/apply/result.ts";
import {
  type Call,
  type HostileProxy,
  type HostileReply,
  startHostileProxy,
} from "../support/hostile-proxy.ts";
import { type Run, reconcile, sandboxEnvironment } from "../support/reconcile.ts";
import { dangersIn, evil, evilLines } from "../support/safe-text.ts";
import { settled } from "../support/settled.ts";
import { createWorld, type World } from "../support/world.ts";

const manifest = {
  version: 1,
  users: { ann: { givenName: "Ann", familyName: "Doe", displayName: "Ann Doe" } },
  groups: { Team: { description: "The team", members: ["ann"] } },
  permissionSets: { Reader: { managedPolicies: ["ReadOnlyAccess"], inlinePolicy: allowing("s3:Get*") } },
  assignments: [{ groups: ["Team"], permissionSets: ["Reader"], accounts: ["111111111111"] }],
};

function allowing(action: string) {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] };
}

let world: World;
let proxy: HostileProxy | undefined;
beforeEach(async () => {
  world = await createWorld();
  await world.write("access.yaml", manifest);
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  await world.close();
});

const standing = async (): Promise<void> => {
  const { exitCode, stderr } = await world.run("apply", "--auto-approve", "--rps", "1000");
  expect(exitCode, stderr).toBe(0);
  await settled(world);
};

/** In a job of GitHub Actions, through the proxy, with every other format in a file. */
const run = async (
  answer: (call: Call) => HostileReply | null | Promise<HostileReply | null>,
  ...args: string[]
): Promise<Run> => {
  await proxy?.close();
  proxy = await startHostileProxy(world.sandbox.url, answer);
  const files = ["json", "markdown", "github", "junit"].flatMap((format) => [
    "--format",
    `${format}=out.${format}`,
  ]);
  return reconcile([...args, "--rps", "1000", ...files, "--format", "text"], {
    cwd: world.folder,
    env: { ...sandboxEnvironment(proxy.url), GITHUB_ACTIONS: "true" },
  });
};

const expectSafe = async ({ stdout, stderr }: Run): Promise<void> => {
  const files = (await readdir(world.folder)).filter((file) => file.startsWith("out."));
  const texts = await Promise.all(files.map((file) => readFile(join(world.folder, file), "utf8")));
  expect(texts.flatMap((text) => dangersIn(text, { isLog: false }))).toEqual([]);
  expect([stdout, stderr].flatMap((text) => dangersIn(text))).toEqual([]);
};

/** All that the sandbox holds. */
const contents = (): string => createHash("sha256").update(JSON.stringify(world.state)).digest("hex");
const writes = (): readonly string[] =>
  (proxy?.calls ?? []).filter((operation) => !/^(List|Get|Describe|$)/.test(operation));

const expectError = async (done: Run, code: string | RegExp): Promise<void> => {
  expect([done.exitCode, done.stderr]).toEqual([
    1,
    expect.stringMatching(
      new RegExp(
        `^error\\[${typeof code === "string" ? code : code.source}\\]: .+\\n( {2}[|] .*\\n)* {2}= .+`,
        "m",
      ),
    ),
  ]);
  expect(done.stderr).not.toMatch(/internal|bug in reconcile|^\s+at /m);
  expect(done.stdout).toBe("");
  expect(writes()).toEqual([]);
  await expectSafe(done);
};

const page = `<html>${evil}\n${evilLines}</html>`;
const html = { "content-type": "text/html" };
const json = (value: unknown, status = 200): HostileReply => ({ status, body: JSON.stringify(value) });

const replies: readonly [what: string, operation: string, reply: HostileReply, code: string | RegExp][] = [
  ["the sign-in page of a network", "ListUsers", { headers: html, body: page }, "malformed-reply"],
  ["a proxy that refuses", "ListInstances", { status: 403, headers: html, body: page }, "malformed-reply"],
  ["a page in place of who runs this", "", { headers: html, body: page }, "malformed-reply"],
  [
    "a redirect",
    "ListPermissionSets",
    { status: 302, headers: { location: `https://x/${encodeURI(evil)}` }, body: "" },
    "malformed-reply",
  ],
  ["nothing", "ListPermissionSets", { body: "" }, "malformed-reply"],
  ["half of a reply", "ListGroups", { body: '{"Groups":[' }, "malformed-reply"],
  ["JSON of another shape", "ListGroups", json({ Groups: [{ GroupId: { [evil]: 1 } }] }), "malformed-reply"],
  [
    "an account that is none",
    "ListAccounts",
    json({ Accounts: [{ Id: evilLines, Name: "x" }] }),
    "malformed-reply",
  ],
  ["a token that comes back", "ListUsers", json({ Users: [], NextToken: evil }), "malformed-reply"],
  [
    "an error with a hostile message",
    "ListUsers",
    json({ __type: "ValidationException", message: evilLines }, 400),
    "invalid-request",
  ],
  [
    "an error with a hostile name",
    "ListUsers",
    json({ __type: `${evil}${evilLines}`, message: evil }, 400),
    "aws-error",
  ],
  [
    "a refusal with a hostile message",
    "ListInstances",
    json({ __type: "AccessDeniedException", message: evilLines }, 400),
    "access-denied",
  ],
];

describe.each(["plan", "drift", "apply"])("%s", (command) => {
  it.each(replies)("ends with an error where it meets %s", async (_, operation, reply, code) => {
    const before = contents();
    const args = command === "apply" ? ["--auto-approve"] : [];
    const done = await run((call) => (call.operation === operation ? reply : null), command, ...args);
    await expectError(done, code);
    expect(contents()).toBe(before);
  });
});

describe("a policy that AWS returns", () => {
  it.each([
    ["is no JSON", `${evil} no JSON ${evilLines}`],
    [
      "says a key twice",
      '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}',
    ],
    ["is nested without end", `{"Statement":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
    ["has keys of a prototype", '{"__proto__":{"Statement":[]},"constructor":1,"Statement":[]}'],
    ["is a number", "5"],
  ])("and that %s is a change that apply puts right", async (_, text) => {
    await standing();
    const [set] = world.instance.permissionSets;
    if (set === undefined) throw new Error("There is no permission set.");
    set.InlinePolicy = text;
    const plan = await run(() => null, "plan", "--detailed-exitcode");
    expect([plan.exitCode, plan.stdout]).toEqual([
      2,
      expect.stringMatching(/Plan: 0 to create, 1 to update, 0 to delete\.\n$/),
    ]);
    await expectSafe(plan);
    const drift = await run(() => null, "drift");
    expect(drift.exitCode).toBe(2);
    await expectSafe(drift);
    const done = await run(() => null, "apply", "--auto-approve");
    expect(done.exitCode, done.stderr).toBe(0);
    await expectSafe(done);
    expect(JSON.parse(set.InlinePolicy)).toEqual(manifest.permissionSets.Reader.inlinePolicy);
  });
});

describe("apply, while it writes,", () => {
  const expectConverged = async (): Promise<void> => {
    await settled(world);
    const { users, groups, permissionSets, assignments, memberships } = world.instance;
    const counts = [users, groups, permissionSets, assignments, memberships].map(({ length }) => length);
    expect(counts).toEqual([1, 1, 1, 1, 1]);
    expect((await run(() => null, "plan", "--detailed-exitcode")).exitCode).toBe(0);
  };

  const outcomes = async (): Promise<ApplyResult["outcomes"]> =>
    (JSON.parse(await readFile(join(world.folder, "out.json"), "utf8")) as ApplyResult).outcomes;

  it.each<[string, string, HostileReply]>([
    ["a page", "CreateGroup", { headers: html, body: page }],
    ["a refusal of a proxy", "CreateUser", { status: 403, headers: html, body: page }],
    ["a reply without the id", "CreateGroup", json({})],
    ["an id of another type", "CreateUser", json({ UserId: { a: 1 } })],
    ["an empty body", "CreatePermissionSet", { body: "" }],
  ])("finds what it has made where it meets %s after the effect", async (_, operation, reply) => {
    const done = await run(
      async (call) => {
        if (call.operation !== operation) return null;
        await call.forward();
        return reply;
      },
      "apply",
      "--auto-approve",
    );
    expect(done.exitCode, done.stderr).toBe(0);
    await expectSafe(done);
    await expectConverged();
  });

  it.each<[string, string, HostileReply]>([
    ["a refusal of a proxy", "CreateGroup", { status: 403, headers: html, body: page }],
    [
      "a hostile error",
      "CreatePermissionSet",
      json({ __type: "ValidationException", message: evilLines }, 400),
    ],
    ["a request without an id", "CreateAccountAssignment", json({ AccountAssignmentCreationStatus: {} })],
    ["an edit that a page answers", "AttachManagedPolicyToPermissionSet", { headers: html, body: page }],
  ])("tells %s that had no effect, and the next apply carries on", async (_, operation, reply) => {
    const done = await run(
      (call) => (call.operation === operation ? reply : null),
      "apply",
      "--auto-approve",
    );
    expect([done.exitCode, done.stderr]).toEqual([6, expect.not.stringContaining("bug in reconcile")]);
    await expectSafe(done);
    const failed = (await outcomes()).filter(({ status }) => status === "failed");
    expect(failed).toEqual([
      expect.objectContaining({ detail: expect.stringContaining(operation), hint: expect.any(String) }),
    ]);

    const again = await run(() => null, "apply", "--auto-approve");
    expect(again.exitCode, again.stderr).toBe(0);
    await expectConverged();
  });

  it("shows a hostile reason for a failure as words", async () => {
    const status = { Status: "FAILED", RequestId: "r-1", FailureReason: `${evil}${evilLines}` };
    const done = await run(
      ({ operation }) =>
        operation === "CreateAccountAssignment" ? json({ AccountAssignmentCreationStatus: status }) : null,
      "apply",
      "--auto-approve",
    );
    expect(done.exitCode).toBe(6);
    await expectSafe(done);
    const failed = (await outcomes()).find(({ status: end }) => end === "failed");
    expect(failed?.failureReason).toBe(`${evil}${evilLines}`);
    expect(world.instance.assignments).toEqual([]);
  });
});
