/**
 * What answers in the place of AWS, as a user of plan, drift and apply meets it: an error that says so with something to
 * do, nothing written, and nothing of it raw on a terminal or in a log.
 */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { HostileReply } from "../support/hostile-proxy.ts";
import { html, json, page, useHostileWorld } from "../support/hostile-world.ts";
import type { Run } from "../support/reconcile.ts";
import { evil, evilLines } from "../support/safe-text.ts";

const { world, run, expectSafe, writes } = useHostileWorld();

/** All that the sandbox holds. */
const contents = (): string => createHash("sha256").update(JSON.stringify(world().state)).digest("hex");

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
