/** What AWS may answer or hold that nobody expects, from the first policy that is read to the last call that is written. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ApplyResult } from "../../src/apply/result.ts";
import type { HostileReply } from "../support/hostile-proxy.ts";
import { html, json, oneOfEverything, page, useHostileWorld } from "../support/hostile-world.ts";
import { evil, evilLines } from "../support/safe-text.ts";
import { settled } from "../support/settled.ts";

const { world, standing, run, expectSafe } = useHostileWorld();

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
    const [set] = world().instance.permissionSets;
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
    expect(JSON.parse(set.InlinePolicy)).toEqual(oneOfEverything.permissionSets.Reader.inlinePolicy);
  });
});

describe("apply, while it writes,", () => {
  const expectConverged = async (): Promise<void> => {
    await settled(world());
    const { users, groups, permissionSets, assignments, memberships } = world().instance;
    const counts = [users, groups, permissionSets, assignments, memberships].map(({ length }) => length);
    expect(counts).toEqual([1, 1, 1, 1, 1]);
    expect((await run(() => null, "plan", "--detailed-exitcode")).exitCode).toBe(0);
  };

  const outcomes = async (): Promise<ApplyResult["outcomes"]> =>
    (JSON.parse(await readFile(join(world().folder, "out.json"), "utf8")) as ApplyResult).outcomes;

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
    expect(world().instance.assignments).toEqual([]);
  });
});
